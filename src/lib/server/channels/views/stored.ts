import type { FeesView, StoredView, VisitsView } from '#lib/contracts/channel-views.ts';
import type { Tx } from '../../platform/db.ts';

interface Place {
	organizationId: string;
	connectionId: string;
}

/** Which cursor says up to when a thing is whole, where it has one of its own; `orders:wfs` belongs to orders. */
const CURSOR: Record<string, string> = {
	orders: 'orders',
	refunds: 'returns',
	listings: 'products',
	stock: 'stock',
	customers: 'customers',
	locations: 'locations',
	transactions: 'transactions'
};

/** How much is kept of a connection and up to when each part is whole; what the channel does not have is left out. */
export async function storedOf({ sql }: Tx, { organizationId, connectionId }: Place): Promise<StoredView[]> {
	const [counts] = await sql<Record<string, number>[]>`
		select
			(select count(*) from orders where organization_id = ${organizationId} and connection_id = ${connectionId})::int as orders,
			(select count(*) from refunds r join orders o on o.id = r.order_id where o.organization_id = ${organizationId} and o.connection_id = ${connectionId})::int as refunds,
			(select count(*) from listings where organization_id = ${organizationId} and connection_id = ${connectionId})::int as listings,
			(select count(*) from stock_levels s join locations l on l.id = s.location_id where l.organization_id = ${organizationId} and l.connection_id = ${connectionId})::int as stock,
			(select count(*) from locations where organization_id = ${organizationId} and connection_id = ${connectionId})::int as locations,
			(select count(*) from customers where organization_id = ${organizationId} and connection_id = ${connectionId})::int as customers,
			(select count(*) from channel_transactions where organization_id = ${organizationId} and connection_id = ${connectionId})::int as transactions,
			(select count(*) from channel_figures where organization_id = ${organizationId} and connection_id = ${connectionId})::int as figures,
			(select count(*) from channel_traffic where organization_id = ${organizationId} and connection_id = ${connectionId} and item = '')::int as traffic,
			(select count(*) from review_topics where organization_id = ${organizationId} and connection_id = ${connectionId})::int as reviews`;
	const cursors = await sql<{ resource: string; syncedTo: Date | null }[]>`
		select split_part(resource, ':', 1) as resource, min(synced_to) as synced_to from sync_cursors
		where organization_id = ${organizationId} and connection_id = ${connectionId} group by 1`;
	const upTo = new Map(cursors.map((one) => [one.resource, one.syncedTo?.toISOString() ?? null]));
	const always = ['orders', 'listings', 'stock'];
	return Object.entries(counts ?? {})
		.filter(([resource, count]) => count > 0 || always.includes(resource))
		.map(([resource, count]) => ({
			resource,
			count,
			syncedTo:
				upTo.get(CURSOR[resource] ?? resource) ??
				(resource === 'refunds' ? (upTo.get('orders') ?? null) : null)
		}));
}

/** Fees of the last 30 days by how certain they are, a row for each currency. */
export function feesOf({ sql }: Tx, { organizationId, connectionId }: Place): Promise<FeesView[]> {
	return sql<FeesView[]>`
		select currency, coalesce(sum(amount) filter (where state = 'settled'), 0)::text as settled,
			coalesce(sum(amount) filter (where state = 'deferred'), 0)::text as deferred,
			coalesce(sum(amount) filter (where state = 'estimated'), 0)::text as estimated
		from channel_transactions
		where organization_id = ${organizationId} and connection_id = ${connectionId} and kind in ('fee', 'refund_fee', 'shipping_label')
			and posted_at > now() - interval '30 days'
		group by currency order by currency`;
}

/** Visits of the last 30 days, of the whole account; null when the channel told none. */
export async function visitsOf(
	{ sql }: Tx,
	{ organizationId, connectionId }: Place
): Promise<VisitsView | null> {
	const [row] = await sql<(Omit<VisitsView, 'lastDay'> & { lastDay: string | null })[]>`
		select coalesce(sum(sessions), 0)::int as sessions, sum(converted)::int as converted, sum(units)::int as units,
			max(day)::text as last_day, count(distinct day)::int as days
		from channel_traffic
		where organization_id = ${organizationId} and connection_id = ${connectionId} and item = '' and day > now()::date - 31`;
	return row?.lastDay ? { ...row, lastDay: row.lastDay } : null;
}
