import type { PendingEvent } from '../live/index.ts';
import type { Tx } from '../platform/db.ts';
import { localDay } from './day.ts';
import { MAX_BATCH } from './record.ts';

/**
 * Lets order lines of a listing, and their refunds, follow it to another product: the next 1,000 orders at most. Call again until
 * `moved` is 0.
 * @returns one event that names the orders, for `live.record`
 */
export async function moveLines(
	{ sql }: Tx,
	{ organizationId, timeZone }: { organizationId: string; timeZone: string },
	{ listingId, fromId, toId }: { listingId: string; fromId: string; toId: string }
): Promise<{ moved: number; events: PendingEvent[] }> {
	const orders = await sql<{ id: string; placedAt: Date }[]>`
		select o.id, o.placed_at from orders o
		where o.organization_id = ${organizationId} and o.id in (
			select l.order_id from order_lines l where l.organization_id = ${organizationId} and l.product_id = ${fromId} and l.listing_id = ${listingId}
			limit ${MAX_BATCH})
		order by o.connection_id, o.external_id for update`;
	if (orders.length === 0) return { moved: 0, events: [] };
	const ids = orders.map((order) => order.id);
	await sql`
		with moved as (
			update order_lines set product_id = ${toId}
			where organization_id = ${organizationId} and order_id = any(${ids}::uuid[]) and product_id = ${fromId} and listing_id = ${listingId} returning id
		)
		update refund_lines r set product_id = ${toId}
		where r.organization_id = ${organizationId} and r.order_id = any(${ids}::uuid[]) and r.product_id = ${fromId}
			and (r.order_line_id is null or r.order_line_id in (select id from moved))`;
	return {
		moved: orders.length,
		events: [
			{
				kind: 'orders',
				organizationId,
				subjectId: null,
				orderIds: ids,
				days: [...new Set(orders.map((order) => localDay(order.placedAt.toISOString(), timeZone)))].sort(),
				dimensions: { channel: null, categories: [], locations: [], country: null }
			}
		]
	};
}
