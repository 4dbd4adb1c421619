import type {
	ImportOptions,
	ImportProgress,
	ImportResult,
	ImportStatus,
	ImportSummary
} from '#lib/contracts/imports.ts';
import { inOrganization, type Tx } from '../platform/db.ts';
import { NotFound } from '../platform/errors.ts';

/** An import as it is stored. */
export interface ImportRow {
	id: string;
	organizationId: string;
	connectionId: string | null;
	filename: string;
	bytes: number;
	received: number;
	status: ImportStatus;
	header: string[];
	options: ImportOptions | null;
	summary: ImportSummary | null;
	progress: ImportProgress | null;
	result: ImportResult | null;
	error: string | null;
	position: number;
}

/** What a process works on; anything else waits for a person. */
export const WORKING = ['checking', 'importing', 'undoing'] as const;
export type Working = (typeof WORKING)[number];

/** Work that says nothing for this long has lost its process. */
export const LOST_AFTER_SECONDS = 60;

/** @throws NotFound when the organization has no such import, or the id is none */
export async function loadImport({ sql }: Tx, organizationId: string, id: string): Promise<ImportRow> {
	if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) throw new NotFound('This import');
	const [row] = await sql<ImportRow[]>`
		select id, organization_id, connection_id, filename, bytes, received, status, header, options, summary, progress, result, error, position
		from imports where organization_id = ${organizationId} and id = ${id} for update`;
	if (!row) throw new NotFound('This import');
	return row;
}

/** Takes an import that waits for work, or whose process was lost; null when another process is at it, or nothing is to do. */
export async function takeImport(
	organizationId: string,
	id: string
): Promise<(ImportRow & { status: Working }) | null> {
	return inOrganization(organizationId, async ({ sql }) => {
		const [row] = await sql<(ImportRow & { status: Working })[]>`
			update imports set heartbeat_at = now(), started_at = coalesce(started_at, now())
			where organization_id = ${organizationId} and id = ${id} and status = any(${[...WORKING]}::text[])
				and (heartbeat_at is null or heartbeat_at < now() - make_interval(secs => ${LOST_AFTER_SECONDS}))
			returning id, organization_id, connection_id, filename, bytes, received, status, header, options, summary, progress, result, error, position`;
		return row ?? null;
	});
}

/** Says that work goes on and how far it is; false when it is no longer wanted. */
export async function beat(
	row: { organizationId: string; id: string; status: Working },
	progress: ImportProgress
): Promise<boolean> {
	return inOrganization(row.organizationId, async ({ sql }) => {
		const kept = await sql`
			update imports set heartbeat_at = now(), progress = ${sql.json({ ...progress })}
			where organization_id = ${row.organizationId} and id = ${row.id} and status = ${row.status}`;
		return kept.count > 0;
	});
}

/** Hands work back: the process is ending, another one goes on. */
export async function release(row: { organizationId: string; id: string; status: Working }): Promise<void> {
	await inOrganization(
		row.organizationId,
		({ sql }) => sql`
		update imports set heartbeat_at = null where organization_id = ${row.organizationId} and id = ${row.id} and status = ${row.status}`
	);
}

/** Ends work in words for people. */
export async function fail(
	row: { organizationId: string; id: string; status: Working },
	error: string
): Promise<void> {
	await inOrganization(
		row.organizationId,
		({ sql }) => sql`
		update imports set status = 'failed', error = ${error}, heartbeat_at = null, progress = null, finished_at = now()
		where organization_id = ${row.organizationId} and id = ${row.id} and status = ${row.status}`
	);
}
