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
	'lines',
	'order_day',
	'parts'
] as const;

/** The columns of `orders` that a picking query must answer, with `o` as the table's name. */
export const PICKED = `o.id, o.organization_id, o.channel, o.connection_id, o.kind, o.currency, o.ship_country, o.ship_country_name, o.ship_region,
	o.customer_id, o.placed_at, o.gross, o.shipping, o.tax, o.external_id`;

/** The columns of `channel_transactions` that a picking query must answer, with `t` as the table's name. */
export const PICKED_MOVES = `t.id, t.organization_id, t.connection_id, t.order_external_id, t.listing_external_id, t.sku, t.kind, t.amount, t.currency,
	t.posted_at, t.state`;

/** What ClickHouse's Date and DateTime can hold; an order from the year 1 must not stop the projection. */
const day = (instant: string, of = 'o') =>
	`greatest(least((${instant} at time zone ${of}.zone)::date, date '2105-12-31'), date '1970-01-01')`;
const second = (instant: string) =>
	`greatest(least(floor(extract(epoch from ${instant}))::bigint, 4291747200), 0)`;
// ten digits: ClickHouse takes a shorter number for a calendar date
const tenDigits = (number: string) => `lpad((${number})::text, 10, '0')`;
const quoted = (text: string) => `'''' || replace(${text}, '''', '''''') || ''''`;
const NOBODY = `'00000000-0000-0000-0000-000000000000'::uuid`;

/** Movements of money that are part of profit; the others stand in the order already, or move what was counted before. */
const IN_PROFIT = `t.kind in ('fee', 'refund_fee', 'shipping_label', 'adjustment', 'other') and t.amount <> 0`;

/** An estimate whose movement the channel has told by now. Says in SQL what `finances/counted.ts` says; change both or neither. */
const superseded = `(t.state = 'estimated' and exists (select 1 from channel_transactions s
	where s.connection_id = t.connection_id and s.order_external_id = t.order_external_id and s.state <> 'estimated' and s.kind = t.kind
		and (s.sku is null or t.sku is null or s.sku = t.sku) and (s.organization_id = t.organization_id) is true))`;

const partOf = `case when t.kind = 'shipping_label' then 'label' when t.kind in ('fee', 'refund_fee') then 'fee' else 'other' end
	|| case when t.state = 'estimated' and t.kind in ('fee', 'refund_fee', 'shipping_label') then '_estimated' else '' end`;

/** `parts` of sales_facts as ClickHouse's text. */
const partsText = (from: string) =>
	`string_agg('(''' || ${from}.part || ''',''' || ${from}.product_id || ''',' || ${quoted(`${from}.category`)} || ',''' || ${from}.currency || ''',' || ${from}.units || ',' || ${from}.amount || ')', ',')`;

/**
 * The PostgreSQL query that turns orders into facts: one row per order and day it touches, ready for ClickHouse's TSV. It says in
 * SQL what `orders/figures.ts` says in TypeScript; change both or neither. `picked` is a query that answers rows of `orders` with
 * `zone` (the organization's IANA time zone), `generation` and `version` beside them; `moves` the same of `channel_transactions`:
 * those without an order that we know become rows of their own, on the day they were posted, with the transaction's id.
 *
 * Profit: shipping and fees stand on the order's day, refunded shipping and fees of a refund on theirs. What names no product is
 * shared out over the order's products by their price after discounts, to the ten-thousandth.
 * `(... ) is true` keeps the planner from reading an organization's rows for each order while its statistics are young.
 */
