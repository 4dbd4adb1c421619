import { record } from '../../live/index.ts';
import { inOrganization } from '../../platform/db.ts';
import { log } from '../../platform/log.ts';
import type { ConnectionRow } from '../connection-rows.ts';
import { openCredentials } from '../credentials.ts';
import { shopifyClient, type ShopifyClient } from '../shopify/client.ts';
import { ShopifyError } from '../shopify/errors.ts';
import type { Resource } from './cursors.ts';
import { connectionEvent, type Progress, type TakenRun } from './runs.ts';

/** What a piece of a run works with. */
export interface RunContext {
	connection: ConnectionRow;
	/** The organization's, IANA: days are its days. */
	timeZone: string;
	run: TakenRun;
	client: ShopifyClient;
	signal: AbortSignal;
	progress: ProgressBook;
	/** Throws when a person paused or disconnected, or the process ends. */
	assertWanted(): void;
}

export interface ProgressBook {
	readonly all: Progress;
	total(resource: Resource, total: number | null): void;
	/** `done` counts what was read; the outcomes say what became of it. */
	add(
		resource: Resource,
		counts: { done: number; written?: number; unchanged?: number; dead?: number }
	): void;
}

const BEAT_MS = 1000;

/** Opens the tools of a run. Its heart beats once a second: progress is stored, shown, and the wish to stop is heard. */
export function openRun(
	connection: ConnectionRow & { credentials: string },
	timeZone: string,
	run: TakenRun,
	outer: AbortSignal
): { context: RunContext; close: () => Promise<void> } {
	const stop = new AbortController();
	const signal = AbortSignal.any([stop.signal, outer]);
	const client = shopifyClient({
		shop: connection.externalId,
		baseUrl: connection.baseUrl,
		credentials: openCredentials(connection),
		row: { id: connection.id, organizationId: connection.organizationId },
		signal
	});
	const book = progressBook(run.progress);
	let beating: Promise<void> = Promise.resolve();
	let shown = JSON.stringify(book.all);
	const beat = async () => {
		const now = JSON.stringify(book.all);
		const wanted =
			now === shown ? await touch(connection, run.id) : await show(connection, run, book.all, client);
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
			timeZone,
			run,
			client,
			signal,
			progress: book,
			assertWanted() {
				if (signal.aborted) throw new ShopifyError('aborted', 'The sync was stopped.');
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
	client: ShopifyClient
): Promise<boolean> {
	return record(connection.organizationId, async (tx) => {
		const kept = await tx.sql`
			update sync_runs r set heartbeat_at = now(), progress = ${tx.sql.json(progress)}, requests = ${run.requests + client.traffic.requests},
				retries = ${run.retries + client.traffic.retries}
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
