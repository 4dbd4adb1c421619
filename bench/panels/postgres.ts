import type { Sql } from 'postgres';
import type { Seller } from './generate.ts';
import type { Statement } from './statements.ts';

/*
 * What a panel's question costs PostgreSQL on the raw rows, written as one would write it there: indexes of the product, parallel
 * workers as the server gives them, statistics fresh. Amounts are converted at the newest rate on or before the order's day.
 */
const RATE = `cross join lateral (select case when o.currency = 'USD' then 1 else (select rate from exchange_rates r
	where r.organization_id = o.organization_id and r.currency = o.currency and r.day <= (o.placed_at at time zone 'America/New_York')::date order by r.day desc limit 1) end as rate) x`;
const LOCAL = (instant: string) => `(${instant} at time zone 'America/New_York')::date`;

interface Reference {
	/** At least so many times faster. */
	gate: number;
	sql(seller: Seller, statement: Statement): string;
}

const between = (column: string, { params }: Statement) =>
	`${column} >= timestamp '${day(params.from)}' at time zone 'America/New_York' and ${column} < timestamp '${day(params.to)}' at time zone 'America/New_York' + interval '1 day'`;

/** By the question's name. */
export const REFERENCES: Record<string, Reference> = {
	sales: {
		gate: 15,
		sql: ({ id }, statement) => `
			select d, channel, sum(gross), sum(discounts), sum(refunds), sum(units), sum(orders) from (
				select ${LOCAL('o.placed_at')} as d, channel, gross * rate as gross, discounts * rate as discounts, 0 as refunds, units, 1 as orders
				from orders o ${RATE} where o.organization_id = '${id}' and o.kind = 'sale' and ${between('o.placed_at', statement)}
				union all
				select ${LOCAL('r.refunded_at')}, channel, 0, 0, rl.amount * rate, 0, 0 from refunds r join refund_lines rl on rl.refund_id = r.id join orders o on o.id = r.order_id ${RATE}
				where r.organization_id = '${id}' and ${between('r.refunded_at', statement)}
			) s group by d, channel`
	},
	'top products': {
		gate: 15,
		sql: ({ id }, statement) => `
			select product_id, sum(net) as net, sum(units) from (
				select l.product_id, (l.gross - l.discount) * rate as net, l.quantity as units from orders o join order_lines l on l.order_id = o.id ${RATE}
				where o.organization_id = '${id}' and o.kind = 'sale' and ${between('o.placed_at', statement)}
				union all
				select rl.product_id, -rl.amount * rate, 0 from refunds r join refund_lines rl on rl.refund_id = r.id join orders o on o.id = r.order_id ${RATE}
				where r.organization_id = '${id}' and ${between('r.refunded_at', statement)}
			) s group by product_id order by net desc limit 10`
	},
	'filter options': {
		gate: 15,
		sql: ({ id }, statement) => `
			select distinct 'channel', channel from orders o where o.organization_id = '${id}' and ${between('o.placed_at', statement)}
			union all select distinct 'country', ship_country from orders o where o.organization_id = '${id}' and ${between('o.placed_at', statement)}
			union all select distinct 'region', ship_region from orders o where o.organization_id = '${id}' and ${between('o.placed_at', statement)}
			union all select distinct 'category', p.category from orders o join order_lines l on l.order_id = o.id join products p on p.id = l.product_id
				where o.organization_id = '${id}' and ${between('o.placed_at', statement)}`
	},
	profit: {
		gate: 15,
		sql: ({ id }, statement) => profitBy(id, statement, `date_trunc('month', d), channel`)
	},
	'profit by product': { gate: 15, sql: ({ id }, statement) => profitBy(id, statement, 'product_id') },
	'cohorts: active': { gate: 100, sql: ({ id }) => cohorts(id) },
	'cohorts: net sales': { gate: 100, sql: ({ id }) => cohorts(id) },
	// what all customers have spent: the realised lifetime value is its mean
	'customers: net sales': {
		gate: 100,
		sql: ({ id }) => `
			select count(distinct coalesce(c.email_key, c.id::text)), sum(o.net * rate) from orders o join customers c on c.id = o.customer_id ${RATE}
			where o.organization_id = '${id}' and o.kind = 'sale'`
	}
};

/** Sales, cost of goods at the cost of the day, and fees by order. */
function profitBy(id: string, statement: Statement, by: string): string {
	return `
	select ${by}, sum(net), sum(cogs), sum(fees) from (
		select ${LOCAL('o.placed_at')} as d, channel, l.product_id, (l.gross - l.discount) * rate as net, l.quantity * c.unit_cost as cogs, 0 as fees
		from orders o join order_lines l on l.order_id = o.id ${RATE}
		cross join lateral (select unit_cost from product_costs c where c.product_id = l.product_id and c.from_day <= ${LOCAL('o.placed_at')} order by c.from_day desc limit 1) c
		where o.organization_id = '${id}' and o.kind = 'sale' and ${between('o.placed_at', statement)}
		union all
		select ${LOCAL('r.refunded_at')}, channel, rl.product_id, -rl.amount * rate, case when rl.restocked then -rl.quantity * c.unit_cost else 0 end, 0
		from refunds r join refund_lines rl on rl.refund_id = r.id join orders o on o.id = r.order_id ${RATE}
		cross join lateral (select unit_cost from product_costs c where c.product_id = rl.product_id and c.from_day <= ${LOCAL('o.placed_at')} order by c.from_day desc limit 1) c
		where r.organization_id = '${id}' and ${between('r.refunded_at', statement)}
		union all
		select ${LOCAL('o.placed_at')}, channel, l.product_id, 0, 0, t.amount * (l.gross - l.discount) / nullif(o.gross - o.discounts, 0)
		from orders o join channel_transactions t on t.connection_id = o.connection_id and t.order_external_id = o.external_id join order_lines l on l.order_id = o.id
		where o.organization_id = '${id}' and ${between('o.placed_at', statement)}
	) s group by ${by}`;
}

/** Net sales and buyers by month of the first order and months since, over all orders; a person is an e-mail address. */
function cohorts(id: string): string {
	return `
	with sold as (
		select coalesce(c.email_key, c.id::text) as person, ${LOCAL('o.placed_at')} as d, (o.net) * rate as net
		from orders o join customers c on c.id = o.customer_id ${RATE} where o.organization_id = '${id}' and o.kind = 'sale'
	), first as (select person, min(d) as first from sold group by person)
	select date_trunc('month', first) as cohort, (extract(year from d) - extract(year from first)) * 12 + extract(month from d) - extract(month from first) as age,
		count(distinct person), sum(net) from sold join first using (person) group by cohort, age`;
}

function day(value: unknown): string {
	const text = String(value);
	if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new Error('not a day');
	return text;
}

/** Milliseconds of one run, and what it answered. */
export async function timed(sql: Sql, query: string): Promise<number> {
	const began = performance.now();
	await sql.begin(async (tx) => {
		await tx.unsafe(`set local work_mem = '64MB'; set local jit = off`);
		await tx.unsafe(query);
	});
	return performance.now() - began;
}
