import type { LiveEvent } from '#lib/contracts/live.ts';
import { inOrganization } from '../platform/db.ts';
import { log } from '../platform/log.ts';
import { subscribe } from './hub.ts';

/** Events of one organization in position order without gaps or doubles, shared by all its open streams in this process. */
export interface Feed {
	/** The last position handed out: everything up to it is committed. */
	readonly position: number;
	/** Listens from the present position on; answers the function that ends it. */
	listen(listener: (events: readonly LiveEvent[]) => void): () => void;
	/**
	 * Reads the outbox past the present position: another process recorded something, or an event went missing.
	 * Answers false when PostgreSQL could not be asked.
	 */
	catchUp(): Promise<boolean>;
}

/** How long an event waits for an earlier one: two commits may publish the wrong way round within one process. */
const GAP_MS = 20;
/** Events read at a time. */
const PAGE = 1000;

/** `users` counts from the request on, so that a feed is not closed while someone waits for it to open. */
interface Entry {
	opening: Promise<OwnedFeed>;
	users: number;
}
type OwnedFeed = Feed & { close(): void };

const held = globalThis as unknown as { tidemarkFeeds?: Map<string, Entry> };
const feeds: Map<string, Entry> = (held.tidemarkFeeds ??= new Map());

/**
 * The organization's feed, opened by its first user and closed when the last one calls `release`.
 * @throws Unavailable when PostgreSQL cannot be reached
 */
export async function openFeed(organizationId: string): Promise<{ feed: Feed; release: () => void }> {
	const entry = feeds.get(organizationId) ?? { opening: startFeed(organizationId), users: 0 };
	feeds.set(organizationId, entry);
	entry.users++;
	let released = false;
	const release = () => {
		if (released) return;
		released = true;
		if (--entry.users > 0) return;
		if (feeds.get(organizationId) === entry) feeds.delete(organizationId);
		void entry.opening.then((feed) => feed.close()).catch(() => {});
	};
	try {
		return { feed: await entry.opening, release };
	} catch (error) {
		release();
		throw error;
	}
}

/** Tells the organization's feed, where one is open here, to look into the outbox. */
export async function wake(organizationId: string): Promise<void> {
	const feed = await feeds.get(organizationId)?.opening.catch(() => null);
	await feed?.catchUp();
}

/** Organizations with an open feed in this process. */
export function watchedOrganizations(): string[] {
	return [...feeds.keys()];
}

async function startFeed(organizationId: string): Promise<OwnedFeed> {
	const listeners = new Set<(events: readonly LiveEvent[]) => void>();
	const waiting = new Map<number, LiveEvent>();
	let position = -1; // until the outbox told: everything that arrives waits
	let timer: NodeJS.Timeout | undefined;
	let reading: Promise<boolean> | null = null;

	const hand = (events: readonly LiveEvent[]) => {
		if (events.length > 0) for (const listener of listeners) listener(events);
	};
	const drain = () => {
		const ready: LiveEvent[] = [];
		for (let next = waiting.get(position + 1); next; next = waiting.get(position + 1)) {
			waiting.delete(++position);
			ready.push(next);
		}
		hand(ready);
		if (waiting.size > 0) timer ??= setTimeout(() => void feed.catchUp(), GAP_MS).unref();
	};
	const unsubscribe = subscribe(organizationId, (events) => {
		for (const event of events) if (event.position > position) waiting.set(event.position, event);
		if (position >= 0) drain();
	});
	const read = async () => {
		let rows: LiveEvent[];
		do {
			rows = await readOutbox(organizationId, position, PAGE);
			for (const row of rows) if (row.position > position) waiting.set(row.position, row);
			const first = rows[0];
			// pruned in between: no one waits for what no longer exists, and the jump in the ids makes streams say `reset`
			if (first && first.position > position + 1) position = first.position - 1;
			drain();
		} while (rows.length === PAGE);
	};
	const feed: OwnedFeed = {
		get position() {
			return position;
		},
		listen(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		async catchUp() {
			clearTimeout(timer);
			timer = undefined;
			reading ??= read()
				.then(() => true)
				.catch((error: unknown) => {
					log.warn(
						{ err: error, organizationId },
						'the event feed could not read the outbox; it will try again'
					);
					return false;
				})
				.finally(() => (reading = null));
			return reading;
		},
		close() {
			clearTimeout(timer);
			unsubscribe();
		}
	};
	try {
		position = await lastPosition(organizationId);
	} catch (error) {
		unsubscribe();
		throw error;
	}
	for (const seen of waiting.keys()) if (seen <= position) waiting.delete(seen);
	drain();
	return feed;
}

/** The organization's last position; 0 before its first event. */
async function lastPosition(organizationId: string): Promise<number> {
	const [row] = await inOrganization(
		organizationId,
		(tx) =>
			tx.sql<
				{ position: number }[]
			>`select position from outbox_positions where organization_id = ${organizationId}`
	);
	return row?.position ?? 0;
}

/** Events after `after`, in order, at most `limit`. */
export async function readOutbox(organizationId: string, after: number, limit: number): Promise<LiveEvent[]> {
	const rows = await inOrganization(
		organizationId,
		(tx) => tx.sql<{ payload: LiveEvent }[]>`
			select payload from outbox where organization_id = ${organizationId} and position > ${after}
			order by position limit ${limit}`
	);
	return rows.map((row) => row.payload);
}
