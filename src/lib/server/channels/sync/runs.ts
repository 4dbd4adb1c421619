import type { RunJournal } from '#lib/contracts/channel-views.ts';
import type { LiveRun } from '#lib/contracts/live.ts';
import { record, type PendingEvent } from '../../live/index.ts';
import { inOrganization, type Tx } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import type { ConnectionRow } from '../connection-rows.ts';

export type RunKind = 'backfill' | 'incremental' | 'stock' | 'catalog' | 'finances' | 'reconcile';
export type RunTrigger = 'connect' | 'schedule' | 'person' | 'webhook' | 'recovery';
export type RunStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
export type Progress = LiveRun['progress'];

/** A run that says nothing for this long has lost its process. */
export const LOST_AFTER_SECONDS = 90;
/** Runs of one organization at the same time: one with many slow accounts leaves room for others. */
const MOST_OF_AN_ORGANIZATION = 4;

/** Queues a run unless one of its kind waits or runs already; answers the id of the one that will do the work. */
export async function queueRun(
	{ sql }: Tx,
	connection: { organizationId: string; id: string },
	kind: RunKind,
	trigger: RunTrigger
): Promise<string> {
	const [made] = await sql<{ id: string }[]>`
		insert into sync_runs (id, organization_id, connection_id, kind, status, trigger)
		values (${newId()}, ${connection.organizationId}, ${connection.id}, ${kind}, 'queued', ${trigger})
		on conflict (connection_id, kind) where status in ('queued', 'running') do nothing returning id`;
	if (made) return made.id;
	const [active] = await sql<{ id: string }[]>`
		select id from sync_runs where organization_id = ${connection.organizationId} and connection_id = ${connection.id}
			and kind = ${kind} and status in ('queued', 'running')`;
	return active?.id ?? queueRun({ sql } as Tx, connection, kind, trigger);
}

export interface TakenRun {
	id: string;
	kind: RunKind;
	progress: Progress;
	requests: number;
	retries: number;
	journal: Partial<RunJournal>;
	startedAt: Date;
	/** An earlier process had begun it. */
	resumed: boolean;
}

/**
 * Takes a run that waits, or one whose process was lost; null when another run of the connection is at work, the channel asked to
 * wait, the organization has enough runs, or there is nothing to take. The connection's row is locked for the moment, so that two workers cannot both find it free.
 */
export async function takeRun(
	organizationId: string,
	connectionId: string,
	runId: string
): Promise<TakenRun | null> {
	return inOrganization(organizationId, async ({ sql }) => {
		await sql`select 1 from connections where organization_id = ${organizationId} and id = ${connectionId} for update`;
		const [busy] = await sql`
			select 1 from sync_runs where organization_id = ${organizationId} and connection_id = ${connectionId} and id <> ${runId} and status = 'running'
				and heartbeat_at > now() - make_interval(secs => ${LOST_AFTER_SECONDS})
			union all
			(select 1 from sync_runs where organization_id = ${organizationId} and status = 'running' and heartbeat_at > now() - make_interval(secs => ${LOST_AFTER_SECONDS})
				offset ${MOST_OF_AN_ORGANIZATION - 1} limit 1)`;
		if (busy) return null;
		const [run] = await sql<TakenRun[]>`
			update sync_runs r set status = 'running', started_at = coalesce(r.started_at, now()), heartbeat_at = now(), resume_at = null
			from (select id, status from sync_runs where id = ${runId} for update) before
			where r.id = before.id and r.organization_id = ${organizationId} and r.connection_id = ${connectionId}
				and ((r.status = 'queued' and (r.resume_at is null or r.resume_at <= now())) or (r.status = 'running' and r.heartbeat_at < now() - make_interval(secs => ${LOST_AFTER_SECONDS})))
			returning r.id, r.kind, r.progress, r.requests, r.retries, r.journal, r.started_at, before.status = 'running' as resumed`;
		return run ?? null;
	});
}

/** Ends a run, and says so to everyone who watches. */
export async function finishRun(
	connection: ConnectionRow,
	runId: string,
	end: {
		status: 'succeeded' | 'failed' | 'cancelled';
		error: string | null;
		progress: Progress;
		requests: number;
		retries: number;
		journal?: RunJournal;
	}
): Promise<void> {
	await record(connection.organizationId, async (tx) => {
		await tx.sql`
			update sync_runs set status = ${end.status}, error = ${end.error}, progress = ${tx.sql.json(end.progress)}, requests = ${end.requests},
				retries = ${end.retries}, journal = coalesce(${end.journal ? tx.sql.json(end.journal as never) : null}, journal), finished_at = now(), heartbeat_at = now()
			where organization_id = ${connection.organizationId} and id = ${runId} and status = 'running'`;
		return {
			result: undefined,
			events: [await connectionEvent(tx, connection.organizationId, connection.id)]
		};
	});
}

/** Hands a running run back to the queue: the process is ending, another one goes on from the cursors. */
export async function releaseRun(organizationId: string, runId: string, journal: RunJournal): Promise<void> {
	await inOrganization(
		organizationId,
		({ sql }) => sql`
		update sync_runs set status = 'queued', journal = ${sql.json(journal as never)} where organization_id = ${organizationId} and id = ${runId} and status = 'running'`
	);
}

/** Hands a running run back because the channel asks to wait; it is taken again when `waitMs` are over. */
export async function postponeRun(
	connection: ConnectionRow,
	runId: string,
	waitMs: number,
	state: { progress: Progress; requests: number; retries: number; journal?: RunJournal }
): Promise<void> {
	await inOrganization(
		connection.organizationId,
		({ sql }) => sql`
		update sync_runs set status = 'queued', resume_at = now() + make_interval(secs => ${waitMs / 1000}), progress = ${sql.json(state.progress)},
			requests = ${state.requests}, retries = ${state.retries}, journal = coalesce(${state.journal ? sql.json(state.journal as never) : null}, journal)
		where organization_id = ${connection.organizationId} and id = ${runId} and status = 'running'`
	);
}

/** The event that tells pages how a connection and its latest run stand. */
export async function connectionEvent(
	{ sql }: Tx,
	organizationId: string,
	connectionId: string
): Promise<PendingEvent> {
	const [row] = await sql<{ channel: ConnectionRow['channel']; status: string; freshAt: Date | null }[]>`
		select channel, status, fresh_at from connections where organization_id = ${organizationId} and id = ${connectionId}`;
	const [run] = await sql<
		{ id: string; kind: string; status: string; progress: Progress; startedAt: Date | null }[]
	>`
		select id, kind, status, progress, started_at from sync_runs where organization_id = ${organizationId} and connection_id = ${connectionId}
		order by (status = 'running') desc, queued_at desc limit 1`;
	return {
		organizationId,
		subjectId: connectionId,
		kind: 'connection',
		connectionId,
		status: row?.status ?? 'disconnected',
		freshAt: row?.freshAt?.toISOString() ?? null,
		run: run ? { ...run, startedAt: run.startedAt?.toISOString() ?? null } : null,
		dimensions: { channel: row?.channel ?? null, categories: [], locations: [], country: null }
	};
}
