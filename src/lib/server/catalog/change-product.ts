import { z } from 'zod';
import { audit, require } from '../identity/index.ts';
import { record } from '../live/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { parse } from '../platform/parse.ts';
import { productId, title, words } from './fields.ts';
import { lockProducts } from './product-rows.ts';

const schema = z.strictObject({
	productId,
	title,
	brand: words(200),
	category: words(200),
	supplier: words(200)
});

/**
 * Changes a product's words. What a member wrote stays, whatever the channels say later; an emptied brand or category follows them
 * again. Past sales move to a new category.
 * @throws Forbidden without products.manage, NotFound, Invalid
 */
export async function changeProduct(ctx: Ctx, input: unknown): Promise<void> {
	require(ctx, 'products.manage');
	const wanted = parse(schema, input);
	const organizationId = ctx.organization.id;
	await record(organizationId, async (tx) => {
		await lockProducts(tx, ctx, [wanted.productId]);
		const [row] = await tx.sql<{ before: string | null; changed: string[] }[]>`
			update products p set title = ${wanted.title}, brand = ${wanted.brand}, category = ${wanted.category}, supplier = ${wanted.supplier}, updated_at = now(),
				edited_fields = array(
					select name from (values ('title', old.title, ${wanted.title}::text), ('brand', old.brand, ${wanted.brand}::text), ('category', old.category, ${wanted.category}::text))
						as f (name, before, after)
					where after is not null and (name = any(old.edited_fields) or after is distinct from before))
			from (select * from products where id = ${wanted.productId}) old
			where p.id = old.id and p.organization_id = ${organizationId}
			returning old.category as before, array(
				select name from (values ('title', old.title, p.title), ('brand', old.brand, p.brand), ('category', old.category, p.category), ('supplier', old.supplier, p.supplier))
					as f (name, before, after) where after is distinct from before) as changed`;
		if (row!.changed.length === 0) return { result: undefined, events: [] };
		await audit(
			tx,
			ctx,
			'product.changed',
			{ kind: 'product', id: wanted.productId },
			{ changed: row!.changed }
		);
		const categories = [row!.before, wanted.category].filter((one): one is string => one !== null);
		return {
			result: undefined,
			events: [
				{
					kind: 'product',
					organizationId,
					subjectId: wanted.productId,
					productId: wanted.productId,
					dimensions: {
						channel: null,
						categories: [...new Set(categories)].sort(),
						locations: [],
						country: null
					}
				}
			]
		};
	});
}
