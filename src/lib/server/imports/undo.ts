import { audit, require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { Conflict } from '../platform/errors.ts';
import { enqueue } from '../platform/queue.ts';
import { removeFiles } from './files.ts';
import { loadImport } from './import-rows.ts';
import { importJob } from './jobs.ts';

/**
 * Takes away what an import made, whether it is done, stopped or still running. Orders that it only changed stay changed, and
 * those that the channel told since stay.
 * @throws Conflict when there is nothing to undo, NotFound, Forbidden
 */
export async function undoImport(ctx: Ctx, id: string): Promise<void> {
	require(ctx, 'orders.import');
	const organizationId = ctx.organization.id;
	const importId = await inOrganization(organizationId, async (tx) => {
		const row = await loadImport(tx, organizationId, id);
		if (row.connectionId === null || !['importing', 'done', 'failed'].includes(row.status))
			throw new Conflict('There is nothing to undo: this file was not imported, or it is undone already.');
		await tx.sql`
			update imports set status = 'undoing', heartbeat_at = null, error = null, finished_at = null, progress = ${tx.sql.json({ done: 0, total: row.result?.created ?? 0 })}
			where organization_id = ${organizationId} and id = ${row.id}`;
		await audit(
			tx,
			ctx,
			'import.undone',
			{ kind: 'import', id: row.id },
			{ orders: row.result?.created ?? 0 }
		);
		return row.id;
	});
	await removeFiles(importId);
	await enqueue(importJob, { organizationId, importId }, { key: importId });
}

/**
 * Gives up a file that was not imported; it is removed from the disk at once.
 * @throws Conflict when something of it was written, NotFound, Forbidden
 */
export async function discardImport(ctx: Ctx, id: string): Promise<void> {
	require(ctx, 'orders.import');
	const organizationId = ctx.organization.id;
	const importId = await inOrganization(organizationId, async (tx) => {
		const row = await loadImport(tx, organizationId, id);
		if (
			row.connectionId !== null ||
			!['uploading', 'mapping', 'checking', 'ready', 'failed'].includes(row.status)
		)
			throw new Conflict('This import has begun. Undo it instead.');
		await tx.sql`
			update imports set status = 'discarded', heartbeat_at = null, progress = null, finished_at = now()
			where organization_id = ${organizationId} and id = ${row.id}`;
		await tx.sql`delete from import_errors where organization_id = ${organizationId} and import_id = ${row.id}`;
		await audit(tx, ctx, 'import.discarded', { kind: 'import', id: row.id });
		return row.id;
	});
	await removeFiles(importId);
}
