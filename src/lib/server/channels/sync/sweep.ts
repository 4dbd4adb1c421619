import type { Channel as ChannelName } from '#lib/contracts/channels.ts';
import { sinceNightly } from '../../orders/index.ts';
import { asSystem } from '../../platform/system.ts';
import { newId } from '../../platform/ids.ts';
import { enqueue } from '../../platform/queue.ts';
import type { Channel } from '../channel.ts';
import { eraseJob, syncJob } from '../jobs.ts';
import { channelOf } from '../registry.ts';
import { LOST_AFTER_SECONDS, type RunKind } from './runs.ts';

/** A run starts a little after the sweep that queued it; without this each would come a minute later than said. */
const SLACK_MINUTES = 0.5;

interface Due {
	whole: boolean;
	/** Minutes since a run of a kind was queued; a kind that never ran is absent. */
	ages: Partial<Record<RunKind, number>>;
	/** Minutes since it was last two o'clock at night. */
	sinceNightly: number;
}

/** Queues what is due for each working connection, and hands waiting or lost runs to the queue. */
export async function sweep(): Promise<void> {
	const waiting = await asSystem('sweep: due work of all organizations', async (tx) => {
		const connections = await tx.sql<
			(Omit<Due, 'sinceNightly'> & {
				id: string;
				organizationId: string;
				channel: ChannelName;
				timeZone: string;
			})[]
		>`
			select c.id, c.organization_id, c.channel, k.synced_to is not null as whole,
				(select coalesce(jsonb_object_agg(kind, age), '{}') from (
					select r.kind, extract(epoch from now() - max(coalesce(r.started_at, r.queued_at)))::float8 / 60 as age
					from sync_runs r where r.connection_id = c.id group by r.kind) a) as ages,
				o.time_zone
			from connections c join organizations o on o.id = c.organization_id
			left join sync_cursors k on k.connection_id = c.id and k.resource = 'orders'
			where c.status in ('connecting', 'healthy', 'degraded') and c.credentials is not null`;
		const now = new Date();
		const nights = new Map(
			[...new Set(connections.map(({ timeZone }) => timeZone))].map((zone) => [zone, sinceNightly(now, zone)])
		);
		const due = connections.flatMap((connection) =>
			dueKinds(channelOf(connection.channel), {
				...connection,
				sinceNightly: nights.get(connection.timeZone)!
			}).map((kind) => ({ id: newId(), connectionId: connection.id, kind }))
		);
		// a connection that somebody deletes or holds this moment waits for the next sweep, and no other with it
		await tx.sql`
			insert into sync_runs (id, organization_id, connection_id, kind, status, trigger)
			select d.id, c.organization_id, c.id, d.kind, 'queued', 'schedule'
			from json_to_recordset(${JSON.stringify(due)}::text::json) as d (id uuid, "connectionId" uuid, kind text)
			join connections c on c.id = d."connectionId" for key share of c skip locked
			on conflict (connection_id, kind) where status in ('queued', 'running') do nothing`;
		return tx.sql<{ organizationId: string; connectionId: string; runId: string }[]>`
			select distinct on (r.connection_id) r.organization_id, r.connection_id, r.id as run_id from sync_runs r
			where ((r.status = 'queued' and (r.resume_at is null or r.resume_at <= now()))
					or (r.status = 'running' and r.heartbeat_at < now() - make_interval(secs => ${LOST_AFTER_SECONDS})))
				and not exists (select 1 from sync_runs b where b.connection_id = r.connection_id and b.status = 'running'
					and b.heartbeat_at >= now() - make_interval(secs => ${LOST_AFTER_SECONDS}))
			order by r.connection_id, r.status = 'running' desc, r.queued_at`;
	});
	for (const run of waiting) await enqueue(syncJob, run, { key: run.runId });
	// a crash may come between the commit of a request and its job
	const asked = await asSystem(
		'sweep: due work of all organizations',
		({ sql }) => sql<{ organizationId: string; connectionId: string }[]>`
		select distinct organization_id, connection_id from privacy_requests
		where done_at is null and kind <> 'data_request' and received_at < now() - interval '1 minute'`
	);
	for (const one of asked) await enqueue(eraseJob, one, { key: one.connectionId });
}

/** Which kinds a connection is due for. A connection whose first sync is not whole does nothing else. */
export function dueKinds({ every, runs }: Pick<Channel, 'every' | 'runs'>, connection: Due): RunKind[] {
	const { ages, whole, sinceNightly } = connection;
	const due = (kind: Exclude<RunKind, 'reconcile'>) =>
		every[kind] !== undefined && (ages[kind] ?? Infinity) >= every[kind] - SLACK_MINUTES;
	if (!whole) return due('backfill') ? ['backfill'] : [];
	// the first sync read everything: the clock of the others starts with it
	const since = (kind: Exclude<RunKind, 'reconcile'>) =>
		(ages.backfill ?? Infinity) >= (every[kind] ?? Infinity);
	const kinds: RunKind[] = (['incremental', 'stock', 'catalog', 'finances'] as const).filter(
		(kind) => runs[kind] !== undefined && due(kind) && since(kind)
	);
	const nightly = runs.reconcile !== undefined && (ages.reconcile ?? Infinity) > sinceNightly;
	if (nightly && (ages.backfill ?? Infinity) > sinceNightly) kinds.push('reconcile');
	return kinds;
}

/** The run that waits for a connection that has just become free, and one of the organization's others. */
export async function enqueueNext(organizationId: string, connectionId: string): Promise<void> {
	const next = await asSystem(
		'sweep: due work of all organizations',
		({ sql }) => sql<{ id: string; connectionId: string; waitSeconds: number }[]>`
			select distinct on (own) id, connection_id, greatest(0, ceil(extract(epoch from coalesce(resume_at, now()) - now())))::int as wait_seconds
			from (select r.*, r.connection_id = ${connectionId} as own from sync_runs r where r.organization_id = ${organizationId} and r.status = 'queued') q
			where own or (resume_at is null and not exists (
				select 1 from sync_runs b where b.connection_id = q.connection_id and b.status = 'running'))
			order by own desc, resume_at nulls first, queued_at`
	);
	for (const run of next) {
		await enqueue(
			syncJob,
			{ organizationId, connectionId: run.connectionId, runId: run.id },
			{ key: run.id, ...(run.waitSeconds > 0 && { startAfterSeconds: run.waitSeconds }) }
		);
	}
}
