import type { Tx } from '../platform/db.ts';

/** Orders of a day, pieces and amounts; decimal strings. */
interface Part {
	orders: number;
	units: number;
	gross: string;
}

/** What the orders placed on a day hold, by what counts and what does not. Amounts are in `currency`. */
export interface DayParts {
	/** In the asked zone, YYYY-MM-DD. */
	day: string;
	currency: string;
	sales: Part;
	/** Of the sales those without a price. */
	pending: Omit<Part, 'gross'>;
	cancelled: Part;
	/** Tests, gift cards, replacements. */
	excluded: Part;
	/** Of the sales those that we learnt of after `readAt`. */
	late: Part;
	discounts: string;
	tax: string;
	/** Refunds of this day's orders, whenever they were given. */
	refunded: string;
	/** Refunds given on this day, of whatever order. */
	refundsToday: string;
	/** The same day in the other zone. */
	otherZone: Part;
	/** Sales that stand on another day in the other zone. */
	shifted: number;
}

interface Row {
	day: string;
	currency: string;
	[column: string]: string | number;
}

/**
 * Sums of a connection's orders by the day they were placed in a time zone, with what a channel may count otherwise. The counting
 * is that of `figuresByDay`: sales only, gift-card lines left out. Lines and refunds are looked up order by order: behind row-level
 * security the planner takes a span of days for one order, and would compare each order with the lines of all.
 * @param asked.readAt by day: when the channel was asked, ISO
 */
export async function dayParts(
	{ sql }: Tx,
	place: { organizationId: string; connectionId: string },
	asked: { timeZone: string; otherZone: string; from: string; to: string; readAt: ReadonlyMap<string, Date> }
): Promise<DayParts[]> {
	const { timeZone, otherZone, from, to, readAt } = asked;
	const days = [...readAt.keys()];
	const rows = await sql<Row[]>`
		with read as (
			select day, at from unnest(${days}::date[], ${days.map((day) => readAt.get(day)!.toISOString())}::timestamptz[]) as r (day, at)
		), o as materialized (
			select o.id, o.kind, o.currency, o.gross is not null as priced, o.created_at,
				(o.placed_at at time zone ${timeZone})::date as day, (o.placed_at at time zone ${otherZone})::date as other
			from orders o where o.organization_id = ${place.organizationId} and (o.connection_id = ${place.connectionId}) is true
				and o.placed_at >= ${from}::timestamptz - interval '2 days' and o.placed_at < ${to}::timestamptz + interval '3 days'
		), facts as (
			select o.*, coalesce(l.units, 0) as units, case when o.priced or o.kind <> 'sale' then coalesce(l.gross, 0) else 0 end as gross,
				case when o.priced then coalesce(l.discount, 0) else 0 end as discount, case when o.priced then coalesce(l.tax, 0) else 0 end as tax,
				coalesce(r.amount, 0) as refunded, read.at is not null and o.created_at > read.at as late
			from o
			cross join lateral (
				select sum(l.quantity) as units, sum(l.gross) as gross, sum(l.discount) as discount, sum(l.tax) as tax from order_lines l
				where l.order_id = o.id and not l.is_gift_card and (l.organization_id = ${place.organizationId}) is true
			) l
			cross join lateral (
				select sum(rl.amount) as amount from refund_lines rl
				where rl.order_id = o.id and rl.kind <> 'shipping' and (rl.organization_id = ${place.organizationId}) is true
			) r
			left join read on read.day = o.day
		), placed as (
			select day::text as day, currency,
				count(*) filter (where kind = 'sale')::int as orders, coalesce(sum(units) filter (where kind = 'sale'), 0)::int as units, coalesce(sum(gross) filter (where kind = 'sale'), 0) as gross,
				count(*) filter (where kind = 'sale' and not priced)::int as pending_orders, coalesce(sum(units) filter (where kind = 'sale' and not priced), 0)::int as pending_units,
				count(*) filter (where kind = 'cancelled')::int as cancelled_orders, coalesce(sum(units) filter (where kind = 'cancelled'), 0)::int as cancelled_units,
				coalesce(sum(gross) filter (where kind = 'cancelled'), 0) as cancelled_gross,
				count(*) filter (where kind in ('test', 'gift_card', 'replacement'))::int as excluded_orders,
				coalesce(sum(units) filter (where kind in ('test', 'gift_card', 'replacement')), 0)::int as excluded_units,
				coalesce(sum(gross) filter (where kind in ('test', 'gift_card', 'replacement')), 0) as excluded_gross,
				count(*) filter (where kind = 'sale' and late)::int as late_orders, coalesce(sum(units) filter (where kind = 'sale' and late), 0)::int as late_units,
				coalesce(sum(gross) filter (where kind = 'sale' and late), 0) as late_gross,
				coalesce(sum(discount) filter (where kind = 'sale'), 0) as discounts, coalesce(sum(tax) filter (where kind = 'sale'), 0) as tax,
				coalesce(sum(refunded) filter (where kind = 'sale'), 0) as refunded, count(*) filter (where kind = 'sale' and day <> other)::int as shifted
			from facts group by 1, 2
		), elsewhere as (
			select other::text as day, currency, count(*)::int as orders, coalesce(sum(units), 0)::int as units, coalesce(sum(gross), 0) as gross
			from facts where kind = 'sale' group by 1, 2
		), given as (
			select (f.refunded_at at time zone ${timeZone})::date::text as day, x.currency, sum(rl.amount) as amount
			from refunds f join orders x on x.id = f.order_id and x.connection_id = ${place.connectionId} and (x.organization_id = f.organization_id) is true
				join refund_lines rl on rl.refund_id = f.id and (rl.organization_id = f.organization_id) is true and rl.kind <> 'shipping'
			where f.organization_id = ${place.organizationId} and f.refunded_at >= ${from}::timestamptz - interval '2 days' and f.refunded_at < ${to}::timestamptz + interval '3 days'
			group by 1, 2
		)
		select p.*, coalesce(e.orders, 0)::int as other_orders, coalesce(e.units, 0)::int as other_units, coalesce(e.gross, 0) as other_gross, coalesce(g.amount, 0) as refunds_today
		from placed p left join elsewhere e on e.day = p.day and e.currency = p.currency left join given g on g.day = p.day and g.currency = p.currency
		where p.day between ${from} and ${to} order by p.day desc`;
	return rows.map((row) => {
		const number = (column: string) => Number(row[column]);
		const part = (prefix: string): Part => ({
			orders: number(`${prefix}Orders`),
			units: number(`${prefix}Units`),
			gross: String(row[`${prefix}Gross`])
		});
		return {
			day: row.day,
			currency: row.currency,
			sales: { orders: number('orders'), units: number('units'), gross: String(row.gross) },
			pending: { orders: number('pendingOrders'), units: number('pendingUnits') },
			cancelled: part('cancelled'),
			excluded: part('excluded'),
			late: part('late'),
			discounts: String(row.discounts),
			tax: String(row.tax),
			refunded: String(row.refunded),
			refundsToday: String(row.refundsToday),
			otherZone: part('other'),
			shifted: number('shifted')
		};
	});
}
