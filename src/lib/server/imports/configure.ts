import { importOptionsSchema } from '#lib/contracts/imports.ts';
import { importTargets } from '../channels/index.ts';
import { require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { Conflict, Invalid } from '../platform/errors.ts';
import { parse } from '../platform/parse.ts';
import { enqueue } from '../platform/queue.ts';
import { filesOf } from './files.ts';
import { detect, FORMATS, missingColumns } from './formats/detect.ts';
import { headOf } from './first-options.ts';
import { loadImport } from './import-rows.ts';
import { importJob } from './jobs.ts';

/**
 * Says how the file is to be read and has it checked anew.
 * @throws Invalid naming a missing column or a wrong choice, Conflict once the import began, NotFound, Forbidden
 */
export async function configureImport(ctx: Ctx, id: string, input: unknown): Promise<void> {
	require(ctx, 'orders.import');
	const given = parse(importOptionsSchema, input);
	const options = { ...given, channel: FORMATS[given.format].channel ?? given.channel };
	const organizationId = ctx.organization.id;
	const before = await inOrganization(organizationId, (tx) => loadImport(tx, organizationId, id));
	assertUnwritten(before);
	// other letters or another delimiter make other columns
	const same =
		options.encoding === before.options?.encoding && options.delimiter === before.options.delimiter;
	const header = same ? before.header : await headerOf(before.id, options);
	const missing = missingColumns(header, options);
	await inOrganization(organizationId, async (tx) => {
		const row = await loadImport(tx, organizationId, id);
		assertUnwritten(row);
		const targets = await importTargets(tx, organizationId, options.channel);
		if (options.connectionId !== null && !targets.some((target) => target.id === options.connectionId))
			throw new Invalid({ connectionId: 'Choose one of the channel’s connections.' });
		const checks = missing.length === 0;
		await tx.sql`
			update imports set options = ${tx.sql.json(options as never)}, header = ${header}, status = ${checks ? 'checking' : 'mapping'}, summary = null, progress = null,
				heartbeat_at = null, error = null where organization_id = ${organizationId} and id = ${row.id}`;
	});
	if (missing.length > 0)
		throw new Invalid({
			form:
				options.format === 'template'
					? `Say which columns hold these: ${missing.join(', ')}.`
					: `The file lacks columns of this kind: ${missing.join(', ')}. Choose “Own columns” and say what its columns hold.`
		});
	await enqueue(importJob, { organizationId, importId: before.id }, { key: before.id });
}

function assertUnwritten(row: { status: string; connectionId: string | null }): void {
	if (row.status === 'checking')
		throw new Conflict('The file is being checked. Wait until that is done, or discard it.');
	if (row.connectionId !== null || !['mapping', 'ready', 'failed'].includes(row.status))
		throw new Conflict('This import has begun. Undo it and upload the file again to read it differently.');
}

async function headerOf(
	importId: string,
	options: { encoding: Parameters<typeof headOf>[1]; delimiter: string }
): Promise<string[]> {
	const { text } = await headOf(filesOf(importId).upload, options.encoding);
	return detect(text, options.delimiter as never).header.slice(0, 500);
}
