import type { ISql } from 'postgres';
import type { Channel } from '../../src/lib/contracts/channels.ts';

export type Figures = Record<string, Record<(typeof NAMES)[number], number>>;
const NAMES = ['orders', 'units', 'gross', 'discounts', 'refunds'] as const;

/** The world's own ledger of a channel by UTC day; what awaits its price counts in orders and units. */
export async function told(simulator: string, channel: Channel): Promise<Figures> {
	const reply = await fetch(`${simulator}/__control/ledger?channel=${channel}&timeZone=UTC`);
	const { days } = (await reply.json()) as { days: Record<string, unknown>[] };
	return byDay(
		days.map((day) => ({
			...day,
			orders: Number(day.orders) + Number(day.pending ?? 0),
			units: Number(day.units) + Number(day.pendingUnits ?? 0)
		}))
	);
}

/** The same of a connection, from the rows of PostgreSQL. */
export async function stored(sql: ISql, connectionId: string): Promise<Figures> {
	const rows = await sql<Record<string, unknown>[]>`
		with part as (
			select (o.placed_at at time zone 'UTC')::date::text as day, 1 as orders,
				(select coalesce(sum(quantity), 0) from order_lines l where l.order_id = o.id and not is_gift_card) as units,
				(select coalesce(sum(gross), 0) from order_lines l where l.order_id = o.id and not is_gift_card) as gross,
				(select coalesce(sum(discount), 0) from order_lines l where l.order_id = o.id and not is_gift_card) as discounts, 0 as refunds
			from orders o where o.connection_id = ${connectionId} and o.kind = 'sale'
			union all
			select (r.refunded_at at time zone 'UTC')::date::text, 0, 0, 0, 0, rl.amount
			from orders o join refunds r on r.order_id = o.id join refund_lines rl on rl.refund_id = r.id
			left join order_lines l on l.id = rl.order_line_id
			where o.connection_id = ${connectionId} and o.kind in ('sale', 'refund_only') and rl.kind <> 'shipping'
				and not (rl.kind = 'item' and coalesce(l.is_gift_card, false))
		)
		select day, sum(orders) as orders, sum(units) as units, sum(gross) as gross, sum(discounts) as discounts, sum(refunds) as refunds from part group by day`;
	return byDay(rows);
}

function byDay(rows: readonly Record<string, unknown>[]): Figures {
	const figures: Figures = {};
	for (const row of rows) {
		const own = Object.fromEntries(
			NAMES.map((name) => [name, Math.round(Number(row[name]) * 100) / 100])
		) as Figures[string];
		if (Object.values(own).some((value) => value !== 0)) figures[String(row.day)] = own;
	}
	return figures;
}
