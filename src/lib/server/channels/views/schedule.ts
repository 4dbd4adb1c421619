import type { ScheduleView } from '#lib/contracts/channel-views.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { nextNightly } from '../../orders/index.ts';
import type { Tx } from '../../platform/db.ts';
import type { Channel } from '../channel.ts';
import type { RunKind } from '../sync/runs.ts';

const ORDER: readonly RunKind[] = ['incremental', 'stock', 'catalog', 'finances', 'reconcile'];

/** Every kind of run a connection has: how it went and when it comes again. `begun` is false before the first sync is whole. */
export async function scheduleOf(
	{ sql }: Tx,
	ctx: Ctx,
	connectionId: string,
	{ every, runs }: Pick<Channel, 'every' | 'runs'>,
	{ working, begun }: { working: boolean; begun: boolean }
): Promise<ScheduleView[]> {
	const organizationId = ctx.organization.id;
	const counted = await sql<
		{
			kind: RunKind;
			succeeded: number;
			failed: number;
			medianMs: number | null;
			lastAt: Date;
			active: 'queued' | 'running' | null;
		}[]
	>`
		select kind, count(*) filter (where status = 'succeeded')::int as succeeded, count(*) filter (where status = 'failed')::int as failed,
			percentile_cont(0.5) within group (order by extract(epoch from finished_at - started_at) * 1000) filter (where status = 'succeeded') as median_ms,
			max(coalesce(started_at, queued_at)) as last_at, max(status) filter (where status in ('queued', 'running')) as active
		from sync_runs where organization_id = ${organizationId} and connection_id = ${connectionId} and queued_at > now() - interval '30 days'
		group by kind`;
	const latest = await sql<
		{ kind: RunKind; runId: string; status: string; at: Date; error: string | null }[]
	>`
		select distinct on (kind) kind, id as run_id, status, coalesce(finished_at, started_at, queued_at) as at, error from sync_runs
		where organization_id = ${organizationId} and connection_id = ${connectionId} and status not in ('queued', 'running')
		order by kind, queued_at desc`;
	const firstSync = counted.find(({ kind }) => kind === 'backfill')?.lastAt;
	return ORDER.filter((kind) => runs[kind] !== undefined).map((kind) => {
		const count = counted.find((one) => one.kind === kind);
		const last = latest.find((one) => one.kind === kind);
		const minutes = kind === 'reconcile' ? null : (every[kind] ?? null);
		return {
			kind,
			every: minutes,
			last: last
				? { runId: last.runId, status: last.status, at: last.at.toISOString(), error: last.error }
				: null,
			active: count?.active ?? null,
			succeeded: count?.succeeded ?? 0,
			failed: count?.failed ?? 0,
			medianMs: count?.medianMs == null ? null : Math.round(count.medianMs),
			nextAt: working && begun ? next(minutes, count?.lastAt ?? firstSync, ctx.organization.timeZone) : null
		};
	});
}

function next(minutes: number | null, last: Date | undefined, timeZone: string): string {
	const now = new Date();
	if (minutes === null) return nextNightly(now, timeZone).toISOString();
	return new Date(Math.max(now.getTime(), (last?.getTime() ?? 0) + minutes * 60_000)).toISOString();
}
