import { asSystem } from '../platform/system.ts';
import { enqueue } from '../platform/queue.ts';
import { forecastJob } from './jobs.ts';
import { LOST_AFTER_SECONDS, queueRun, type RunKind } from './runs.ts';
import { dueKind } from './when.ts';

/** After a first sync or a failed run, in minutes: what is fresh settles first, what fails is not tried without end. */
const SETTLE_MINUTES = 1;
const RETRY_MINUTES = 360;

interface Candidate {
	id: string;
	timeZone: string;
	train: number | null;
	refresh: number | null;
	trained: boolean;
}

/**
 * Queues the training or refresh that is due for each organization that has sales and whose connections have all told their past, and hands
 * waiting or lost runs to the queue.
 */
export async function sweep(): Promise<void> {
	for (const run of await queueDue(new Date())) await enqueue(forecastJob, run, { key: run.runId });
}

/** Makes the rows of runs that are due at `now`; answers what waits for a process. Exported for its test. */
export function queueDue(now: Date): Promise<{ organizationId: string; runId: string }[]> {
	return asSystem('sweep: due work of all organizations', async (tx) => {
		// the age of a failed run counts only while it is young: then it is tried again
		const candidates = await tx.sql<Candidate[]>`
			select o.id, o.time_zone, exists (select 1 from forecast_sets s where s.organization_id = o.id) as trained,
				(select min(extract(epoch from ${now}::timestamptz - r.queued_at))::float8 / 60 from forecast_runs r where r.organization_id = o.id and r.kind = 'train'
					and (r.status <> 'failed' or r.finished_at > ${now}::timestamptz - make_interval(mins => ${RETRY_MINUTES}))) as train,
				(select min(extract(epoch from ${now}::timestamptz - r.queued_at))::float8 / 60 from forecast_runs r where r.organization_id = o.id and r.kind = 'refresh'
					and (r.status <> 'failed' or r.finished_at > ${now}::timestamptz - make_interval(mins => ${RETRY_MINUTES}))) as refresh
			from organizations o
			where exists (select 1 from orders k where k.organization_id = o.id)
				and not exists (select 1 from connections c where c.organization_id = o.id and c.status in ('connecting', 'healthy', 'degraded') and c.credentials is not null
					and not exists (select 1 from sync_cursors u where u.connection_id = c.id and u.resource = 'orders' and u.synced_to is not null))
				and not exists (select 1 from sync_runs b where b.organization_id = o.id and b.kind = 'backfill'
					and (b.status in ('queued', 'running') or b.finished_at > ${now}::timestamptz - make_interval(mins => ${SETTLE_MINUTES})))`;
		for (const one of candidates) {
			const kind: RunKind | null = dueKind(now, one.timeZone, one, one.trained);
			if (kind) await queueRun(tx, one.id, kind, one.trained ? 'schedule' : 'start');
		}
		return tx.sql<{ organizationId: string; runId: string }[]>`
			select distinct on (r.organization_id) r.organization_id, r.id as run_id from forecast_runs r
			where r.kind <> 'on-demand' and (r.status = 'queued' or (r.status = 'running' and r.heartbeat_at < now() - make_interval(secs => ${LOST_AFTER_SECONDS})))
			order by r.organization_id, r.status = 'running' desc, r.queued_at`;
	});
}
