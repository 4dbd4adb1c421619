import { inOrganization } from '../platform/db.ts';
import { addToTrace, log } from '../platform/log.ts';
import { enqueue, type JobHandler } from '../platform/queue.ts';
import { asSystem } from '../platform/system.ts';
import { checkFile, Pulse, Stopped } from './check.ts';
import { keptImports, removeFiles } from './files.ts';
import { fail, LOST_AFTER_SECONDS, release, takeImport, WORKING } from './import-rows.ts';
import { importJob, importSweepJob } from './jobs.ts';
import { recordFile } from './record-file.ts';
import { OpenQuote } from './text/csv-reader.ts';
import { undoFile } from './undo-file.ts';

/** A file that nobody imported is removed after this many days: it holds buyers' names. */
const UNUSED_DAYS = 7;

/**
 * Does what an import waits for, or answers false when it is not to be had. What goes wrong is kept on its row in words for
 * people. `signal` fires when the process stops: the work is handed back.
 */
export async function workOn(
	target: { organizationId: string; importId: string },
	signal: AbortSignal
): Promise<boolean> {
	const row = await takeImport(target.organizationId, target.importId);
	if (!row) return false;
	addToTrace({ organizationId: row.organizationId });
	const [organization] = await inOrganization(
		row.organizationId,
		({ sql }) =>
			sql<{ timeZone: string }[]>`select time_zone from organizations where id = ${row.organizationId}`
	);
	const timeZone = organization?.timeZone ?? 'UTC';
	try {
		if (row.status === 'checking') await checkFile(row, timeZone, signal);
		else if (row.status === 'importing') await recordFile(row, timeZone, new Pulse(row, signal));
		else await undoFile(row, timeZone, new Pulse(row, signal));
	} catch (error) {
		if (error instanceof Stopped || signal.aborted) await release(row);
		else {
			if (!(error instanceof OpenQuote)) log.error({ err: error, importId: row.id }, 'an import failed');
			await fail(row, messageOf(error));
		}
		return true;
	}
	if (row.status === 'importing') await removeFiles(row.id);
	return true;
}

function messageOf(error: unknown): string {
	if (error instanceof OpenQuote) return error.message;
	if ((error as { code?: string }).code === 'ENOENT')
		return 'The file is no longer on this server: another process has the data folder, or it was removed. Upload it again.';
	if ((error as { code?: string }).code === 'ENOSPC')
		return 'The disk is full. Nothing more was written; make room and go on.';
	return 'The import stopped at something Tidemark did not expect. What was written so far stays and can be undone, or the import can go on.';
}

async function sweep(): Promise<void> {
	const waiting = await asSystem(
		'sweep: due work of all organizations',
		({ sql }) => sql<{ organizationId: string; importId: string }[]>`
		select organization_id, id as import_id from imports where status = any(${[...WORKING]}::text[])
			and (heartbeat_at is null or heartbeat_at < now() - make_interval(secs => ${LOST_AFTER_SECONDS})) order by created_at`
	);
	for (const one of waiting) await enqueue(importJob, one, { key: one.importId });
	const kept = (await keptImports()).filter((name) => /^[0-9a-f-]{36}$/.test(name));
	if (kept.length === 0) return;
	await asSystem(
		'sweep: due work of all organizations',
		({ sql }) => sql`
		update imports set status = 'discarded', finished_at = now() where status in ('uploading', 'mapping', 'ready')
			and created_at < now() - make_interval(days => ${UNUSED_DAYS})`
	);
	const used = await asSystem(
		'sweep: due work of all organizations',
		({ sql }) => sql<{ id: string }[]>`
		select id from imports where id = any(${kept}::uuid[]) and (status in ('uploading', 'mapping', 'checking', 'ready', 'importing') or (status = 'failed' and finished_at > now() - make_interval(days => ${UNUSED_DAYS})))`
	);
	const wanted = new Set(used.map(({ id }) => id));
	for (const id of kept) if (!wanted.has(id)) await removeFiles(id);
}

export const importHandlers: JobHandler[] = [
	{
		contract: importJob,
		run: async (payload, { signal }) => void (await workOn(payload, signal))
	} satisfies JobHandler<typeof importJob.payload>,
	{ contract: importSweepJob, run: () => sweep() } satisfies JobHandler<typeof importSweepJob.payload>
] as JobHandler[];
