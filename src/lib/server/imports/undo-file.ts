import { removeUntold } from '../catalog/index.ts';
import { dropEmptyFiles, importTargets } from '../channels/index.ts';
import { removeUntoldCustomers } from '../customers/index.ts';
import { stockedProducts } from '../inventory/index.ts';
import { record } from '../live/index.ts';
import { removeImported, unnamed } from '../orders/index.ts';
import { inOrganization, type Tx } from '../platform/db.ts';
import type { Pulse } from './check.ts';
import type { ImportRow, Working } from './import-rows.ts';

const BATCH = 500;

/**
 * Takes away the orders that this import made and that no channel told since, then the customers, listings and products that
 * came with them and that nothing names any more. What the import changed stays as it is. A run after a kill goes on.
 * @throws Stopped
 */
export async function undoFile(
	row: ImportRow & { status: Working },
	timeZone: string,
	pulse: Pulse
): Promise<void> {
	const organization = { id: row.organizationId, timeZone };
	const total = row.result?.created ?? 0;
	let { removed = 0, kept = 0 } = row.result ?? {};
	for (;;) {
		const done = await record(row.organizationId, async (tx) => {
			const ids = await take(tx, row, 'order');
			const gone = await removeImported(tx, organization, ids);
			const counts = {
				removed: removed + gone.orderIds.length,
				kept: kept + ids.length - gone.orderIds.length
			};
			await tx.sql`
				update imports set heartbeat_at = now(), result = result || ${tx.sql.json(counts)}
				where organization_id = ${row.organizationId} and id = ${row.id}`;
			return { result: { ids: ids.length, ...counts }, events: gone.events };
		});
		({ removed, kept } = done);
		if (done.ids === 0) break;
		await pulse.beat({ done: removed + kept, total });
	}
	while (await removeAlong(row)) await pulse.beat({ done: total, total });
	await inOrganization(row.organizationId, async (tx) => {
		await tx.sql`
			update imports set status = 'undone', progress = null, heartbeat_at = null, finished_at = now()
			where organization_id = ${row.organizationId} and id = ${row.id} and status = 'undoing'`;
		await dropConnection(tx, row);
	});
}

/** A connection that was made for files goes with the last of them; what tells of its undone imports stays. */
async function dropConnection(tx: Tx, { organizationId, connectionId, options }: ImportRow): Promise<void> {
	const targets = await importTargets(tx, organizationId, options!.channel);
	if (!targets.some(({ id, isFiles }) => isFiles && id === connectionId)) return;
	const [used] = await tx.sql`
		select 1 from imports where organization_id = ${organizationId} and connection_id = ${connectionId} and status <> 'undone' limit 1`;
	if (used) return;
	await tx.sql`update imports set connection_id = null where organization_id = ${organizationId} and connection_id = ${connectionId}`;
	await dropEmptyFiles(tx, organizationId, connectionId!);
}

/** Takes notes of what was made off the list, in the transaction that removes it. */
async function take({ sql }: Tx, row: ImportRow, kind: string): Promise<string[]> {
	const rows = await sql<{ subjectId: string }[]>`
		delete from import_creations where ctid = any(array(
			select ctid from import_creations where organization_id = ${row.organizationId} and import_id = ${row.id} and kind = ${kind} limit ${BATCH}))
		returning subject_id`;
	return rows.map((one) => one.subjectId);
}

/** Removes a batch of what came with orders; false when nothing is left. */
function removeAlong(row: ImportRow): Promise<boolean> {
	const { organizationId } = row;
	return inOrganization(organizationId, async (tx) => {
		const customers = await take(tx, row, 'customer');
		const listings = await take(tx, row, 'listing');
		// products last: a product goes when its listings are gone
		const products = listings.length > 0 ? [] : await take(tx, row, 'product');
		const left = await unnamed(tx, organizationId, { customers, listings, products });
		const stocked = await stockedProducts(tx, organizationId, left.products);
		await removeUntoldCustomers(tx, organizationId, left.customers);
		await removeUntold(tx, organizationId, {
			listings: left.listings,
			products: left.products.filter((id) => !stocked.has(id))
		});
		return customers.length + listings.length + products.length > 0;
	});
}
