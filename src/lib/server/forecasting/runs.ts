import type { RunView } from '#lib/contracts/forecast-views.ts';
import { inOrganization, type Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';

/** A run that says nothing for this long has lost its process. */
export const LOST_AFTER_SECONDS = 90;
/** Times a run may lose its process before it is given up. */
export const MOST_ATTEMPTS = 3;
/** Of the network and of everything else that draws numbers. */
export const SEED = 1;

export type RunKind = 'train' | 'refresh';
export type RunTrigger = 'schedule' | 'person' | 'start' | 'operator';

interface RunRow {
	id: string;
	kind: RunView['kind'];
	status: RunView['status'];
	progress: RunView['progress'];
	version: number;
	seed: number;
	queuedAt: Date;
	startedAt: Date | null;
	finishedAt: Date | null;
	error: string | null;
	cpuSeconds: number | null;
	peakMb: number | null;
}

export interface TakenRun {
	id: string;
	kind: RunKind;
	version: number;
	seed: number;
	/** Set by an earlier try: the run goes on with the days it began with. */
	origin: string | null;
	attempts: number;
}

/** Queues a run unless one of its kind waits or runs already; answers the id of the one that will do the work. */
export async function queueRun(
	{ sql }: Tx,
	organizationId: string,
	kind: RunKind,
	trigger: RunTrigger
): Promise<string> {
	const progress = sql.json({ step: 'waiting', done: 0, total: 0 });
	// a training is a new version, a refresh carries that of the last training
	const [made] = await sql<{ id: string }[]>`
		insert into forecast_runs (id, organization_id, kind, trigger, status, progress, version, seed)
		select ${newId()}, ${organizationId}, ${kind}, ${trigger}, 'queued', ${progress},
			case when ${kind} = 'train' then greatest(coalesce(max(s.version), 0), (select coalesce(max(version), 0) from forecast_runs where organization_id = ${organizationId})) + 1
				else coalesce(max(s.version), 0) end, ${SEED}
		from forecast_sets s where s.organization_id = ${organizationId}
		on conflict (organization_id, kind) where status in ('queued', 'running') and kind <> 'on-demand' do nothing returning id`;
	if (made) return made.id;
	const [active] = await sql<{ id: string }[]>`
		select id from forecast_runs where organization_id = ${organizationId} and kind = ${kind} and status in ('queued', 'running')`;
	return active?.id ?? queueRun({ sql } as Tx, organizationId, kind, trigger);
}

/** Takes a run that waits, or one whose process was lost; null when there is nothing to take or another run of the organization is at work. */
export async function takeRun(organizationId: string, runId: string): Promise<TakenRun | null> {
	return inOrganization(organizationId, async ({ sql }) => {
		await sql`select 1 from organizations where id = ${organizationId} for no key update`;
		const [run] = await sql<TakenRun[]>`
			update forecast_runs r set status = 'running', started_at = coalesce(r.started_at, now()), heartbeat_at = now(), attempts = r.attempts + (before.status = 'running')::int
			from (select id, status from forecast_runs where id = ${runId} for update) before
			where r.id = before.id and r.organization_id = ${organizationId} and r.kind <> 'on-demand'
				and (r.status = 'queued' or (r.status = 'running' and r.heartbeat_at < now() - make_interval(secs => ${LOST_AFTER_SECONDS})))
				and not exists (select 1 from forecast_runs b where b.organization_id = ${organizationId} and b.id <> r.id and b.kind <> 'on-demand' and b.status = 'running'
					and b.heartbeat_at > now() - make_interval(secs => ${LOST_AFTER_SECONDS}))
			returning r.id, r.kind, r.version, r.seed, r.origin, r.attempts`;
		return run ?? null;
	});
}

/** Says that the run is alive and how far it is; false when it is not ours any more. */
export async function beat(
	organizationId: string,
	runId: string,
	progress: RunView['progress']
): Promise<boolean> {
	const rows = await inOrganization(
		organizationId,
		({ sql }) => sql`
		update forecast_runs set heartbeat_at = now(), progress = ${sql.json({ ...progress })}
		where organization_id = ${organizationId} and id = ${runId} and status = 'running' returning 1`
	);
	return rows.length > 0;
}

/** Hands a run back: the process is ending, another one goes on from its parts. */
export async function releaseRun(organizationId: string, runId: string): Promise<void> {
	await inOrganization(
		organizationId,
		({ sql }) => sql`
		update forecast_runs set status = 'queued' where organization_id = ${organizationId} and id = ${runId} and status = 'running'`
	);
}

/** Gives a run up; forecasts stay as they are. `error` is a sentence for people. */
export async function failRun(organizationId: string, runId: string, error: string): Promise<void> {
	await inOrganization(organizationId, async ({ sql }) => {
		await sql`
			update forecast_runs set status = 'failed', error = ${error}, finished_at = now()
			where organization_id = ${organizationId} and id = ${runId} and status = 'running'`;
		await sql`delete from forecast_parts where organization_id = ${organizationId} and run_id = ${runId}`;
	});
}

/** Ends a run in the transaction that writes its forecasts; false when it is not ours any more: then nothing may be written. */
export async function finishRun(
	{ sql }: Tx,
	organizationId: string,
	runId: string,
	series: number
): Promise<boolean> {
	const rows = await sql`
		update forecast_runs set status = 'succeeded', error = null, finished_at = now(), progress = ${sql.json({ step: 'done', done: series, total: series })}
		where organization_id = ${organizationId} and id = ${runId} and status = 'running' returning 1`;
	await sql`delete from forecast_parts where organization_id = ${organizationId} and run_id = ${runId}`;
	return rows.length > 0;
}

export async function noteUse(
	organizationId: string,
	runId: string,
	used: { cpuSeconds: number; peakMb: number }
): Promise<void> {
	await inOrganization(
		organizationId,
		({ sql }) => sql`
		update forecast_runs set cpu_seconds = coalesce(cpu_seconds, 0) + ${used.cpuSeconds}, peak_mb = greatest(peak_mb, ${used.peakMb}::int)
		where organization_id = ${organizationId} and id = ${runId}`
	);
}

/** Columns of a `RunRow` of the run `r`. */
export function runColumns({ sql }: Tx) {
	return sql`r.id, r.kind, r.status, r.progress, r.version, r.seed, r.queued_at, r.started_at, r.finished_at, r.error, r.cpu_seconds, r.peak_mb`;
}

export function runView(row: RunRow): RunView {
	return {
		...row,
		queuedAt: row.queuedAt.toISOString(),
		startedAt: row.startedAt?.toISOString() ?? null,
		finishedAt: row.finishedAt?.toISOString() ?? null
	};
}

export type { RunRow };
