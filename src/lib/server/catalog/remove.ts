import type { Tx } from '../platform/db.ts';

/**
 * Removes listings that no channel ever told, and products that nothing is known of but that such a line was sold: no other
 * listing, no cost, no receipt, no bundle, no decision of a member. The caller knows that no order line and no stock names them.
 */
export async function removeUntold(
	{ sql }: Tx,
	organizationId: string,
	ids: { listings: readonly string[]; products: readonly string[] }
): Promise<void> {
	if (ids.listings.length > 0)
		await sql`
			delete from listings where id = any(${[...ids.listings]}::uuid[]) and organization_id = ${organizationId}
				and source_updated_at is null and mapped_by = 'sku'`;
	if (ids.products.length === 0) return;
	await sql`
		delete from products p where p.id = any(${[...ids.products]}::uuid[]) and p.organization_id = ${organizationId}
			and p.updated_at = p.created_at and cardinality(p.edited_fields) = 0 and p.merged_into is null
			and not exists (select 1 from listings x where x.product_id = p.id)
			and not exists (select 1 from products x where x.merged_into = p.id)
			and not exists (select 1 from product_costs x where x.product_id = p.id)
			and not exists (select 1 from product_receipts x where x.product_id = p.id)
			and not exists (select 1 from product_components x where x.bundle_id = p.id or x.component_id = p.id)
			and not exists (select 1 from kept_apart x where x.product_id = p.id or x.other_id = p.id)`;
}
