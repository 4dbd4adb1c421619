import { audit, require } from '../identity/index.ts';
import { record } from '../live/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { Conflict } from '../platform/errors.ts';
import { parse } from '../platform/parse.ts';
import { z } from 'zod';
import { productId } from './fields.ts';
import { lockProducts } from './product-rows.ts';

const schema = z.strictObject({ productId });

/**
 * Removes a product that nothing leads to: never offered, never sold, in no bundle, without stock. Its costs go with it. Anything
 * else would change past figures.
 * @throws Forbidden without products.manage, NotFound; Conflict with the reason why it has to stay
 */
export async function deleteProduct(ctx: Ctx, input: unknown): Promise<void> {
	require(ctx, 'products.manage');
	const { productId: id } = parse(schema, input);
	const organizationId = ctx.organization.id;
	await record(organizationId, async (tx) => {
		await lockProducts(tx, ctx, [id]);
		const [held] = await tx.sql<
			{ listed: boolean; sold: boolean; bundled: boolean; merged: boolean; stocked: boolean }[]
		>`
			select exists (select 1 from listings x where x.organization_id = ${organizationId} and x.product_id = ${id}) as listed,
				exists (select 1 from order_lines x where x.organization_id = ${organizationId} and x.product_id = ${id}) as sold,
				exists (select 1 from product_components x where x.organization_id = ${organizationId} and (x.bundle_id = ${id} or x.component_id = ${id})) as bundled,
				exists (select 1 from products x where x.organization_id = ${organizationId} and x.merged_into = ${id}) as merged,
				exists (select 1 from stock_levels x where x.organization_id = ${organizationId} and x.product_id = ${id} and x.available <> 0) as stocked`;
		const reason = held!.sold
			? 'it was sold, and past figures name it'
			: held!.listed
				? 'a channel offers it, and would bring it back. End the listing at the channel first'
				: held!.merged
					? 'another product was merged into it'
					: held!.bundled
						? 'a bundle holds it, or it is one. Take it out first'
						: held!.stocked
							? 'there are pieces of it in stock. Set them to 0 first'
							: null;
		if (reason) throw new Conflict(`This product stays: ${reason}.`);
		await tx.sql`delete from products where id = ${id} and organization_id = ${organizationId}`;
		await audit(tx, ctx, 'product.deleted', { kind: 'product', id });
		const dimensions = { channel: null, categories: [], locations: [], country: null };
		return {
			result: undefined,
			events: [{ kind: 'product', organizationId, subjectId: id, productId: id, dimensions }]
		};
	});
}
