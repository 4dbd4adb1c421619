import type { Sql } from 'postgres';
import { plantTenant, type Tenant } from '../tenants.ts';

/*
 * Order lines of a seller, made inside PostgreSQL: the product's own tables, filled by their owner, since ten million rows through
 * the product's intake would take an hour. Every value is a hash of its number, so the same call makes the same rows.
 *
 * Three years of orders that grow, 1 to 5 lines each; four connections (Shopify, Shopify in euro, Amazon, Walmart); 2,000
 * products of 24 categories, few of which sell most; 13 countries; a buyer for each order that is not Amazon's, three orders each;
 * 5% refunded; a fee for each order of Amazon's; a cost for each product, which changed once; exchange rates by week.
 */
const PRODUCTS = 2000;
const DAYS = 1095;
const LINES_PER_ORDER = 3;
/** Orders made by one statement. */
const PIECE = 100_000;

/** A generated seller. */
export interface Seller extends Tenant {
	/** Order lines, about. */
	lines: number;
	currency: string;
	timeZone: string;
}

const CURRENCY = 'USD';
const ZONE = 'America/New_York';

/** Rows are numbered; an id is the seller's prefix and a number. */
const idOf = (prefix: string, number: string) => `('${prefix}' || lpad(to_hex(${number}), 12, '0'))::uuid`;
/** A number from 0 up to 1, always the same for the same row and purpose. */
const chance = (number: string, purpose: number) =>
	`((hashint8extended(${number}, ${purpose}) & 1048575)::float8 / 1048576)`;

/** Makes one seller with about `lines` order lines. `at` is the end of the three years. */
export async function makeSeller(sql: Sql, name: string, lines: number, at: Date): Promise<Seller> {
	const tenant = await plantTenant(sql, { name, currency: CURRENCY, timeZone: ZONE });
	const prefix = tenant.id.slice(0, 24);
	const orders = Math.round(lines / LINES_PER_ORDER);
	await makeCatalogue(sql, tenant.id, prefix, at);
	await sql.unsafe(`insert into customers (id, organization_id, connection_id, external_id, name, email, email_key, name_key, family_key, country)
		select ${idOf(prefix, 'n')}, '${tenant.id}', ${idOf(prefix, '1')}, n::text, 'Buyer ' || n, 'buyer' || n || '@example.com', 'buyer' || n || '@example.com',
			'buyer ' || n, n::text, 'US' from generate_series(1, ${buyersOf(orders)}) n`);
	const pieces = Array.from({ length: Math.ceil(orders / PIECE) }, (_, n) => n * PIECE).values();
	await Promise.all(
		Array.from({ length: 2 }, async () => {
			for (const from of pieces) {
				const range = { from: from + 1, to: Math.min(orders, from + PIECE) };
				await sql.begin(async (tx) => {
					await tx.unsafe(
						`set local session_replication_role = replica; set local synchronous_commit = off; set local work_mem = '128MB'`
					);
					await tx.unsafe(`${linesOf(tenant.id, prefix, orders, at, range)}`);
				});
			}
		})
	);
	return { ...tenant, lines, currency: CURRENCY, timeZone: ZONE };
}

const buyersOf = (orders: number) => Math.max(10, Math.round(orders / 5));

