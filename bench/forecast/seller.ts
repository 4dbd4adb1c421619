import type { Sql } from 'postgres';
import { plantTenant, type Tenant } from '../tenants.ts';

const DAYS = 730;
const CONNECTIONS = ['shopify', 'amazon', 'walmart'] as const;

/** A seller with something to forecast. */
export interface Seller extends Tenant {
	productIds: string[];
}

/**
 * Plants two years of orders of `skus` products in PostgreSQL by SQL, their last day yesterday: weekly demand around a level of each
 * SKU's own, some that sell every day and some twice a month, on three channels. Every value is a hash of its number.
 */
export async function plantSeller(sql: Sql, skus: number): Promise<Seller> {
	const tenant = await plantTenant(sql, { name: 'Forecast seller', timeZone: 'UTC' });
	const prefix = tenant.id.slice(0, 24);
	const id = (number: string) => `('${prefix}' || lpad(to_hex((${number})::bigint), 12, '0'))::uuid`;
	const chance = (number: string, purpose: number) =>
		`((hashint8extended(${number}, ${purpose}) & 1048575)::float8 / 1048576)`;
	for (const [n, channel] of CONNECTIONS.entries())
		await sql.unsafe(`insert into connections (id, organization_id, channel, external_id, name, status, auth_method, currency, time_zone, fresh_at)
			values (${id(String(n + 1))}, '${tenant.id}', '${channel}', 'forecast-${n}-${tenant.id}', '${channel}', 'paused', 'access_token', 'USD', 'UTC', now())`);
	await sql.unsafe(`
		insert into products (id, organization_id, sku, title, category)
			select ${id('n')}, '${tenant.id}', 'SKU-' || n, 'Product number ' || n, 'Category ' || (n % 8) from generate_series(1, ${skus}) n;
		insert into listings (id, organization_id, connection_id, product_id, external_id, sku, title)
			select ${id('n')}, '${tenant.id}', ${id('1')}, ${id('n')}, n::text, 'SKU-' || n, 'Product number ' || n from generate_series(1, ${skus}) n`);
	await sql.begin(async (tx) => {
		await tx.unsafe(`set local session_replication_role = replica`);
		await tx.unsafe(`
			with sold as (
				select 1000 * p + d as n, p, d, 1 + floor((1 + p % 5) * (1 + 0.4 * sin(d * 2 * pi() / 7)) * 2 * ${chance('1000 * p + d', 2)})::int as q,
					1 + floor(3 * ${chance('1000 * p + d', 3)})::int as c, (current_date - d::int)::timestamptz + interval '10 hours' as at
				from generate_series(1::bigint, ${skus}) p, generate_series(1::bigint, ${DAYS}) d
				where ${chance('1000 * p + d', 1)} < (array[0.97, 0.8, 0.5, 0.2, 0.07])[1 + p % 5]
			), lines as (
				insert into order_lines (id, organization_id, order_id, external_id, position, listing_id, product_id, sku, title, quantity, unit_price, gross, discount)
				select ${id('n')}, '${tenant.id}', ${id('n')}, '1', 1, ${id('p')}, ${id('p')}, 'SKU-' || p, 'Product number ' || p, q, 10, 10 * q, 0 from sold
			)
			insert into orders (id, organization_id, connection_id, channel, external_id, name, kind, status, financial_status, placed_at, source_updated_at, currency, gross,
				discounts, shipping, tax, total, refunded, units, line_count, summary, net, name_key, content_hash)
			select ${id('n')}, '${tenant.id}', ${id('c')}, (array['shopify', 'amazon', 'walmart'])[c], n::text, '#' || n, 'sale', 'paid', 'paid', at, at, 'USD', 10 * q,
				0, 0, 0, 10 * q, 0, q, 1, 'Product number ' || p, 10 * q, n::text, 'bench' from sold`);
	});
	const rows = await sql<
		{ id: string }[]
	>`select id from products where organization_id = ${tenant.id} order by id`;
	return { ...tenant, productIds: rows.map((row) => row.id) };
}
