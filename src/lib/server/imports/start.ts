import { filesConnection, importTargets } from '../channels/index.ts';
import { audit, require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { Conflict } from '../platform/errors.ts';
import { enqueue } from '../platform/queue.ts';
import { loadImport } from './import-rows.ts';
import { importJob } from './jobs.ts';

/**
 * Writes the orders of a checked file, or goes on with an import that stopped. They go to the channel's account, or to a
 * connection made for files where none is connected.
 * @throws Conflict when it is not checked or holds no order, NotFound, Forbidden
 */
export async function startImport(ctx: Ctx, id: string): Promise<void> {
	require(ctx, 'orders.import');
	const organizationId = ctx.organization.id;
	const importId = await inOrganization(organizationId, async (tx) => {
		const row = await loadImport(tx, organizationId, id);
		const goesOn = row.status === 'failed' && row.connectionId !== null;
		if (row.status !== 'ready' && !goesOn)
			throw new Conflict('This import cannot start now: its file is not checked, or it has begun already.');
		if (!row.summary || row.summary.orders === 0)
			throw new Conflict('No order of this file can be read. Look at the errors first.');
		const { channel, connectionId } = row.options!;
		const target =
			row.connectionId ??
			connectionId ??
			(await importTargets(tx, organizationId, channel))[0]?.id ??
			(await filesConnection(tx, organizationId, channel));
		await tx.sql`
			update imports set status = 'importing', connection_id = ${target}, heartbeat_at = null, error = null, started_at = coalesce(started_at, now()), finished_at = null,
				progress = ${tx.sql.json({ done: 0, total: row.summary.orders })}
			where organization_id = ${organizationId} and id = ${row.id}`;
		await audit(
			tx,
			ctx,
			'import.started',
			{ kind: 'import', id: row.id },
			{ channel, connectionId: target, orders: row.summary.orders }
		);
		return row.id;
	});
	await enqueue(importJob, { organizationId, importId }, { key: importId });
}
