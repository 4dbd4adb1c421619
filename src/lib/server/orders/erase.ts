import type { Tx } from '../platform/db.ts';

/** Which orders of a connection: those of a customer's row and those named by the channel, or all. */
export type BuyerOrders = { customerIds: readonly string[]; externalIds: readonly string[] } | 'all';
interface Place {
	organizationId: string;
	connectionId: string;
}

/** What stands in an erased payload's place. */
const ERASED = '{"erased":true}';

/**
 * Takes the buyer out of orders: recipient, city, raw payload and the timeline's details.
 * Figures stay. Answers how many orders, and their external ids where they were not all.
 */
export async function eraseBuyers(
	tx: Tx,
	place: Place,
	which: BuyerOrders
): Promise<{ count: number; externalIds: string[] }> {
	const [done] = await tx.sql<{ count: number; externalIds: string[] }[]>`
		with hit as (
			update orders o set ship_name = null, ship_city = null where ${ofBuyer(tx, place, which)} returning o.id, o.external_id, o.organization_id
		), payloads as (
			update order_payloads p set payload = ${ERASED} from hit where p.order_id = hit.id and (p.organization_id = hit.organization_id) is true
		), events as (
			update order_events e set data = '{}' from hit where e.order_id = hit.id and (e.organization_id = hit.organization_id) is true and e.data <> '{}'
		)
		select count(*)::int as count, coalesce(array_agg(external_id) filter (where ${which !== 'all'}), '{}') as external_ids from hit`;
	return done!;
}

/** The orders of a buyer as they stand, with their lines: for the answer to a request. */
export function buyerOrders(tx: Tx, place: Place, which: BuyerOrders): Promise<Record<string, unknown>[]> {
	return tx.sql<Record<string, unknown>[]>`
		select o.external_id, o.name, o.placed_at, o.status, o.currency, o.total, o.ship_name, o.ship_city, o.ship_region, o.ship_country,
			coalesce((select jsonb_agg(jsonb_build_object('title', l.title, 'variant', l.variant_title, 'sku', l.sku, 'quantity', l.quantity) order by l.position)
				from order_lines l where l.order_id = o.id and (l.organization_id = o.organization_id) is true), '[]') as lines
		from orders o where ${ofBuyer(tx, place, which)} order by o.placed_at`;
}

function ofBuyer({ sql }: Tx, { organizationId, connectionId }: Place, which: BuyerOrders) {
	return sql`o.organization_id = ${organizationId} and o.connection_id = ${connectionId} and ${
		which === 'all'
			? sql`true`
			: sql`(o.customer_id = any(${[...which.customerIds]}::uuid[]) or o.external_id = any(${[...which.externalIds]}::text[]))`
	}`;
}
