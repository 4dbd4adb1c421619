import type { Ctx } from '../platform/ctx.ts';
import type { Tx } from '../platform/db.ts';
import type { Fragment } from './filter.ts';
import { nameKey } from './rows.ts';

/** So many orders a search names by id. */
const MAX_NUMBERED = 2_000;
/** So many products and customers a search considers; a longer word finds the rest. */
const MAX_PRODUCTS = 500;
const MAX_CUSTOMERS = 2_000;

/**
 * What a search means, as conditions of which one must hold: order number, customer, product. Each is asked for by itself,
 * since each has its own index and an `or` has none. Only comparisons that row-level security lets through to an index are used
 * (`~>=~` is leakproof, `like` is not). Without customers.read nobody is found by name or address.
 */
export async function searchConditions(tx: Tx, ctx: Ctx, search: string): Promise<Fragment[]> {
	const { sql } = tx;
	const organizationId = ctx.organization.id;
	const word = search.replaceAll('\0', '').toWellFormed().toLowerCase();
	if (!word) return [sql`false`];
	const end = (beginning: string) => `${beginning}\u{10FFFF}`;
	const number = nameKey(word);
	const hasNumber = number ? sql`name_key ~>=~ ${number} and name_key ~<~ ${end(number)}` : sql`false`;
	const [numbered, products, customers] = await Promise.all([
		sql<
			{ id: string }[]
		>`select id from orders where organization_id = ${organizationId} and ${hasNumber} order by name_key using ~<~ limit ${MAX_NUMBERED + 1}`,
		sql<{ id: string }[]>`
			select id from products where organization_id = ${organizationId}
				and (lower(sku) like ${`${likeText(word)}%`} or lower(title) like ${`%${likeText(word)}%`} or barcode = ${word})
			order by id limit ${MAX_PRODUCTS}`,
		ctx.permissions.has('customers.read')
			? sql<{ id: string }[]>`
				select id from (
					(select id from customers where organization_id = ${organizationId} and name_key ~>=~ ${word} and name_key ~<~ ${end(word)} limit ${MAX_CUSTOMERS})
					union (select id from customers where organization_id = ${organizationId} and family_key ~>=~ ${word} and family_key ~<~ ${end(word)} limit ${MAX_CUSTOMERS})
					union (select id from customers where organization_id = ${organizationId} and email_key ~>=~ ${word} and email_key ~<~ ${end(word)} limit ${MAX_CUSTOMERS})
				) found limit ${MAX_CUSTOMERS}`
			: []
	]);
	const anyOf: Fragment[] = [];
	// few are named by id; many (a short beginning) are met soon on the way through the sorted orders
	if (numbered.length > MAX_NUMBERED)
		anyOf.push(sql`o.name_key ~>=~ ${number} and o.name_key ~<~ ${end(number)}`);
	else if (numbered.length > 0) anyOf.push(sql`o.id = any(${numbered.map(({ id }) => id)}::uuid[])`);
	if (customers.length) anyOf.push(sql`o.customer_id = any(${customers.map(({ id }) => id)}::uuid[])`);
	if (products.length) {
		anyOf.push(
			sql`o.id in (select l.order_id from order_lines l where l.organization_id = ${organizationId} and l.product_id = any(${products.map(({ id }) => id)}::uuid[]))`
		);
	}
	return anyOf.length ? anyOf : [sql`false`];
}

function likeText(word: string): string {
	return word.replace(/[\\%_]/g, '\\$&');
}
