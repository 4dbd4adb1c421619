import { z } from 'zod';
import { audit, require } from '../identity/index.ts';
import { record } from '../live/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { NotFound } from '../platform/errors.ts';
import { parse } from '../platform/parse.ts';
import { costEvents } from './cost-events.ts';
import { currency, fromDay, productId, unitCost } from './fields.ts';
import { lockProducts } from './product-rows.ts';

const setSchema = z.strictObject({ productId, fromDay, unitCost, currency });
const removeSchema = z.strictObject({ productId, fromDay });

/**
 * Says what a piece of a product costs from a day on; an empty day is "from the beginning". Profit of past days follows at once.
 * @throws Forbidden without products.manage, NotFound, Invalid
 */
export async function setCost(ctx: Ctx, input: unknown): Promise<void> {
	require(ctx, 'products.manage');
	const wanted = parse(setSchema, input);
	const organizationId = ctx.organization.id;
	await record(organizationId, async (tx) => {
		await lockProducts(tx, ctx, [wanted.productId]);
		await tx.sql`
			insert into product_costs (organization_id, product_id, from_day, unit_cost, currency, source)
			values (${organizationId}, ${wanted.productId}, ${wanted.fromDay}, ${wanted.unitCost}, ${wanted.currency}, 'person')
			on conflict (product_id, from_day) do update set unit_cost = excluded.unit_cost, currency = excluded.currency, source = 'person'`;
		const { productId: id, ...data } = wanted;
		await audit(tx, ctx, 'cost.set', { kind: 'product', id }, data);
		return { result: undefined, events: costEvents(organizationId, [id]) };
	});
}

/**
 * Takes a cost back: the one before it holds on.
 * @throws Forbidden without products.manage, NotFound
 */
export async function removeCost(ctx: Ctx, input: unknown): Promise<void> {
	require(ctx, 'products.manage');
	const wanted = parse(removeSchema, input);
	const organizationId = ctx.organization.id;
	await record(organizationId, async (tx) => {
		await lockProducts(tx, ctx, [wanted.productId]);
		const gone = await tx.sql`
			delete from product_costs where organization_id = ${organizationId} and product_id = ${wanted.productId} and from_day = ${wanted.fromDay} returning 1`;
		if (gone.length === 0) throw new NotFound('This cost');
		await audit(
			tx,
			ctx,
			'cost.removed',
			{ kind: 'product', id: wanted.productId },
			{ fromDay: wanted.fromDay }
		);
		return { result: undefined, events: costEvents(organizationId, [wanted.productId]) };
	});
}
