import type { Channel } from '#lib/contracts/channels.ts';
import type {
	ConnectionSummary,
	DeadLetterView,
	RecentRun,
	RunDetail,
	RunJournal,
	RunView
} from '#lib/contracts/channel-views.ts';
import { require } from '../../identity/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { inOrganization, type Tx } from '../../platform/db.ts';
import { NotFound } from '../../platform/errors.ts';
import { openJournal } from '../journal.ts';
import { isAllowed } from './allowed.ts';
import { iso } from './instant.ts';
import { outboxPosition } from './position.ts';
import { uuidOr404 } from './uuid.ts';

type Stored = Omit<RunView, 'queuedAt' | 'startedAt' | 'finishedAt' | 'resumeAt' | 'waitedMs'> & {
	journal: Partial<RunJournal>;
	queuedAt: Date;
	startedAt: Date | null;
	finishedAt: Date | null;
	resumeAt: Date | null;
};

/** Runs of a connection, newest first; `failed` leaves out those that ended well. */
export async function runsOf(
	{ sql }: Tx,
	organizationId: string,
	connectionId: string,
	{ failed = false, most = 20 }: { failed?: boolean; most?: number } = {}
): Promise<RunView[]> {
	const rows = await sql<Stored[]>`
		select id, kind, status, trigger, progress, requests, retries, journal, error, resume_at, queued_at, started_at, finished_at from sync_runs
		where organization_id = ${organizationId} and connection_id = ${connectionId} ${failed ? sql`and status = 'failed'` : sql``}
		order by queued_at desc limit ${most}`;
	return rows.map(toRun);
}

/** The last runs of all connections that the member may see. */
export async function recentRuns(tx: Tx, ctx: Ctx, most = 8): Promise<RecentRun[]> {
	const rows = await tx.sql<(Stored & { connectionId: string; connectionName: string; channel: Channel })[]>`
		select r.id, r.kind, r.status, r.trigger, r.progress, r.requests, r.retries, r.journal, r.error, r.resume_at, r.queued_at, r.started_at, r.finished_at,
			r.connection_id, c.name as connection_name, c.channel
		from sync_runs r join connections c on c.id = r.connection_id
		where r.organization_id = ${ctx.organization.id} and ${isAllowed(tx, ctx, 'c.channel')} order by coalesce(r.started_at, r.queued_at) desc limit ${most}`;
	return rows.map(({ connectionId, connectionName, channel, ...run }) => ({
		...toRun(run),
		connectionId,
		connectionName,
		channel
	}));
}

/** One run with its pages, waits, refusals and what it set aside. @throws NotFound */
export async function getRun(
	ctx: Ctx,
	connectionId: string,
	id: string
): Promise<{ run: RunDetail; connection: ConnectionSummary; position: number }> {
	require(ctx, 'channels.read');
	const organizationId = ctx.organization.id;
	return inOrganization(organizationId, async (tx) => {
		const { sql } = tx;
		const position = await outboxPosition(tx, organizationId);
		const [found] = await sql<
			(Stored & { before: string | null; after: string | null; connection: ConnectionSummary })[]
		>`
			select r.id, r.kind, r.status, r.trigger, r.progress, r.requests, r.retries, r.journal, r.error, r.resume_at, r.queued_at, r.started_at, r.finished_at,
				(select b.id from sync_runs b where b.connection_id = r.connection_id and b.kind = r.kind and b.queued_at < r.queued_at order by b.queued_at desc limit 1) as before,
				(select a.id from sync_runs a where a.connection_id = r.connection_id and a.kind = r.kind and a.queued_at > r.queued_at order by a.queued_at limit 1) as after,
				jsonb_build_object('id', c.id, 'channel', c.channel, 'name', c.name, 'status', c.status, 'statusReason', c.status_reason,
					'freshAt', c.fresh_at, 'lastWebhookAt', c.last_webhook_at) as connection
			from sync_runs r join connections c on c.id = r.connection_id
			where r.organization_id = ${organizationId} and r.connection_id = ${uuidOr404(connectionId)} and r.id = ${uuidOr404(id)} and ${isAllowed(tx, ctx, 'c.channel')}`;
		if (!found) throw new NotFound('This run');
		const letters = await sql<(Omit<DeadLetterView, 'receivedAt'> & { receivedAt: Date })[]>`
			select id, topic, coalesce(error, 'No reason was kept.') as error, received_at, attempts, octet_length(body) as size from inbox
			where organization_id = ${organizationId} and connection_id = ${connectionId} and run_id = ${id} and status = 'dead'
			order by received_at desc limit 100`;
		const { before, after, connection, ...run } = found;
		return {
			run: {
				...toRun(run),
				journal: openJournal(run.journal),
				before,
				after,
				deadLetters: letters.map((row) => ({ ...row, receivedAt: row.receivedAt.toISOString() }))
			},
			connection,
			position
		};
	});
}

function toRun({ journal, ...run }: Stored): RunView {
	return {
		...run,
		waitedMs: journal.waitedMs ?? 0,
		resumeAt: iso(run.resumeAt),
		queuedAt: run.queuedAt.toISOString(),
		startedAt: iso(run.startedAt),
		finishedAt: iso(run.finishedAt)
	};
}
