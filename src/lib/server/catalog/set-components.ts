import { z } from 'zod';
import { audit, require } from '../identity/index.ts';
import { record } from '../live/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { Invalid } from '../platform/errors.ts';
import { parse } from '../platform/parse.ts';
import { costEvents } from './cost-events.ts';
import { productId } from './fields.ts';
import { lockProducts } from './product-rows.ts';

const schema = z.strictObject({
	bundleId: productId,
	components: z
		.array(
			z.strictObject({
				productId,
				quantity: z
					.int({ error: 'Enter a whole number.' })
					.min(1, { error: 'Enter at least 1.' })
					.max(10_000, { error: 'Enter at most 10,000.' })
			})
		)
		.max(50, { error: 'A bundle has at most 50 components.' })
		.refine((list) => new Set(list.map((one) => one.productId)).size === list.length, {
			error: 'A component stands twice.'
		})
});

/**
 * Says what a bundle is made of; an empty list makes it a plain product again. A bundle costs what its components cost. Bundles are
 * one level deep: a component is no bundle.
 * @throws Forbidden without products.manage, NotFound, Invalid
 */
export async function setComponents(ctx: Ctx, input: unknown): Promise<void> {
	require(ctx, 'products.manage');
	const { bundleId, components } = parse(schema, input);
	const organizationId = ctx.organization.id;
	const ids = components.map((one) => one.productId);
	if (ids.includes(bundleId)) throw new Invalid({ components: 'A bundle cannot hold itself.' });
	await record(organizationId, async (tx) => {
		const products = await lockProducts(tx, ctx, [bundleId, ...ids]);
		const deep = await tx.sql<{ bundleId: string; componentId: string }[]>`
			select bundle_id, component_id from product_components where organization_id = ${organizationId}
				and (bundle_id = any(${ids}::uuid[]) or (component_id = ${bundleId} and ${ids.length} > 0))`;
		if (deep[0]) {
			const inner = products.get(deep[0].bundleId)?.sku;
			throw new Invalid({
				components: inner
					? `${inner} is a bundle itself. Put its components here instead.`
					: 'This product is a component of a bundle, so it cannot be a bundle itself.'
			});
		}
		await tx.sql`delete from product_components where organization_id = ${organizationId} and bundle_id = ${bundleId}`;
		if (components.length > 0)
			await tx.sql`insert into product_components (organization_id, bundle_id, component_id, quantity)
				select ${organizationId}, ${bundleId}, * from unnest(${ids}::uuid[], ${components.map((one) => one.quantity)}::int[])`;
		await audit(tx, ctx, 'bundle.set', { kind: 'product', id: bundleId }, { components: components.length });
		return { result: undefined, events: costEvents(organizationId, [bundleId]) };
	});
}
