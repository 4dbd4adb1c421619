import { asSystem } from '../../platform/system.ts';
import { enqueue } from '../../platform/queue.ts';
import { eraseJob, syncJob } from '../jobs.ts';
import { LOST_AFTER_SECONDS, queueRun, type RunKind } from './runs.ts';

/** Minutes between two runs of a kind; a first sync that failed is tried again after five. */
export const EVERY_MINUTES = { incremental: 15, stock: 30, catalog: 360, backfill: 5 } as const;

interface Due {
	id: string;
	organizationId: string;
	whole: boolean;
	/** Minutes since a run of the kind was queued; null for never. */
	incremental: number | null;
	stock: number | null;
	catalog: number | null;
	backfill: number | null;
}

/** Queues what is due for each working connection, and hands waiting or lost runs to the queue. */
export async function sweep(): Promise<void> {
	const waiting = await asSystem('sweep: due work of all organizations', async (tx) => {
		const connections = await tx.sql<Due[]>`
			select c.id, c.organization_id, k.synced_to is not null as whole,
				${tx.sql.unsafe(ageOf('incremental'))}, ${tx.sql.unsafe(ageOf('stock'))}, ${tx.sql.unsafe(ageOf('catalog'))}, ${tx.sql.unsafe(ageOf('backfill'))}
			from connections c left join sync_cursors k on k.connection_id = c.id and k.resource = 'orders'
			where c.status in ('connecting', 'healthy', 'degraded') and c.credentials is not null`;
		for (const connection of connections)
			for (const kind of dueKinds(connection)) await queueRun(tx, connection, kind, 'schedule');
		return tx.sql<{ organizationId: string; connectionId: string; runId: string }[]>`
			select distinct on (r.connection_id) r.organization_id, r.connection_id, r.id as run_id from sync_runs r
			where (r.status = 'queued' or (r.status = 'running' and r.heartbeat_at < now() - make_interval(secs => ${LOST_AFTER_SECONDS})))
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
export function dueKinds(connection: Due): RunKind[] {
	const due = (kind: keyof typeof EVERY_MINUTES) =>
		connection[kind] === null || connection[kind] >= EVERY_MINUTES[kind];
	if (!connection.whole) return due('backfill') ? ['backfill'] : [];
	// the first sync read everything: the clock of the others starts with it
	return (['incremental', 'stock', 'catalog'] as const).filter(
		(kind) => due(kind) && (connection.backfill === null || connection.backfill >= EVERY_MINUTES[kind])
	);
}

function ageOf(kind: keyof typeof EVERY_MINUTES): string {
	return `(select extract(epoch from now() - max(coalesce(r.started_at, r.queued_at)))::float8 / 60 from sync_runs r where r.connection_id = c.id and r.kind = '${kind}') as ${kind}`;
}

/** The run that waits for a connection that has just become free. */
export async function enqueueNext(organizationId: string, connectionId: string): Promise<void> {
	const next = await asSystem('sweep: due work of all organizations', async ({ sql }) => {
		const [run] = await sql<{ id: string }[]>`
			select id from sync_runs where organization_id = ${organizationId} and connection_id = ${connectionId} and status = 'queued' order by queued_at limit 1`;
		return run;
	});
	if (next) await enqueue(syncJob, { organizationId, connectionId, runId: next.id }, { key: next.id });
}
