import { audit, require } from '../identity/index.ts';
import { record } from '../live/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import type { Tx } from '../platform/db.ts';
import { Conflict, Invalid, NotFound } from '../platform/errors.ts';
import { enqueue } from '../platform/queue.ts';
import { loadConnection, setStatus, type ConnectionRow } from './connection-rows.ts';
import { forgetAccounts } from './intake/accounts.ts';
import { syncJob } from './jobs.ts';
import { channelOf } from './registry.ts';
import { connectionEvent, queueRun, type RunKind } from './sync/runs.ts';
import { uuidOr404 } from './views.ts';

/** In the order in which they are read. */
const ALL_KINDS: readonly RunKind[] = ['incremental', 'stock', 'catalog', 'finances', 'reconcile'];

/**
 * Reads now instead of when it is due: one kind of thing, or all a connection has, orders first. A connection whose first sync is
 * not whole goes on with that. @throws NotFound, Forbidden, Conflict when it is not in use, Invalid for a kind it does not have
 */
export async function syncNow(ctx: Ctx, id: string, kind?: string): Promise<void> {
	require(ctx, 'channels.sync');
	await startRun(
		ctx,
		id,
		(connection) => {
			if (!['connecting', 'healthy', 'degraded'].includes(connection.status))
				throw new Conflict('This connection is not in use. Resume it or connect it again first.');
		},
		(connection) => {
			const { runs } = channelOf(connection.channel);
			const kinds = ALL_KINDS.filter(
				(one) => runs[one] !== undefined && (kind === undefined || kind === one)
			);
			if (kinds.length === 0) throw new Invalid({ kind: 'This connection has no such run.' });
			return kinds;
		}
	);
}

/** Stops syncs and scheduled work; webhooks are still taken, so that nothing is missed. @throws NotFound, Forbidden, Conflict */
export async function pauseConnection(ctx: Ctx, id: string): Promise<void> {
	require(ctx, 'channels.manage');
	await change(ctx, id, 'connection.paused', async (tx, connection) => {
		if (connection.status === 'disconnected' || connection.status === 'needs_reauthorization')
			throw new Conflict('This connection is not in use.');
		await setStatus(
			tx,
			connection,
			'paused',
			connection.channel === 'shopify'
				? 'Paused by a member. Orders still arrive by webhook; everything else waits.'
				: 'Paused by a member. Orders that the channel tells of wait, too, until it is resumed.'
		);
		await cancelRuns(tx, connection, 'The connection was paused.');
	});
}

/** Takes up syncing again, from where it stopped. @throws NotFound, Forbidden, Conflict when it is not paused */
export async function resumeConnection(ctx: Ctx, id: string): Promise<void> {
	require(ctx, 'channels.manage');
	await startRun(ctx, id, async (connection, tx) => {
		if (connection.status !== 'paused') throw new Conflict('This connection is not paused.');
		await setStatus(tx, connection, connection.freshAt === null ? 'connecting' : 'healthy', null);
		await audit(tx, ctx, 'connection.resumed', { kind: 'connection', id });
	});
}

/**
 * Ends a connection: its credentials are erased at once and nothing is read or believed any more. What was read stays.
 * @throws NotFound, Forbidden
 */
export async function disconnect(ctx: Ctx, id: string): Promise<void> {
	require(ctx, 'channels.manage');
	await change(ctx, id, 'connection.disconnected', async (tx, connection) => {
		await tx.sql`update connections set credentials = null where organization_id = ${connection.organizationId} and id = ${connection.id}`;
		await setStatus(
			tx,
			connection,
			'disconnected',
			'Disconnected by a member. Its orders stay; connect the account again to go on.'
		);
		await cancelRuns(tx, connection, 'The account was disconnected.');
	});
	forgetAccounts();
}

async function startRun(
	ctx: Ctx,
	id: string,
	prepare: (connection: ConnectionRow, tx: Tx) => void | Promise<void>,
	kindsOf: (connection: ConnectionRow) => RunKind[] = () => ['incremental']
): Promise<void> {
	const organizationId = ctx.organization.id;
	const runId = await record(organizationId, async (tx) => {
		const connection = await loadConnection(tx, organizationId, uuidOr404(id));
		if (ctx.scope?.channels?.includes(connection.channel) === false) throw new NotFound('This connection');
		await prepare(connection, tx);
		const [whole] = await tx.sql`
			select 1 from sync_cursors where organization_id = ${organizationId} and connection_id = ${id} and resource = 'orders' and synced_to is not null`;
		const kinds: RunKind[] = whole && connection.freshAt ? kindsOf(connection) : ['backfill'];
		const runs: string[] = [];
		for (const one of kinds) runs.push(await queueRun(tx, connection, one, 'person'));
		// the others follow each other when this one is done
		return { result: runs[0]!, events: [await connectionEvent(tx, organizationId, id)] };
	});
	await enqueue(syncJob, { organizationId, connectionId: id, runId }, { key: runId });
}

async function change(
	ctx: Ctx,
	id: string,
	action: string,
	work: (tx: Tx, connection: ConnectionRow) => Promise<void>
): Promise<void> {
	const organizationId = ctx.organization.id;
	await record(organizationId, async (tx) => {
		await work(tx, await loadConnection(tx, organizationId, uuidOr404(id)));
		await audit(tx, ctx, action, { kind: 'connection', id });
		return { result: undefined, events: [await connectionEvent(tx, organizationId, id)] };
	});
}

async function cancelRuns({ sql }: Tx, connection: ConnectionRow, reason: string): Promise<void> {
	await sql`
		update sync_runs set status = 'cancelled', finished_at = now(), error = ${reason}
		where organization_id = ${connection.organizationId} and connection_id = ${connection.id} and status in ('queued', 'running')`;
}
