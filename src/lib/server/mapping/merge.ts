import { z } from 'zod';
import { absorb, costEvents, isInBundle, lockProducts } from '../catalog/index.ts';
import { audit, require } from '../identity/index.ts';
import { mergeStock } from '../inventory/index.ts';
import { record } from '../live/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { Conflict, Invalid } from '../platform/errors.ts';
import { parse } from '../platform/parse.ts';
import { moveSales } from './move-sales.ts';

const id = z.uuid({ error: 'Choose a product.' });
const schema = z.strictObject({ intoId: id, fromId: id });

/**
 * Makes two products one: `intoId` takes over the listings, stock and sales of `fromId`, past and future, on all pages. A split undoes
 * it listing by listing.
 * @throws Forbidden without products.manage, NotFound, Invalid; Conflict for bundles
 */
export async function mergeProducts(ctx: Ctx, input: unknown): Promise<void> {
	require(ctx, 'products.manage');
	const wanted = parse(schema, input);
	const { intoId, fromId } = wanted;
	if (intoId === fromId) throw new Invalid({ fromId: 'Choose two different products.' });
	const organizationId = ctx.organization.id;
	await record(organizationId, async (tx) => {
		const products = await lockProducts(tx, ctx, [intoId, fromId]);
		const from = products.get(fromId)!;
		if (await isInBundle(tx, organizationId, fromId))
			throw new Conflict(`${from.sku} is a bundle or part of one. Take the bundle apart first.`);
		await mergeStock(tx, organizationId, wanted);
		await absorb(tx, organizationId, wanted);
		await audit(tx, ctx, 'products.merged', { kind: 'product', id: intoId }, { from: fromId });
		return { result: undefined, events: costEvents(organizationId, [intoId, fromId]) };
	});
	await moveSales(ctx.organization, intoId);
}
