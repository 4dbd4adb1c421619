import type { CostPeriod, ProductComponent, ProductListing, ProductView } from '#lib/contracts/products.ts';
import { require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { NotFound } from '../platform/errors.ts';
import { inScope } from './product-rows.ts';

/**
 * A product with its listings, costs by period, components and the SKUs merged into it. The id of a merged product answers the one
 * that took over, under its own id.
 * @throws Forbidden without products.read, NotFound
 */
export async function getProduct(ctx: Ctx, id: string): Promise<ProductView> {
	require(ctx, 'products.read');
	const organizationId = ctx.organization.id;
	return inOrganization(organizationId, async (tx) => {
		const { sql } = tx;
		const [product] = /^[0-9a-f-]{36}$/.test(id)
			? await sql<Omit<ProductView, 'listings' | 'costs' | 'components' | 'partOf' | 'mergedSkus'>[]>`
				select p.id, p.sku, p.title, p.brand, p.category, p.supplier, p.barcode, p.edited_fields as edited
				from products asked join products p on p.id = coalesce(asked.merged_into, asked.id) and p.organization_id = ${organizationId}
				where asked.id = ${id} and asked.organization_id = ${organizationId} and ${inScope(tx, ctx)}`
			: [];
		if (!product) throw new NotFound('This product');
		const channels = ctx.scope?.channels ?? null;
		const listings = await sql<ProductListing[]>`
			select l.id, c.channel, l.connection_id, c.name as connection_name, l.external_id, l.sku, l.barcode, l.title, l.variant_title,
				trim_scale(l.price)::text as price, l.currency, l.status, l.fulfilled_by, l.mapped_by, l.moved_from is not null as moving
			from listings l join connections c on c.id = l.connection_id
			where l.organization_id = ${organizationId} and l.product_id = ${product.id} and (${channels}::text[] is null or c.channel = any(${channels}::text[]))
			order by c.channel, c.name, l.sku, l.id limit 500`;
		const costs = await sql<CostPeriod[]>`
			select from_day, trim_scale(unit_cost)::text as unit_cost, currency, source from product_costs
			where organization_id = ${organizationId} and product_id = ${product.id} order by from_day`;
		const parts = await sql<(ProductComponent & { isPart: boolean })[]>`
			select o.id as product_id, o.sku, o.title, k.quantity, k.bundle_id = ${product.id} as is_part
			from product_components k join products o on o.id = case when k.bundle_id = ${product.id} then k.component_id else k.bundle_id end
			where k.organization_id = ${organizationId} and (k.bundle_id = ${product.id} or k.component_id = ${product.id}) order by o.title, o.id`;
		const merged = await sql<{ sku: string }[]>`
			select sku from products where organization_id = ${organizationId} and merged_into = ${product.id} order by sku`;
		const plain = ({ isPart: _side, ...part }: ProductComponent & { isPart: boolean }) => part;
		return {
			...product,
			listings: [...listings],
			costs: [...costs],
			components: parts.filter((part) => part.isPart).map(plain),
			partOf: parts.filter((part) => !part.isPart).map(plain),
			mergedSkus: merged.map((row) => row.sku)
		};
	});
}
