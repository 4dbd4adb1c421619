import { z } from 'zod';
import { scenarioInputSchema, type Scenario, type ScenarioView } from '#lib/contracts/forecasts.ts';
import { lockProducts } from '../catalog/index.ts';
import { audit, require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { Conflict, NotFound } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parse } from '../platform/parse.ts';
import { productBand } from './pages/stored.ts';

/** Scenarios of one product that a person may keep. */
const MOST = 20;

/**
 * Keeps a scenario of a product under a name, for all who see the product.
 * @throws Forbidden without forecasts.manage, NotFound, Conflict beyond 20 of one's own, Invalid
 */
export async function keepScenario(ctx: Ctx, input: unknown): Promise<string> {
	require(ctx, 'forecasts.manage');
	const { productId, name, scenario } = parse(scenarioInputSchema, input);
	const organizationId = ctx.organization.id;
	const id = newId();
	await inOrganization(organizationId, async (tx) => {
		const { sql } = tx;
		await lockProducts(tx, ctx, [productId]);
		const [own] = await sql<{ count: number }[]>`
			select count(*) as count from forecast_scenarios
			where organization_id = ${organizationId} and product_id = ${productId} and kept_by is not distinct from ${personOf(ctx)}`;
		if (own!.count >= MOST)
			throw new Conflict(
				`You keep ${MOST} scenarios of this product already. Remove one that you no longer need.`
			);
		await sql`
			insert into forecast_scenarios (id, organization_id, product_id, name, scenario, kept_by)
			values (${id}, ${organizationId}, ${productId}, ${name}, ${sql.json(scenario as never)}, ${personOf(ctx)})`;
		await audit(tx, ctx, 'forecast.scenario_kept', { kind: 'product', id: productId }, { scenario: id });
	});
	return id;
}

/**
 * The scenarios kept of a product, newest first.
 * @throws Forbidden without analytics.read, Invalid
 */
export async function listScenarios(ctx: Ctx, productId: string): Promise<ScenarioView[]> {
	require(ctx, 'analytics.read');
	const product = parse(z.uuid({ error: 'Choose a product.' }), productId);
	const rows = await inOrganization(ctx.organization.id, async (tx) => {
		if (!(await productBand(tx, ctx, product))) return [];
		return tx.sql<
			{
				id: string;
				name: string;
				scenario: Scenario;
				by: string | null;
				keptBy: string | null;
				createdAt: Date;
			}[]
		>`
			select s.id, s.name, s.scenario, u.name as by, s.kept_by, s.created_at
			from forecast_scenarios s left join users u on u.id = s.kept_by
			where s.organization_id = ${ctx.organization.id} and s.product_id = ${product}
			order by s.created_at desc, s.id desc limit 200`;
	});
	const me = personOf(ctx);
	return rows.map(({ keptBy, createdAt, ...row }) => ({
		...row,
		at: createdAt.toISOString(),
		own: me !== null && keptBy === me
	}));
}

/**
 * Removes a scenario of one's own.
 * @throws Forbidden without forecasts.manage, NotFound where it is not one's own, Invalid
 */
export async function removeScenario(ctx: Ctx, input: unknown): Promise<void> {
	require(ctx, 'forecasts.manage');
	const { id } = parse(z.strictObject({ id: z.uuid() }), input);
	await inOrganization(ctx.organization.id, async (tx) => {
		const [gone] = await tx.sql<{ productId: string }[]>`
			delete from forecast_scenarios where organization_id = ${ctx.organization.id} and id = ${id} and kept_by = ${personOf(ctx)} returning product_id`;
		if (!gone) throw new NotFound('This scenario');
		await audit(
			tx,
			ctx,
			'forecast.scenario_removed',
			{ kind: 'product', id: gone.productId },
			{ scenario: id }
		);
	});
}

function personOf({ actor }: Ctx): string | null {
	return actor.kind === 'member' || actor.kind === 'api_key' ? actor.userId : null;
}
