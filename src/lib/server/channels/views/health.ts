import type { ConnectionHealth, LimitView } from '#lib/contracts/channel-views.ts';
import type { Ctx } from '../../platform/ctx.ts';
import type { Tx } from '../../platform/db.ts';
import { localDay } from '../../orders/index.ts';

const DAYS = 30;

/** How the runs of the last 30 days went, by connection, in two questions however many connections there are. */
export async function healthOf(
	{ sql }: Tx,
	ctx: Ctx,
	id: string | null
): Promise<Map<string, ConnectionHealth>> {
	const { id: organizationId, timeZone } = ctx.organization;
	const only = id === null ? sql`` : sql`and connection_id = ${id}`;
	const days = await sql<
		{ connectionId: string; day: string; succeeded: number; failed: number; last: Date | null }[]
	>`
		select connection_id, (finished_at at time zone ${timeZone})::date::text as day, count(*) filter (where status = 'succeeded')::int as succeeded,
			count(*) filter (where status = 'failed')::int as failed, max(finished_at) filter (where status = 'succeeded') as last
		from sync_runs
		where organization_id = ${organizationId} ${only} and status in ('succeeded', 'failed') and finished_at > now() - make_interval(days => ${DAYS})
		group by 1, 2`;
	const failing = await sql<
		{ connectionId: string; runId: string; kind: string; at: Date; error: string | null }[]
	>`
		select distinct on (connection_id) connection_id, id as run_id, kind, finished_at as at, error from (
			select distinct on (connection_id, kind) connection_id, kind, id, status, finished_at, error from sync_runs
			where organization_id = ${organizationId} ${only} and status in ('succeeded', 'failed') order by connection_id, kind, finished_at desc
		) latest where status = 'failed' order by connection_id, finished_at desc`;
	const calendar = lastDays(timeZone);
	const found = new Map<string, ConnectionHealth>();
	const of = (connectionId: string) => {
		let health = found.get(connectionId);
		if (!health) found.set(connectionId, (health = noRuns(timeZone)));
		return health;
	};
	for (const row of days) {
		const health = of(row.connectionId);
		health.succeeded += row.succeeded;
		health.failed += row.failed;
		const at = row.last?.toISOString() ?? null;
		if (at !== null && (health.lastSuccessAt ?? '') < at) health.lastSuccessAt = at;
		const cell = health.days[calendar.indexOf(row.day)];
		if (cell) Object.assign(cell, { succeeded: row.succeeded, failed: row.failed });
	}
	for (const { connectionId, at, error, ...rest } of failing)
		of(connectionId).failing = { ...rest, at: at.toISOString(), error: error ?? 'No reason was kept.' };
	return found;
}

/** Of a connection that has not run. */
export function noRuns(timeZone: string): ConnectionHealth {
	const days = lastDays(timeZone).map((day) => ({ day, succeeded: 0, failed: 0 }));
	return { succeeded: 0, failed: 0, days, lastSuccessAt: null, failing: null };
}

/** What the last run learnt of the channel's limits, kept on the connection's facts; the tightest first. */
export function limitsOf(facts: Record<string, unknown>): LimitView[] {
	const kept = facts.limits;
	if (kept === null || typeof kept !== 'object') return [];
	const limits = Object.entries(
		kept as Record<string, Partial<Record<'left' | 'most' | 'rate', unknown>>>
	).flatMap(([name, value]) => {
		const { left, most, rate } = value ?? {};
		if (typeof left !== 'number' || typeof rate !== 'number') return [];
		return [{ name, left, most: typeof most === 'number' ? most : null, rate }];
	});
	const share = ({ left, most }: LimitView) => (most === null || most === 0 ? 1 : left / most);
	return limits.sort((a, b) => share(a) - share(b));
}

function lastDays(timeZone: string): string[] {
	const today = Date.parse(`${localDay(new Date().toISOString(), timeZone)}T12:00:00Z`);
	return Array.from({ length: DAYS }, (_, n) =>
		new Date(today - (DAYS - 1 - n) * 86_400_000).toISOString().slice(0, 10)
	);
}
