import { type GoalProgress, goalSchema } from '#lib/contracts/reporting.ts';
import { trend } from '../analytics/index.ts';
import { audit, require } from '../identity/index.ts';
import { localDay } from '../orders/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { Conflict, NotFound } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parse } from '../platform/parse.ts';
import { authorOf } from './author.ts';
import { goalRange, progressOf } from './goal-progress.ts';

const MOST = 30;

/**
 * Sets what a figure is meant to reach in each period, for all channels or one; a goal of the same figure, period and channel takes
 * the new target.
 * @throws Forbidden without views.manage, Invalid, Conflict above 30 goals
 */
export async function setGoal(ctx: Ctx, input: unknown): Promise<void> {
	require(ctx, 'views.manage');
	const { metric, period, target, channel } = parse(goalSchema, input);
	const organizationId = ctx.organization.id;
	await inOrganization(organizationId, async (tx) => {
		const [held] = await tx.sql<
			{ n: number }[]
		>`select count(*)::int as n from goals where organization_id = ${organizationId}`;
		if (held!.n >= MOST) throw new Conflict(`There are ${MOST} goals already. Remove one first.`);
		const [goal] = await tx.sql<{ id: string }[]>`
			insert into goals (id, organization_id, metric, period, target, channel, created_by)
			values (${newId()}, ${organizationId}, ${metric}, ${period}, ${target}, ${channel}, ${authorOf(ctx)})
			on conflict (organization_id, metric, period, channel) do update set target = excluded.target returning id`;
		await audit(tx, ctx, 'goal.set', { kind: 'goal', id: goal!.id }, { metric, period, target, channel });
	});
}

/** Takes a goal back. @throws Forbidden without views.manage, NotFound */
export async function removeGoal(ctx: Ctx, id: string): Promise<void> {
	require(ctx, 'views.manage');
	await inOrganization(ctx.organization.id, async (tx) => {
		const gone =
			await tx.sql`delete from goals where organization_id = ${ctx.organization.id} and id::text = ${id} returning 1`;
		if (gone.length === 0) throw new NotFound('This goal');
		await audit(tx, ctx, 'goal.removed', { kind: 'goal', id });
	});
}

/**
 * All goals (at most 30) with how far each is in its running period. A member with limits sees the part they may see.
 * @throws Forbidden without analytics.read; Unavailable when a store does not answer
 */
export async function listGoals(ctx: Ctx, now = new Date()): Promise<GoalProgress[]> {
	require(ctx, 'analytics.read');
	const rows = await inOrganization(
		ctx.organization.id,
		({ sql }) => sql<Pick<GoalProgress, 'id' | 'metric' | 'period' | 'target' | 'channel'>[]>`
		select id, metric, period, trim_scale(target)::text as target, nullif(channel, '') as channel from goals
		where organization_id = ${ctx.organization.id} order by array_position(array['week', 'month', 'quarter', 'year'], period), metric, channel limit ${MOST}`
	);
	const today = localDay(now.toISOString(), ctx.organization.timeZone);
	return Promise.all(
		rows.map(async (goal) => {
			const range = goalRange(goal.period, today);
			const { total, currency } = await trend(
				ctx,
				{
					metric: goal.metric,
					range: { from: range.from, to: today },
					by: 'month',
					compare: 'none',
					channels: goal.channel ? [goal.channel] : []
				},
				now
			);
			return {
				...goal,
				...range,
				currency,
				value: total.value,
				...progressOf(goal.metric, goal.target, total.value, range, today)
			};
		})
	);
}
