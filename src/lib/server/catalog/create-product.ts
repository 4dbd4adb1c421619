import { z } from 'zod';
import { audit, require } from '../identity/index.ts';
import { record } from '../live/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { Conflict, Forbidden } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parse } from '../platform/parse.ts';
import { title, words } from './fields.ts';

const schema = z.strictObject({
	sku: z
		.string()
		.trim()
		.min(1, { error: 'Enter a SKU.' })
		.max(200, { error: 'Use at most 200 characters.' })
		.refine((value) => !value.startsWith('~'), { error: 'A SKU cannot begin with ~.' }),
	title,
	brand: words(200).nullable(),
	category: words(200).nullable(),
	supplier: words(200).nullable(),
	barcode: words(50).nullable()
});

/**
 * Makes a product before a channel offers it: a listing with its SKU then joins it. What was written here stays, whatever the
 * channels say later.
 * @returns its id
 * @throws Forbidden without products.manage, or for a member who would not see it; Conflict when the SKU is taken; Invalid
 */
export async function createProduct(ctx: Ctx, input: unknown): Promise<string> {
	require(ctx, 'products.manage');
	const wanted = parse(schema, input);
	const organizationId = ctx.organization.id;
	const { channels, categories } = ctx.scope ?? {};
	if (channels || (categories && !categories.includes(wanted.category ?? '')))
		throw new Forbidden('You are limited to a part of the catalogue, and this product would not be in it.');
	const id = newId();
	return record(organizationId, async (tx) => {
		const edited = (['title', 'brand', 'category'] as const).filter((name) => wanted[name] !== null);
		const [made] = await tx.sql`
			insert into products (id, organization_id, sku, title, brand, category, supplier, barcode, edited_fields)
			values (${id}, ${organizationId}, ${wanted.sku}, ${wanted.title}, ${wanted.brand}, ${wanted.category}, ${wanted.supplier}, ${wanted.barcode}, ${edited})
			on conflict (organization_id, sku) do nothing returning id`;
		if (!made)
			throw new Conflict('A product with this SKU exists already. Change that one, or use another SKU.');
		await audit(tx, ctx, 'product.created', { kind: 'product', id });
		const dimensions = {
			channel: null,
			categories: wanted.category === null ? [] : [wanted.category],
			locations: [],
			country: null
		};
		return {
			result: id,
			events: [{ kind: 'product', organizationId, subjectId: id, productId: id, dimensions }]
		};
	});
}