async function makeCatalogue(sql: Sql, organizationId: string, prefix: string, at: Date): Promise<void> {
	const connections = [
		[1, 'shopify', 'Shop', 'USD'],
		[2, 'amazon', 'Amazon US', 'USD'],
		[3, 'walmart', 'Walmart', 'USD'],
		[4, 'shopify', 'Shop in Europe', 'EUR']
	] as const;
	for (const [number, channel, name, currency] of connections)
		await sql.unsafe(`insert into connections (id, organization_id, channel, external_id, name, status, auth_method, currency, time_zone, fresh_at)
			values (${idOf(prefix, String(number))}, '${organizationId}', '${channel}', 'bench-${number}-${organizationId}', '${name}', 'paused', 'access_token', '${currency}', 'UTC', now())`);
	await sql.unsafe(`
		insert into products (id, organization_id, sku, title, category)
			select ${idOf(prefix, 'n')}, '${organizationId}', 'SKU-' || lpad(n::text, 5, '0'), 'Product number ' || n, 'Category ' || (n % 24 + 1)
			from generate_series(1, ${PRODUCTS}) n;
		insert into listings (id, organization_id, connection_id, product_id, external_id, sku, title)
			select ${idOf(prefix, 'n')}, '${organizationId}', ${idOf(prefix, '1')}, ${idOf(prefix, 'n')}, n::text, 'SKU-' || lpad(n::text, 5, '0'), 'Product number ' || n
			from generate_series(1, ${PRODUCTS}) n;
		insert into product_costs (organization_id, product_id, from_day, unit_cost, currency, source)
			select '${organizationId}', ${idOf(prefix, 'n')}, d, round(((5 + n % 90) * f)::numeric, 2), 'USD', 'person' from generate_series(1, ${PRODUCTS}) n,
			(values (date '1970-01-01', 0.4), ('${day(at, -300)}', 0.45)) as periods (d, f);
		insert into exchange_rates (organization_id, currency, base, day, rate)
			select '${organizationId}', 'EUR', '${CURRENCY}', d::date, 1.05 + extract(doy from d) / 4000 from generate_series('${day(at, -DAYS - 7)}'::date, '${day(at, 0)}'::date, interval '7 days') d`);
}

const day = (at: Date, moved: number) =>
	new Date(at.getTime() + moved * 86_400_000).toISOString().slice(0, 10);

