import type { RunJournal } from '#lib/contracts/channel-views.ts';
import { record } from '../../live/index.ts';
import { inOrganization } from '../../platform/db.ts';
import { log } from '../../platform/log.ts';
import type { ChannelClient, ProgressBook, RunContext } from '../channel.ts';
import type { ConnectionRow } from '../connection-rows.ts';
import { openCredentials } from '../credentials.ts';
import { aborted } from '../http.ts';
import { channelOf } from '../registry.ts';
import type { Resource } from './cursors.ts';
import { connectionEvent, type Progress, type TakenRun } from './runs.ts';

const BEAT_MS = 1000;
/** Seconds without a request or a row after which a run is told to be waiting for its channel. */
const QUIET_BEATS = 8;

/** Opens the tools of a run. Its heart beats once a second: progress is stored, shown, and the wish to stop is heard. `onquiet` is called each time the channel has not answered for a while. */
export function openRun(
	connection: ConnectionRow & { credentials: string },
	timeZone: string,
	run: TakenRun,
	outer: AbortSignal,
	journal: RunJournal,
	onquiet: () => void = () => {}
): { context: RunContext; close: () => Promise<void> } {
	const stop = new AbortController();
	const signal = AbortSignal.any([stop.signal, outer]);
	const channel = channelOf(connection.channel);
	const client = channel.open(
		{
			externalId: connection.externalId,
			baseUrl: connection.baseUrl,
			credentials: openCredentials(connection),
			row: { id: connection.id, organizationId: connection.organizationId },
			facts: connection.facts
		},
		{ signal }
	);
	const book = progressBook(run.progress);
	let beating: Promise<void> = Promise.resolve();
	let shown = JSON.stringify(book.all);
	let moved = '';
	let quiet = 0;
	const beat = async () => {
		const now = JSON.stringify(book.all);
		const state = `${client.traffic.requests} ${now}`;
		quiet = state === moved ? quiet + 1 : 0;
		moved = state;
		if (quiet === QUIET_BEATS) onquiet();
		const wanted =
			now === shown
				? await touch(connection, run.id)
				: await show(connection, run, book.all, client, journal);
		shown = now;
		if (!wanted) stop.abort();
	};
	const timer = setInterval(() => {
		beating = beating
			.then(beat)
			.catch((error: unknown) =>
				log.warn({ err: error, runId: run.id }, 'a sync run could not store its progress')
			);
	}, BEAT_MS);
	return {
		context: {
			connection,
			channelLabel: channel.label,
			timeZone,
			run,
			client,
			signal,
			progress: book,
			assertWanted() {
				if (signal.aborted) throw aborted();
			}
		},
		async close() {
			clearInterval(timer);
			await beating;
		}
	};
}

function progressBook(earlier: Progress): ProgressBook {
	const all: Progress = structuredClone(earlier);
	const of = (resource: Resource) =>
		(all[resource] ??= { done: 0, total: null, written: 0, unchanged: 0, dead: 0 });
	return {
		all,
		total(resource, total) {
			of(resource).total = total;
		},
		add(resource, counts) {
			const entry = of(resource);
			entry.done += counts.done;
			entry.written += counts.written ?? 0;
			entry.unchanged += counts.unchanged ?? 0;
			entry.dead += counts.dead ?? 0;
		}
	};
}

/** Stores the progress and tells the pages; false when the run is no longer wanted. */
function show(
	connection: ConnectionRow,
	run: TakenRun,
	progress: Progress,
	client: ChannelClient,
	journal: RunJournal
): Promise<boolean> {
	return record(connection.organizationId, async (tx) => {
		const kept = await tx.sql`
			update sync_runs r set heartbeat_at = now(), progress = ${tx.sql.json(progress)}, requests = ${run.requests + client.traffic.requests},
				retries = ${run.retries + client.traffic.retries}, journal = ${tx.sql.json(journal as never)}
			from connections c
			where r.organization_id = ${connection.organizationId} and r.id = ${run.id} and r.status = 'running' and c.id = r.connection_id
				and c.status not in ('paused', 'disconnected', 'needs_reauthorization')`;
		if (kept.count === 0) return { result: false, events: [] };
		return { result: true, events: [await connectionEvent(tx, connection.organizationId, connection.id)] };
	});
}

function touch(connection: ConnectionRow, runId: string): Promise<boolean> {
	return inOrganization(connection.organizationId, async ({ sql }) => {
		const kept = await sql`
			update sync_runs r set heartbeat_at = now() from connections c
			where r.organization_id = ${connection.organizationId} and r.id = ${runId} and r.status = 'running' and c.id = r.connection_id
				and c.status not in ('paused', 'disconnected', 'needs_reauthorization')`;
		return kept.count > 0;
	});
}
