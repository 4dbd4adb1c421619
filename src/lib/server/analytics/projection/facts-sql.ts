/** Columns of `sales_facts`, in the order in which `factsSelect` answers them. */
export const FACT_COLUMNS = [
	'organization_id',
	'generation',
	'day',
	'order_id',
	'version',
	'deleted',
	'channel',
	'connection_id',
	'kind',
	'currency',
	'country',
	'region',
	'customer_id',
	'orders',
	'priced',
	'units',
	'gross',
	'discounts',
	'refunds',
	'shipping',
	'tax',
	'sold_at',
	'categories',
	'lines'
] as const;

/** The columns of `orders` that a picking query must answer, with `o` as the table's name. */
export const PICKED = `o.id, o.organization_id, o.channel, o.connection_id, o.kind, o.currency, o.ship_country, o.ship_country_name, o.ship_region,
	o.customer_id, o.placed_at, o.gross, o.shipping, o.tax`;

/** What ClickHouse's Date and DateTime can hold; an order from the year 1 must not stop the projection. */
const day = (instant: string) =>
	`greatest(least((${instant} at time zone o.zone)::date, date '2105-12-31'), date '1970-01-01')`;
const second = (instant: string) =>
	`greatest(least(floor(extract(epoch from ${instant}))::bigint, 4291747200), 0)`;
// ten digits: ClickHouse takes a shorter number for a calendar date
const tenDigits = (number: string) => `lpad((${number})::text, 10, '0')`;
const quoted = (text: string) => `'''' || replace(${text}, '''', '''''') || ''''`;
const NOBODY = `'00000000-0000-0000-0000-000000000000'::uuid`;

/**
 * The PostgreSQL query that turns orders into facts: one row per order and day it touches, ready for ClickHouse's TSV. It says in
 * SQL what `orders/figures.ts` says in TypeScript; change both or neither. `picked` is a query that answers rows of `orders` with
 * `zone` (the organization's IANA time zone), `generation` and `version` beside them.
 * `(... ) is true` keeps the planner from reading an organization's rows for each order while its statistics are young.
 */
export function factsSelect(picked: string): string {
	return `
	with o as materialized (${picked}),
	parts as (
		select o.id as order_id, ${day('o.placed_at')} as day, true as header, ${second('o.placed_at')} as at,
			${NOBODY} as product_id, '' as category, 0 as units, 0::numeric as gross, 0::numeric as discount, 0::numeric as refund
		from o where o.kind = 'sale'
		union all
		select o.id, ${day('o.placed_at')}, false, ${second('o.placed_at')}, l.product_id, coalesce(p.category, ''), l.quantity,
			case when o.gross is null then 0 else coalesce(l.gross, 0) end, case when o.gross is null then 0 else l.discount end, 0
		from o
		join order_lines l on l.order_id = o.id and (l.organization_id = o.organization_id) is true
		left join products p on p.id = l.product_id
		where o.kind = 'sale' and not l.is_gift_card and (l.quantity <> 0 or l.gross <> 0 or l.discount <> 0)
		union all
		select o.id, ${day('r.refunded_at')}, false, ${second('r.refunded_at')}, coalesce(rl.product_id, l.product_id, ${NOBODY}), coalesce(p.category, ''), 0,
			0, 0, rl.amount
		from o
		join refunds r on r.order_id = o.id and (r.organization_id = o.organization_id) is true
		join refund_lines rl on rl.refund_id = r.id
		left join order_lines l on l.id = rl.order_line_id
		left join products p on p.id = coalesce(rl.product_id, l.product_id)
		where o.kind in ('sale', 'refund_only') and rl.kind <> 'shipping' and rl.amount <> 0
			and not (rl.kind = 'item' and coalesce(l.is_gift_card, false))
	),
	days as (
		select order_id, day, bool_or(header) as sold, sum(units) as units, sum(gross) as gross, sum(discount) as discounts, sum(refund) as refunds,
			max(at) filter (where header) as sold_at,
			string_agg(distinct ${quoted('category')}, ',') filter (where units <> 0) as categories,
			string_agg('(' || ${tenDigits('at')} || ',''' || product_id || ''',' || ${quoted('category')} || ',' || units || ',' || gross || ',' || discount || ',' || refund || ')', ',')
				filter (where not header) as lines
		from parts group by order_id, day
	)
	select o.organization_id, o.generation, d.day, o.id, o.version, 0, o.channel, o.connection_id, o.kind, o.currency, coalesce(o.ship_country, o.ship_country_name, ''), coalesce(o.ship_region, ''),
		coalesce(o.customer_id, ${NOBODY}), d.sold::int, (d.sold and o.gross is not null)::int, d.units, d.gross, d.discounts, d.refunds,
		case when d.sold and o.gross is not null then o.shipping else 0 end, case when d.sold and o.gross is not null then o.tax else 0 end,
		${tenDigits('coalesce(d.sold_at, 0)')}, '[' || coalesce(d.categories, '') || ']', '[' || coalesce(d.lines, '') || ']'
	from days d join o on o.id = d.order_id`;
}

/** One TSV line; backslashes, tabs and line ends are escaped as PostgreSQL's COPY does. */
export function tsvLine(values: readonly unknown[]): string {
	return values.map((value) => String(value).replace(/[\\\t\n\r]/g, (c) => ESCAPES[c]!)).join('\t') + '\n';
}

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
