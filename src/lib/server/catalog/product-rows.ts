import type { Ctx } from '../platform/ctx.ts';
import type { Tx } from '../platform/db.ts';
import { NotFound } from '../platform/errors.ts';

/** A product as verbs need it. */
export interface ProductRow {
	id: string;
	sku: string;
	title: string;
	category: string | null;
}

/** Condition: the member's scope shows this product (`p`): its category is theirs, and one of its listings on their channels. */
export function inScope({ sql }: Tx, { scope }: Ctx) {
	const { categories = null, channels = null } = scope ?? {};
	return sql`(${categories}::text[] is null or coalesce(p.category, '') = any(${categories}::text[]))
		and (${channels}::text[] is null or exists (
			select 1 from listings l join connections c on c.id = l.connection_id where l.product_id = p.id and c.channel = any(${channels}::text[])))`;
}

/**
 * Products by id, locked in id order: of the organization, in the member's scope, and not merged into another.
 * @throws NotFound when one is missing
 */
export async function lockProducts(
	tx: Tx,
	ctx: Ctx,
	ids: readonly string[]
): Promise<Map<string, ProductRow>> {
	const wanted = [...new Set(ids)];
	const rows = await tx.sql<ProductRow[]>`
		select p.id, p.sku, p.title, p.category from products p
		where p.organization_id = ${ctx.organization.id} and p.id = any(${wanted}::uuid[]) and p.merged_into is null and ${inScope(tx, ctx)}
		order by p.id for update of p`;
	if (rows.length < wanted.length) throw new NotFound('This product');
	return new Map(rows.map((row) => [row.id, row]));
}
