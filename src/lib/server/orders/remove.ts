import type { PendingEvent } from '../live/index.ts';
import type { Tx } from '../platform/db.ts';

/** What went away, and what must be told of it with `live.record`. */
export interface Removed {
	/** Ids of the orders that are gone. */
	orderIds: string[];
	events: PendingEvent[];
}

/**
 * Removes orders that only a file told, with all under them; an order that its channel told since stays. At most 1,000 a call.
 * Figures follow: the event names all days they were on.
 */
export async function removeImported(
	tx: Tx,
	organization: { id: string; timeZone: string },
	orderIds: readonly string[]
): Promise<Removed> {
	const { sql } = tx;
	const days = await sql<{ day: string }[]>`
		with mine as (
			select o.id, o.placed_at from orders o join order_payloads p on p.order_id = o.id and p.source = 'import'
			where o.id = any(${[...orderIds]}::uuid[]) and o.organization_id = ${organization.id}
		)
		select distinct to_char(at at time zone ${organization.timeZone}, 'YYYY-MM-DD') as day from (
			select placed_at as at from mine
			union all select r.refunded_at from refunds r join mine on r.order_id = mine.id
		) instants order by day`;
	const gone = await sql<{ id: string; channel: 'amazon' | 'shopify' | 'walmart' }[]>`
		delete from orders o using order_payloads p
		where o.id = any(${[...orderIds]}::uuid[]) and o.organization_id = ${organization.id} and p.order_id = o.id and p.source = 'import'
		returning o.id, o.channel`;
	if (gone.length === 0) return { orderIds: [], events: [] };
	const channels = new Set(gone.map(({ channel }) => channel));
	return {
		orderIds: gone.map(({ id }) => id),
		events: [
			{
				kind: 'orders',
				organizationId: organization.id,
				subjectId: null,
				orderIds: gone.map(({ id }) => id),
				days: days.map(({ day }) => day),
				dimensions: {
					channel: channels.size === 1 ? gone[0]!.channel : null,
					categories: [],
					locations: [],
					country: null
				}
			}
		]
	};
}

/** Rows that only order lines made. */
export interface MadeAlong {
	customers: string[];
	listings: string[];
	products: string[];
}

/** Customers, listings and products that this very transaction made for these orders. Call it after `recordOrders`. */
export async function madeAlong(
	{ sql }: Tx,
	organizationId: string,
	orderIds: readonly string[]
): Promise<MadeAlong> {
	const [made] = await sql<MadeAlong[]>`
		with lines as (
			select l.listing_id, l.product_id from order_lines l
			where l.order_id = any(${[...orderIds]}::uuid[]) and (l.organization_id = ${organizationId}) is true
		)
		select
			array(select distinct c.id from orders o join customers c on c.id = o.customer_id and (c.organization_id = o.organization_id) is true
				where o.id = any(${[...orderIds]}::uuid[]) and (o.organization_id = ${organizationId}) is true and c.created_at = now()) as customers,
			array(select distinct li.id from lines join listings li on li.id = lines.listing_id and (li.organization_id = ${organizationId}) is true
				where li.created_at = now()) as listings,
			array(select distinct p.id from lines join products p on p.id = lines.product_id and (p.organization_id = ${organizationId}) is true
				where p.created_at = now()) as products`;
	return made!;
}

/** Of these rows those that no order names any more. */
export async function unnamed({ sql }: Tx, organizationId: string, given: MadeAlong): Promise<MadeAlong> {
	const [left] = await sql<MadeAlong[]>`
		select
			array(select c from unnest(${given.customers}::uuid[]) as c where not exists (select 1 from orders o where o.customer_id = c and (o.organization_id = ${organizationId}) is true)) as customers,
			array(select li.id from listings li where li.id = any(${given.listings}::uuid[]) and (li.organization_id = ${organizationId}) is true
				and not exists (select 1 from order_lines l where l.organization_id = ${organizationId} and l.product_id = li.product_id and l.listing_id = li.id)) as listings,
			array(select p from unnest(${given.products}::uuid[]) as p where not exists (select 1 from order_lines l where l.organization_id = ${organizationId} and l.product_id = p)) as products`;
	return left!;
}

/** Of these ids of a connection's channel those that are here, and whether the channel told them itself or only a file. */
export async function knownOrders(
	{ sql }: Tx,
	place: { organizationId: string; connectionId: string },
	externalIds: readonly string[]
): Promise<Map<string, 'told' | 'imported'>> {
	const rows = await sql<{ externalId: string; imported: boolean }[]>`
		select o.external_id, coalesce(p.source = 'import', false) as imported
		from unnest(${[...externalIds]}::text[]) as w (external_id)
		join orders o on o.connection_id = ${place.connectionId} and o.external_id = w.external_id and (o.organization_id = ${place.organizationId}) is true
		left join order_payloads p on p.order_id = o.id and (p.organization_id = o.organization_id) is true`;
	return new Map(rows.map((row) => [row.externalId, row.imported ? 'imported' : 'told']));
}
