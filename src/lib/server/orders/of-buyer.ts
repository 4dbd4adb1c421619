import type { CustomerOrder, CustomerView } from '#lib/contracts/customer.ts';
import type { MovedCustomer } from '../customers/index.ts';
import type { PendingEvent } from '../live/index.ts';
import type { Tx } from '../platform/db.ts';
import { decimal } from './decimal.ts';

const SHOWN = 100;

/** The newest orders of a buyer by the ids of their customers' rows, and what happened in them, newest first. Amounts in the orders' currencies. */
export async function ordersOfBuyer(
	{ sql }: Tx,
	organizationId: string,
	customerIds: readonly string[]
): Promise<Pick<CustomerView, 'orders' | 'moreOrders' | 'timeline'>> {
	const own = sql`o.organization_id = ${organizationId} and o.customer_id = any(${[...customerIds]}::uuid[])`;
	const [rows, [about], refunds] = await Promise.all([
		sql<(Omit<CustomerOrder, 'placedAt'> & { placedAt: Date })[]>`
			select o.id, o.name, o.channel, o.kind, o.status, o.placed_at, o.summary, o.net, o.currency from orders o where ${own}
			order by o.placed_at desc, o.id desc limit ${SHOWN}`,
		sql<{ count: number; first: string | null }[]>`
			select count(*)::int as count, (select o.id from orders o where ${own} and o.kind = 'sale' order by o.placed_at, o.id limit 1) as first from orders o where ${own}`,
		sql<
			{
				at: Date;
				orderId: string;
				orderName: string;
				channel: CustomerOrder['channel'];
				amount: string;
				currency: string;
			}[]
		>`
			select r.refunded_at as at, o.id as order_id, o.name as order_name, o.channel, sum(l.amount)::text as amount, o.currency
			from orders o join refunds r on r.order_id = o.id and (r.organization_id = o.organization_id) is true
			join refund_lines l on l.refund_id = r.id and (l.organization_id = o.organization_id) is true and l.kind <> 'shipping'
			where ${own} group by r.id, o.id order by r.refunded_at desc limit ${SHOWN}`
	]);
	const orders = rows.map((row) => ({
		...row,
		placedAt: row.placedAt.toISOString(),
		net: row.net === null ? null : decimal(row.net)
	}));
	const timeline: CustomerView['timeline'] = [
		...orders.map((order) => ({
			at: order.placedAt,
			kind: order.id === about!.first ? ('first_order' as const) : ('order' as const),
			orderId: order.id,
			orderName: order.name,
			channel: order.channel,
			amount: order.net,
			currency: order.currency
		})),
		...refunds.map((row) => ({
			...row,
			at: row.at.toISOString(),
			kind: 'refund' as const,
			amount: decimal(row.amount)
		}))
	].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
	return {
		orders,
		moreOrders: Math.max(0, about!.count - orders.length),
		timeline: timeline.slice(0, SHOWN)
	};
}

/**
 * Tells analytics that customers are other people than before (an address changed or was erased): one order of each is read again, and
 * with it all that these people bought. Figures of days do not move.
 */
export async function buyersChanged({ sql }: Tx, moved: readonly MovedCustomer[]): Promise<PendingEvent[]> {
	if (moved.length === 0) return [];
	const rows = await sql<{ organizationId: string; id: string }[]>`
		select c.organization_id, o.id
		from unnest(${moved.map((row) => row.organizationId)}::uuid[], ${moved.map((row) => row.customerId)}::uuid[]) as c (organization_id, id)
		cross join lateral (select id from orders where customer_id = c.id and (organization_id = c.organization_id) is true limit 1) o`;
	const dimensions = { channel: null, categories: [], locations: [], country: null };
	return [...Map.groupBy(rows, (row) => row.organizationId)].map(([organizationId, own]) => ({
		kind: 'orders',
		organizationId,
		subjectId: null,
		dimensions,
		orderIds: own.map(({ id }) => id),
		days: []
	}));
}
