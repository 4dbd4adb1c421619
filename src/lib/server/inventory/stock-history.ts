import { require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization, type Tx } from '../platform/db.ts';

/** A stretch of days on which a product had nothing to sell. Days in the organization's zone; `to` null: still so. */
export interface StockOut {
	productId: string;
	sku: string;
	title: string;
	from: string;
	to: string | null;
}

const MOST = 500;

/** Notes the stock of products after a change, summed over active locations, on today in the organization's zone. */
export async function noteStockHistory(
	{ sql }: Tx,
	organizationId: string,
	productIds: readonly string[],
	now = new Date()
): Promise<void> {
	if (productIds.length === 0) return;
	await sql`
		insert into stock_history as d (organization_id, product_id, day, lowest, closing)
		select s.organization_id, s.product_id, (${now.toISOString()}::timestamptz at time zone o.time_zone)::date, sum(s.available), sum(s.available)
		from stock_levels s join locations l on l.id = s.location_id and (l.organization_id = s.organization_id) is true and l.is_active
		join organizations o on o.id = s.organization_id
		where s.organization_id = ${organizationId} and s.product_id = any(${[...productIds].sort()}::uuid[])
		group by s.organization_id, s.product_id, o.time_zone order by s.product_id
		on conflict (product_id, day) do update set lowest = least(d.lowest, excluded.lowest), closing = excluded.closing`;
}

/**
 * Stock-outs that fall into a range of days, newest first, at most 500; of some products where named. A product is out from the day
 * on which its pieces over all active locations fell to nothing, to the last day before they rose. A manager sees their categories.
 * @throws Forbidden without inventory.read
 */
export async function stockOuts(
	ctx: Ctx,
	{ from, to, products = [] }: { from: string; to: string; products?: readonly string[] }
): Promise<StockOut[]> {
	require(ctx, 'inventory.read');
	const { categories = null, locations = null, channels = null } = ctx.scope ?? {};
	// the history is of all locations: whoever may see only some is told nothing about the others
	if (locations || channels) return [];
	return inOrganization(
		ctx.organization.id,
		({ sql }) => sql<StockOut[]>`
		with told as (
			select product_id, day, lowest, closing, lag(closing) over own as before, lead(day) over own as next_day
			from stock_history where organization_id = ${ctx.organization.id}
				and (${products.length === 0} or product_id = any(${[...products]}::uuid[]))
			window own as (partition by product_id order by day)
		), starts as (
			select product_id, day from told where lowest <= 0 and coalesce(before, 1) > 0
		), outs as (
			select s.product_id, s.day as "from", (
				select case when e.day = s.day then e.day else e.day - 1 end from told e
				where e.product_id = s.product_id and e.day >= s.day and e.closing > 0 order by e.day limit 1) as "to"
			from starts s
		)
		select o.product_id, p.sku, p.title, o."from"::text, o."to"::text from outs o
		join products p on p.id = o.product_id and p.organization_id = ${ctx.organization.id}
		where o."from" <= ${to}::date and coalesce(o."to", ${to}::date) >= ${from}::date
			and (${categories}::text[] is null or p.category = any(${categories}::text[]))
			and exists (select 1 from listings t where t.product_id = p.id and t.organization_id = p.organization_id and t.tracked
				and t.status is distinct from 'deleted')
		order by o."from" desc, p.sku limit ${MOST}`
	);
}
