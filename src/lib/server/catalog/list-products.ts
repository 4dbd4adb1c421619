import { z } from 'zod';
import { CHANNELS } from '#lib/contracts/channels.ts';
import type { ListedProduct } from '#lib/contracts/products.ts';
import { require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization, type Tx } from '../platform/db.ts';
import { parse } from '../platform/parse.ts';
import { inScope } from './product-rows.ts';

/** Products of one page. */
export const PAGE = 50;

const schema = z.strictObject({
	search: z.string().trim().max(100).default(''),
	channels: z.array(z.enum(CHANNELS)).max(3).default([]),
	categories: z.array(z.string().max(200)).max(50).default([]),
	show: z.enum(['all', 'no-cost', 'several', 'one-channel', 'bundle']).default('all'),
	page: z.number().int().min(1).max(10_000).default(1),
	limit: z.number().int().min(1).max(200).default(PAGE)
});

/**
 * A page of products by title, with today's cost and the channels that offer them. `search` finds part of a title or the beginning of
 * a SKU or GTIN, of the product or one of its listings.
 * @throws Forbidden without products.read, Invalid
 */
export async function listProducts(
	ctx: Ctx,
	input: unknown = {}
): Promise<{ products: ListedProduct[]; count: number; categories: string[] }> {
	require(ctx, 'products.read');
	const wanted = parse(schema, input);
	const organizationId = ctx.organization.id;
	return inOrganization(organizationId, async (tx) => {
		const { sql } = tx;
		const today = new Date().toISOString().slice(0, 10);
		const rows = await sql<(ListedProduct & { count: number })[]>`
			with matching as (
				select p.id, p.sku, p.title, p.brand, p.category, p.supplier, count(*) over () as count
				from products p where p.organization_id = ${organizationId} and p.merged_into is null and ${inScope(tx, ctx)} and ${matching(tx, wanted)}
				order by lower(p.title), p.id limit ${wanted.limit} offset ${(wanted.page - 1) * wanted.limit}
			)
			select m.*, coalesce(offers.channels, '{}') as channels, coalesce(offers.listings, 0)::int as listings,
				(select count(*)::int from product_components k where k.bundle_id = m.id) as components, ${costToday(tx, today)} as cost
			from matching m
			left join lateral (
				select array_agg(distinct c.channel) as channels, count(*) as listings
				from listings l join connections c on c.id = l.connection_id
				where l.product_id = m.id and l.organization_id = ${organizationId} and l.status is distinct from 'deleted'
			) offers on true
			order by lower(m.title), m.id`;
		const categories = await sql<{ category: string }[]>`
			select distinct p.category from products p where p.organization_id = ${organizationId} and p.category is not null and p.merged_into is null
				and ${inScope(tx, ctx)} order by 1 limit 500`;
		return {
			products: rows.map(({ count: _count, ...row }) => ({ ...row })),
			count: Number(rows[0]?.count ?? 0),
			categories: categories.map((row) => row.category)
		};
	});
}

function matching({ sql }: Tx, { search, channels, categories, show }: z.output<typeof schema>) {
	const words = search.toLowerCase();
	const begins = `${words.replace(/[\\%_]/g, '\\$&')}%`;
	const offered = channels.length > 0 ? channels : null;
	const inChannels = sql`(select count(distinct c.channel) from listings l join connections c on c.id = l.connection_id
		where l.product_id = p.id and l.status is distinct from 'deleted')`;
	const bundle = sql`exists (select 1 from product_components k where k.bundle_id = p.id)`;
	return sql`(${words} = '' or position(${words} in lower(p.title)) > 0 or lower(p.sku) like ${begins} or p.barcode like ${begins}
			or exists (select 1 from listings l where l.product_id = p.id and (lower(l.sku) like ${begins} or l.barcode like ${begins} or lower(l.external_id) like ${begins})))
		and (${categories.length} = 0 or coalesce(p.category, '') = any(${categories}::text[]))
		and (${offered}::text[] is null or exists (select 1 from listings l join connections c on c.id = l.connection_id
			where l.product_id = p.id and l.status is distinct from 'deleted' and c.channel = any(${offered}::text[])))
		and ${
			show === 'no-cost'
				? sql`not ${bundle} and not exists (select 1 from product_costs k where k.product_id = p.id)
					and not exists (select 1 from product_receipts k where k.product_id = p.id)`
				: show === 'several'
					? sql`${inChannels} > 1`
					: show === 'one-channel'
						? sql`${inChannels} = 1`
						: show === 'bundle'
							? bundle
							: sql`true`
		}`;
}

/** Today's cost of `m` as JSON: its own, or of a bundle the sum of its components' where all are known in one currency. */
function costToday({ sql }: Tx, today: string) {
	return sql`case when not exists (select 1 from product_components k where k.bundle_id = m.id) then (
			select jsonb_build_object('fromDay', c.from_day, 'unitCost', trim_scale(c.unit_cost)::text, 'currency', c.currency, 'source', c.source)
			from product_costs c where c.product_id = m.id and c.from_day <= ${today}::date order by c.from_day desc limit 1
		) else (
			select case when bool_and(c.unit_cost is not null) and count(distinct c.currency) = 1 then
				jsonb_build_object('fromDay', max(c.from_day), 'unitCost', trim_scale(sum(k.quantity * c.unit_cost))::text, 'currency', min(c.currency), 'source', 'person') end
			from product_components k left join lateral (
				select unit_cost, currency, from_day from product_costs c where c.product_id = k.component_id and c.from_day <= ${today}::date order by c.from_day desc limit 1
			) c on true where k.bundle_id = m.id
		) end`;
}