export function factsSelect(picked: string, moves: string): string {
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
	),
	moves as materialized (
		select o.id as order_id, case when t.kind in ('fee', 'shipping_label') then ${day('o.placed_at')} else ${day('t.posted_at')} end as day,
			${partOf} as part, t.currency, t.amount,
			case when t.sku is not null or t.listing_external_id is not null then (
				select l.product_id from order_lines l left join listings i on i.id = l.listing_id
				where l.order_id = o.id and (l.organization_id = o.organization_id) is true and (l.sku = t.sku or i.external_id = t.listing_external_id)
				order by (l.sku is not distinct from t.sku) desc, l.position limit 1) end as product_id
		from o join channel_transactions t on t.connection_id = o.connection_id and t.order_external_id = o.external_id
			and (t.organization_id = o.organization_id) is true
		where o.kind <> 'test' and ${IN_PROFIT} and not ${superseded} and not (t.state = 'estimated' and o.kind = 'cancelled')
	),
	whole as materialized (
		select o.id as order_id, ${day('o.placed_at')} as day, 'shipping' as part, o.currency, o.shipping as amount
		from o where o.kind = 'sale' and o.gross is not null and o.shipping <> 0
		union all
		select o.id, ${day('r.refunded_at')}, 'shipping_refund', o.currency, rl.amount
		from o
		join refunds r on r.order_id = o.id and (r.organization_id = o.organization_id) is true
		join refund_lines rl on rl.refund_id = r.id
		where o.kind in ('sale', 'refund_only') and rl.kind = 'shipping' and rl.amount <> 0
		union all
		select order_id, day, part, currency, sum(amount) from moves where product_id is null group by order_id, day, part, currency
	),
	shares as (
		select order_id, product_id, category, running - weight as before, running, total from (
			select order_id, product_id, category, weight, sum(weight) over (partition by order_id order by product_id) as running,
				sum(weight) over (partition by order_id) as total
			from (
				select order_id, product_id, category, case when sum(price) over own > 0 then price when sum(pieces) over own > 0 then pieces else 1 end as weight
				from (
					select l.order_id, l.product_id, coalesce(p.category, '') as category, sum(greatest(coalesce(l.gross, 0) - l.discount, 0)) as price,
						sum(greatest(l.quantity, 0))::numeric as pieces
					from (select distinct order_id from whole) w join o on o.id = w.order_id
					join order_lines l on l.order_id = o.id and (l.organization_id = o.organization_id) is true
					left join products p on p.id = l.product_id
					where not l.is_gift_card group by l.order_id, l.product_id, p.category
				) held window own as (partition by order_id)
			) weighed
		) summed
	),
	besides as (
		select order_id, day, part, product_id, category, currency, sum(units) as units, sum(amount) as amount from (
			select w.order_id, w.day, w.part, coalesce(s.product_id, ${NOBODY}) as product_id, coalesce(s.category, '') as category, w.currency, 0 as units,
				coalesce(round(w.amount * s.running / s.total, 4) - round(w.amount * s.before / s.total, 4), w.amount) as amount
			from whole w left join shares s on s.order_id = w.order_id
			union all
			select m.order_id, m.day, m.part, m.product_id, coalesce(p.category, ''), m.currency, 0, m.amount
			from moves m left join products p on p.id = m.product_id where m.product_id is not null
			union all
			select o.id, ${day('r.refunded_at')}, 'returned', coalesce(rl.product_id, l.product_id), coalesce(p.category, ''), o.currency, rl.quantity, 0
			from o
			join refunds r on r.order_id = o.id and (r.organization_id = o.organization_id) is true
			join refund_lines rl on rl.refund_id = r.id
			left join order_lines l on l.id = rl.order_line_id
			left join products p on p.id = coalesce(rl.product_id, l.product_id)
			where o.kind in ('sale', 'refund_only') and rl.kind = 'item' and rl.restocked and rl.quantity <> 0 and not coalesce(l.is_gift_card, false)
				and coalesce(rl.product_id, l.product_id) is not null and (o.gross is not null or o.kind = 'refund_only')
		) every_part group by order_id, day, part, product_id, category, currency having sum(units) <> 0 or sum(amount) <> 0
	),
	more as (
		select b.order_id, b.day, ${partsText('b')} as parts from besides b group by b.order_id, b.day
	)
	select o.organization_id, o.generation, d.day, o.id, o.version, 0, o.channel, o.connection_id, o.kind, o.currency, coalesce(o.ship_country, o.ship_country_name, ''), coalesce(o.ship_region, ''),
		coalesce(o.customer_id, ${NOBODY}), coalesce(d.sold, false)::int, (coalesce(d.sold, false) and o.gross is not null)::int, coalesce(d.units, 0), coalesce(d.gross, 0), coalesce(d.discounts, 0), coalesce(d.refunds, 0),
		case when d.sold and o.gross is not null then o.shipping else 0 end, case when d.sold and o.gross is not null then o.tax else 0 end,
		${tenDigits('coalesce(d.sold_at, 0)')}, '[' || coalesce(d.categories, '') || ']', '[' || coalesce(d.lines, '') || ']', ${day('o.placed_at')}, '[' || coalesce(d.parts, '') || ']'
	from (select * from days full join more using (order_id, day)) d join o on o.id = d.order_id
	union all
	select t.organization_id, t.generation, ${day('t.posted_at', 't')}, t.id, t.version, 0, c.channel, t.connection_id, 'account', t.currency, '', '',
		${NOBODY}, 0, 0, 0, 0, 0, 0, 0, 0, '0000000000', '[]', '[]', ${day('t.posted_at', 't')},
		'[(''' || ${partOf} || ''',''' || coalesce(p.id, ${NOBODY}) || ''',' || ${quoted(`coalesce(p.category, '')`)} || ',''' || t.currency || ''',0,' || t.amount || ')]'
	from (${moves}) t
	join connections c on c.id = t.connection_id
	left join lateral (
		select l.product_id from listings l where l.connection_id = t.connection_id and (l.organization_id = t.organization_id) is true
			and (l.sku = t.sku or l.external_id = t.listing_external_id) order by l.id limit 1) l on true
	left join products p on p.id = l.product_id
	where ${IN_PROFIT} and not ${superseded} and not exists (select 1 from orders known
		where known.connection_id = t.connection_id and known.external_id = t.order_external_id and (known.organization_id = t.organization_id) is true)`;
}

/** One TSV line; backslashes, tabs and line ends are escaped as PostgreSQL's COPY does. */
export function tsvLine(values: readonly unknown[]): string {
	return values.map((value) => String(value).replace(/[\\\t\n\r]/g, (c) => ESCAPES[c]!)).join('\t') + '\n';
}

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
