import { record } from '../../live/index.ts';
import { inOrganization } from '../../platform/db.ts';
import { addToTrace, log } from '../../platform/log.ts';
import { metrics } from '../../platform/metrics.ts';
import { loadConnection, setStatus, type ConnectionRow, type ConnectionStatus } from '../connection-rows.ts';
import { ShopifyError } from '../shopify/errors.ts';
import { backfill } from './backfill.ts';
import { catalogRun, incrementalRun, stockRun } from './incremental.ts';
import { openRun, type RunContext } from './run-context.ts';
import { connectionEvent, finishRun, releaseRun, takeRun, type RunKind, type TakenRun } from './runs.ts';

const WORK: Record<RunKind, (context: RunContext) => Promise<void>> = {
	backfill,
	incremental: incrementalRun,
	stock: stockRun,
	catalog: catalogRun,
	reconcile: incrementalRun
};

/**
 * Does one run, or answers false when it is not to be had. What goes wrong is kept on the run and the connection, in words for
 * people; nothing is thrown for it. `signal` fires when the process stops: the run goes back to the queue and resumes elsewhere.
 */
export async function performRun(
	target: { organizationId: string; connectionId: string; runId: string },
	signal: AbortSignal
): Promise<boolean> {
	const run = await takeRun(target.organizationId, target.connectionId, target.runId);
	if (!run) return false;
	addToTrace({ organizationId: target.organizationId });
	const { connection, timeZone } = await inOrganization(target.organizationId, async (tx) => {
		const row = await loadConnection(tx, target.organizationId, target.connectionId);
		const [organization] = await tx.sql<
			{ timeZone: string }[]
		>`select time_zone from organizations where id = ${target.organizationId}`;
		return { connection: row, timeZone: organization?.timeZone ?? 'UTC' };
	});
	const idle = { progress: run.progress, requests: run.requests, retries: run.retries };
	if (
		connection.credentials === null ||
		['paused', 'disconnected', 'needs_reauthorization'].includes(connection.status)
	) {
		await finishRun(connection, run.id, { ...idle, status: 'cancelled', error: null });
		return true;
	}
	const { context, close } = openRun(
		{ ...connection, credentials: connection.credentials },
		timeZone,
		run,
		signal
	);
	let failure: unknown = null;
	try {
		await WORK[run.kind](context);
	} catch (error) {
		failure = error;
	}
	await close();
	const end = {
		progress: context.progress.all,
		requests: run.requests + context.client.traffic.requests,
		retries: run.retries + context.client.traffic.retries
	};
	if (failure === null) {
		await finishRun(connection, run.id, { ...end, status: 'succeeded', error: null });
		metrics.syncRuns.inc({ channel: connection.channel, outcome: 'succeeded' });
	} else await endFailed(connection, run, failure, end, signal);
	return true;
}

async function endFailed(
	connection: ConnectionRow,
	run: TakenRun,
	failure: unknown,
	end: Omit<Parameters<typeof finishRun>[2], 'status' | 'error'>,
	signal: AbortSignal
): Promise<void> {
	if (signal.aborted) return releaseRun(connection.organizationId, run.id);
	if (failure instanceof ShopifyError && failure.kind === 'aborted') {
		await finishRun(connection, run.id, { ...end, status: 'cancelled', error: null });
		metrics.syncRuns.inc({ channel: connection.channel, outcome: 'cancelled' });
		return;
	}
	const { status, reason } = verdictOf(failure);
	if (!(failure instanceof ShopifyError))
		log.error({ err: failure, runId: run.id, kind: run.kind }, 'a sync run failed');
	await finishRun(connection, run.id, { ...end, status: 'failed', error: reason });
	metrics.syncRuns.inc({ channel: connection.channel, outcome: 'failed' });
	await changeStatus(connection, status, reason, ['connecting', 'healthy', 'degraded']);
}

function verdictOf(failure: unknown): { status: ConnectionStatus; reason: string } {
	if (failure instanceof ShopifyError) {
		const person = failure.kind === 'credentials' || failure.kind === 'scope';
		return { status: person ? 'needs_reauthorization' : 'degraded', reason: failure.message };
	}
	return {
		status: 'degraded',
		reason:
			'A sync stopped at something Tidemark did not expect. It tries again by itself; nothing that was read is lost.'
	};
}

/** Changes the status when it is still one of `from`, and tells the pages. */
export async function changeStatus(
	connection: { organizationId: string; id: string },
	status: ConnectionStatus,
	reason: string | null,
	from: readonly ConnectionStatus[]
): Promise<void> {
	await record(connection.organizationId, async (tx) => {
		const row = await loadConnection(tx, connection.organizationId, connection.id);
		if (!from.includes(row.status) || !(await setStatus(tx, connection, status, reason)))
			return { result: undefined, events: [] };
		return {
			result: undefined,
			events: [await connectionEvent(tx, connection.organizationId, connection.id)]
		};
	});
}
