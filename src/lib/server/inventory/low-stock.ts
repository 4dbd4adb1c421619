import { require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';

/** The reorder point of a product that has none of its own. */
export const DEFAULT_REORDER_POINT = 10;

/** A product at or below its reorder point. Pieces. */
export interface LowProduct {
	productId: string;
	sku: string;
	title: string;
	category: string | null;
	available: number;
	reorderPoint: number;
}

/**
 * Products whose available pieces, summed over active locations, are at or below their reorder point; only products that are
 * tracked, still offered somewhere and have a level. A manager sees their categories, and the stock of their locations and channels.
 * @returns the `limit` with the fewest pieces, and how many there are in all
 * @throws Forbidden without inventory.read
 */
export async function lowStock(
	ctx: Ctx,
	{ limit = 10 }: { limit?: number } = {}
): Promise<{ count: number; products: LowProduct[] }> {
	require(ctx, 'inventory.read');
	const { channels = null, categories = null, locations = null } = ctx.scope ?? {};
	const rows = await inOrganization(
		ctx.organization.id,
		({ sql }) => sql<(LowProduct & { count: number })[]>`
		with stock as (
			select s.product_id, sum(s.available) as available
			from stock_levels s
			join locations l on l.id = s.location_id and l.organization_id = s.organization_id and l.is_active
			left join connections c on c.id = l.connection_id and c.organization_id = l.organization_id
			where s.organization_id = ${ctx.organization.id}
				and (${locations}::text[] is null or l.id::text = any(${locations}::text[]))
				and (${channels}::text[] is null or c.channel is null or c.channel = any(${channels}::text[]))
			group by s.product_id
		)
		select p.id as product_id, p.sku, p.title, p.category, stock.available::int as available,
			coalesce(p.reorder_point, ${DEFAULT_REORDER_POINT}) as reorder_point, count(*) over () as count
		from stock join products p on p.id = stock.product_id and p.organization_id = ${ctx.organization.id}
		where stock.available <= coalesce(p.reorder_point, ${DEFAULT_REORDER_POINT})
			and (${categories}::text[] is null or p.category = any(${categories}::text[]))
			and exists (select 1 from listings t where t.product_id = p.id and t.organization_id = p.organization_id and t.tracked
				and t.status is distinct from 'deleted')
		order by stock.available, p.sku limit ${limit}`
	);
	return { count: rows[0]?.count ?? 0, products: rows.map(({ count: _count, ...product }) => product) };
}
