import { requestRunSchema, type RunsView } from '#lib/contracts/forecast-views.ts';
import { audit, require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { Conflict } from '../platform/errors.ts';
import { parse } from '../platform/parse.ts';
import { enqueue } from '../platform/queue.ts';
import { forecastJob } from './jobs.ts';
import { queueRun, runColumns, runView, type RunRow } from './runs.ts';
import { nextRuns } from './when.ts';

/**
 * Asks for a training or a refresh now; answers the id of the run, which may be one that waits already.
 * @throws Conflict for a refresh before the first training, Forbidden without forecasts.manage, Invalid
 */
export async function requestRun(ctx: Ctx, input: unknown): Promise<{ runId: string }> {
	require(ctx, 'forecasts.manage');
	const { kind } = parse(requestRunSchema, input);
	const organizationId = ctx.organization.id;
	const runId = await inOrganization(organizationId, async (tx) => {
		const [trained] =
			await tx.sql`select 1 from forecast_sets where organization_id = ${organizationId} limit 1`;
		if (kind === 'refresh' && !trained)
			throw new Conflict('Nothing has been trained yet. Train first; that forecasts as well.');
		const runId = await queueRun(tx, organizationId, kind, 'person');
		await audit(tx, ctx, 'forecast_run.requested', { kind: 'forecast_run', id: runId }, { kind });
		return runId;
	});
	await enqueue(forecastJob, { organizationId, runId }, { key: runId });
	return { runId };
}

/**
 * The run at work, the last finished ones, and when the next are due.
 * @throws Forbidden without analytics.read
 */
export async function runProgress(ctx: Ctx, now = new Date()): Promise<RunsView> {
	require(ctx, 'analytics.read');
	const organizationId = ctx.organization.id;
	const rows = await inOrganization(
		organizationId,
		(tx) => tx.sql<(RunRow & { place: string })[]>`
		(select 'active' as place, ${runColumns(tx)} from forecast_runs r
			where r.organization_id = ${organizationId} and r.status in ('queued', 'running') and r.kind <> 'on-demand' order by r.status = 'running' desc, r.queued_at limit 1)
		union all
		(select distinct on (r.kind) r.kind as place, ${runColumns(tx)} from forecast_runs r
			where r.organization_id = ${organizationId} and r.kind <> 'on-demand' and r.status in ('succeeded', 'failed') order by r.kind, r.queued_at desc)`
	);
	const at = (place: string) => {
		const found = rows.find((row) => row.place === place);
		if (!found) return null;
		const { place: _place, ...row } = found;
		return runView(row);
	};
	const next = nextRuns(now, ctx.organization.timeZone);
	return {
		active: at('active'),
		lastTrain: at('train'),
		lastRefresh: at('refresh'),
		nextTrain: next.train.toISOString(),
		nextRefresh: next.refresh.toISOString()
	};
}