/** One statement: lines of a range of orders, the orders with their sums, refunds and fees. */
function linesOf(
	organizationId: string,
	prefix: string,
	orders: number,
	at: Date,
	{ from, to }: { from: number; to: number }
): string {
	const end = `timestamptz '${at.toISOString()}'`;
	const connection = `case when o.share < 0.55 then 1 when o.share < 0.85 then 2 when o.share < 0.93 then 3 else 4 end`;
	return `
	with numbered as (
		select n, ${end} - interval '1 second' * (${DAYS} * 86400 * (1 - power(n::float8 / ${orders}, 0.7)))::bigint as at, ${chance('n', 1)} as share,
			1 + (hashint8extended(n, 2) & 1023) % 5 as lines, ${chance('n', 3)} < 0.05 as refunded, ${chance('n', 3)} < 0.025 as returned
		from generate_series(${from}::bigint, ${to}::bigint) n
	), o as (select *, ${connection} as connection from numbered o),
	l as materialized (
		select o.n, k, p, q, (5 + p % 90 + 0.99)::numeric(18, 4) as price, ((5 + p % 90 + 0.99) * q)::numeric(18, 4) as gross,
			case when ${chance('o.n', 4)} < 0.2 then round((5 + p % 90 + 0.99) * q * 0.1, 2) else 0 end as discount
		from o cross join lateral generate_series(1, o.lines) k
		cross join lateral (select 1 + floor(${PRODUCTS} * power(${chance('o.n * 8 + k', 5)}, 3))::bigint as p, case when ${chance('o.n * 8 + k', 6)} < 0.25 then 2 else 1 end as q) x
	), written as (
		insert into order_lines (id, organization_id, order_id, external_id, position, listing_id, product_id, sku, title, quantity, unit_price, gross, discount)
		select ${idOf(prefix, 'n * 8 + k')}, '${organizationId}', ${idOf(prefix, 'n')}, k::text, k, ${idOf(prefix, 'p')}, ${idOf(prefix, 'p')}, 'SKU-' || lpad(p::text, 5, '0'),
			'Product number ' || p, q, price, gross, discount from l
	), sums as (
		select n, sum(gross) as gross, sum(discount) as discounts, sum(q) as units, min(p) filter (where k = 1) as first,
			sum(gross - discount) filter (where k = 1) as back, min(q) filter (where k = 1) as pieces from l group by n
	), told as materialized (
		select o.*, s.gross, s.discounts, s.units, s.first, case when o.refunded then s.back else 0 end as back, s.pieces,
			case when ${chance('o.n', 7)} < 0.4 then 4.99 else 0 end as shipping, least(${end}, o.at + interval '1 hour' * (24 + 600 * ${chance('o.n', 8)})) as refunded_at
		from o join sums s using (n)
	), refunds_written as (
		insert into refunds (id, organization_id, order_id, external_id, refunded_at, total)
		select ${idOf(prefix, 'n')}, '${organizationId}', ${idOf(prefix, 'n')}, '1', refunded_at, back from told where refunded
	), refund_lines_written as (
		insert into refund_lines (id, organization_id, order_id, refund_id, external_id, kind, order_line_id, product_id, quantity, amount, restocked)
		select ${idOf(prefix, 'n')}, '${organizationId}', ${idOf(prefix, 'n')}, ${idOf(prefix, 'n')}, '1', 'item', ${idOf(prefix, 'n * 8 + 1')}, ${idOf(prefix, 'first')}, pieces, back, returned
		from told where refunded
	), fees_written as (
		insert into channel_transactions (id, organization_id, connection_id, external_id, order_external_id, kind, fee_type, amount, currency, posted_at, state, content_hash)
		select ${idOf(prefix, `n + ${2 ** 40}`)}, '${organizationId}', ${idOf(prefix, '2')}, 'fee-' || n, n::text, 'fee', 'Commission', -round((gross - discounts) * 0.15, 2), 'USD', at, 'settled', 'bench'
		from told where connection = 2
	)
	insert into orders (id, organization_id, connection_id, channel, external_id, name, kind, status, financial_status, placed_at, source_updated_at, currency, gross, discounts,
		shipping, tax, total, refunded, units, line_count, customer_id, ship_name, ship_country, ship_region, summary, net, name_key, content_hash)
	select ${idOf(prefix, 'n')}, '${organizationId}', ${idOf(prefix, 'connection')}, case connection when 2 then 'amazon' when 3 then 'walmart' else 'shopify' end, n::text, '#' || n,
		'sale', case when refunded then 'partially_refunded' else 'paid' end, 'paid', at, at, case connection when 4 then 'EUR' else 'USD' end, gross, discounts,
		shipping, 0, gross - discounts + shipping, back, units, lines,
		case when connection <> 2 then ${idOf(prefix, `1 + floor(${buyersOf(orders)} * power(${chance('n', 9)}, 1.5))::bigint`)} end, 'Buyer of ' || n,
		case when connection = 4 then (array['DE', 'FR', 'NL', 'ES', 'IT', 'AT', 'BE', 'PL', 'SE', 'DK', 'IE', 'PT'])[1 + floor(12 * ${chance('n', 10)})::int] else 'US' end,
		case when connection <> 4 then (array['CA', 'TX', 'FL', 'NY', 'PA', 'IL', 'OH', 'GA', 'NC', 'MI'])[1 + floor(10 * ${chance('n', 10)})::int] end,
		'Product number ' || first, gross - discounts - back, n::text, 'bench'
	from told`;
}

/** Indexes that are made again after the rows, which is several times faster. */
const LATER = ['orders', 'order_lines', 'refunds', 'refund_lines', 'channel_transactions'];

/** Fills the tables without their secondary indexes, makes these again, and counts for the planner. */
export async function withoutIndexes<T>(sql: Sql, work: () => Promise<T>): Promise<T> {
	const indexes = await sql<{ name: string; made: string }[]>`
		select i.relname as name, pg_get_indexdef(i.oid) as made from pg_index x join pg_class i on i.oid = x.indexrelid
		join pg_class t on t.oid = x.indrelid where t.relname = any(${LATER}) and not x.indisprimary`;
	for (const { name } of indexes) await sql.unsafe(`drop index ${name}`);
	const result = await work();
	const waiting = indexes.values();
	await Promise.all(
		Array.from({ length: 2 }, async () => {
			for (const { made } of waiting)
				await sql.begin(async (tx) => {
					await tx.unsafe(
						`set local maintenance_work_mem = '512MB'; set local max_parallel_maintenance_workers = 0`
					);
					await tx.unsafe(made);
				});
		})
	);
	for (const table of [...LATER, 'customers', 'products', 'listings', 'product_costs'])
		await sql.unsafe(`vacuum analyze ${table}`);
	return result;
}
