import type { RunJournal } from '#lib/contracts/channel-views.ts';
import { inOrganization } from '../../platform/db.ts';
import { addToTrace, log } from '../../platform/log.ts';
import { metrics } from '../../platform/metrics.ts';
import type { RunContext } from '../channel.ts';
import { loadInUse, type ConnectionRow } from '../connection-rows.ts';
import { collectingDrift, type Drift } from '../drift.ts';
import { ChannelError, needsPerson } from '../error.ts';
import { keepingJournal, noteTrouble, openJournal } from '../journal.ts';
import { channelOf } from '../registry.ts';
import { changeStatus, WORKING } from '../status.ts';
import { openRun } from './run-context.ts';
import { finishRun, postponeRun, releaseRun, takeRun, type TakenRun } from './runs.ts';

/**
 * Does one run, or answers false when it is not to be had. What goes wrong is kept on the run and the connection, in words for
 * people; nothing is thrown for it. `signal` fires when the process stops: the run goes back to the queue and resumes elsewhere.
 * `onquiet` is called when the channel has not answered for a while; the run goes on waiting.
 */
export async function performRun(
	target: { organizationId: string; connectionId: string; runId: string },
	signal: AbortSignal,
	onquiet?: () => void
): Promise<boolean> {
	const run = await takeRun(target.organizationId, target.connectionId, target.runId);
	if (!run) return false;
	addToTrace({ organizationId: target.organizationId });
	const { connection, timeZone, inUse } = await loadInUse(target.organizationId, target.connectionId);
	const idle = { progress: run.progress, requests: run.requests, retries: run.retries };
	const work = channelOf(connection.channel).runs[run.kind];
	if (!inUse || work === undefined) {
		await finishRun(connection, run.id, { ...idle, status: 'cancelled', error: null });
		return true;
	}
	const drift: Drift = new Map();
	const journal = openJournal(run.journal);
	const { context, close } = openRun(
		{ ...connection, credentials: connection.credentials! },
		timeZone,
		run,
		signal,
		journal,
		onquiet
	);
	let failure: unknown = null;
	try {
		await keepingJournal(journal, () => collectingDrift(drift, () => work(context)));
	} catch (error) {
		failure = error;
	}
	await close();
	await keepFacts(context, drift);
	const end = {
		progress: context.progress.all,
		requests: run.requests + context.client.traffic.requests,
		retries: run.retries + context.client.traffic.retries,
		journal
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
	end: Omit<Parameters<typeof finishRun>[2], 'status' | 'error' | 'journal'> & { journal: RunJournal },
	signal: AbortSignal
): Promise<void> {
	if (signal.aborted) return releaseRun(connection.organizationId, run.id, end.journal);
	const known = failure instanceof ChannelError ? failure : null;
	// the slot is given to somebody else meanwhile; the cursor knows the page to go on with
	if (known?.kind === 'throttled') {
		const waitMs = known.waitMs ?? 60_000;
		await keepingJournal(end.journal, async () =>
			noteTrouble(known.message.replace(/ in \d+ seconds/, ' later'), waitMs)
		);
		return postponeRun(connection, run.id, waitMs, end);
	}
	if (known?.kind === 'aborted') {
		await finishRun(connection, run.id, { ...end, status: 'cancelled', error: null });
		metrics.syncRuns.inc({ channel: connection.channel, outcome: 'cancelled' });
		return;
	}
	if (!known) log.error({ err: failure, runId: run.id, kind: run.kind }, 'a sync run failed');
	const reason =
		known?.message ??
		'A sync stopped at something Tidemark did not expect. It tries again by itself; nothing that was read is lost.';
	await finishRun(connection, run.id, { ...end, status: 'failed', error: reason });
	metrics.syncRuns.inc({ channel: connection.channel, outcome: 'failed' });
	const status = needsPerson(failure) ? 'needs_reauthorization' : 'degraded';
	await changeStatus(connection, status, reason, WORKING);
}

/** What the run learnt about the account, and which values of the channel it did not know. */
async function keepFacts({ connection, client }: RunContext, drift: Drift): Promise<void> {
	const learnt = {
		...client.facts?.(),
		...(drift.size > 0 && { drift: Object.fromEntries(drift), driftAt: new Date().toISOString() })
	};
	if (Object.keys(learnt).length === 0) return;
	await inOrganization(
		connection.organizationId,
		({ sql }) => sql`
		update connections set facts = facts || ${sql.json(learnt as never)} where organization_id = ${connection.organizationId} and id = ${connection.id}`
	);
}
