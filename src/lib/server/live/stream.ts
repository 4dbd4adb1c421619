import type { LiveEvent } from '#lib/contracts/live.ts';
import type { Ctx } from '../platform/ctx.ts';
import { Forbidden, Unavailable } from '../platform/errors.ts';
import { metrics } from '../platform/metrics.ts';
import { openFeed, readOutbox, type Feed } from './feed.ts';
import { beatFrame, eventFrame, openingFrame, resetFrame } from './frames.ts';
import { takePlace } from './places.ts';
import { inScope } from './scope.ts';

const REPLAY_LIMIT = 2000;
const MAX_BUFFERED_BYTES = 1024 * 1024;
const BEAT_MS = 15_000;
/** A stream ends after this and the browser connects again: what a person may see is then looked up anew. */
const MAX_AGE_MS = 30 * 60_000;

/** Who holds an open stream. */
export interface StreamOwner {
	organizationId: string;
	/** Null for visitors of the demo organization. */
	userId: string | null;
	sessionId: string | null;
}

interface OpenStream extends StreamOwner {
	feed: Feed;
	endsAt: number;
	position(): number;
	send(bytes: Uint8Array): void;
	close(): void;
}

const held = globalThis as unknown as { tidemarkStreams?: { open: Set<OpenStream>; closing: boolean } };
const streams = (held.tidemarkStreams ??= { open: new Set(), closing: false });

/**
 * Server-sent events of the organization after `from` (an outbox position, null for "from now on"), filtered by the caller's
 * scope: first what was missed, then live, without a gap or a double. When too much was missed, or it was pruned, the stream
 * says `reset` and goes on from the present. A reader that lets 1 MB pile up is dropped; the browser connects again.
 * @throws Forbidden without the permission, TooManyStreams, Unavailable when the process is stopping or PostgreSQL is away
 */
export async function openStream(
	ctx: Ctx,
	from: number | null,
	options: { signal: AbortSignal; sessionId?: string | null }
): Promise<Response> {
	if (!ctx.permissions.has('orders.read')) throw new Forbidden();
	if (streams.closing) throw new Unavailable('The server is restarting.', 2);
	const organizationId = ctx.organization.id;
	const userId = 'userId' in ctx.actor ? ctx.actor.userId : null;
	const leavePlace = takePlace(organizationId, userId);
	const { feed, release } = await openFeed(organizationId).catch((error: unknown) => {
		leavePlace();
		throw error;
	});
	let last = from ?? feed.position;
	let replaying = true;
	const arrived: LiveEvent[] = [];
	let controller!: ReadableStreamDefaultController<Uint8Array>;

	const stream: OpenStream = {
		organizationId,
		userId,
		sessionId: options.sessionId ?? null,
		feed,
		endsAt: Date.now() + MAX_AGE_MS,
		position: () => last,
		send(bytes) {
			controller.enqueue(bytes);
			if ((controller.desiredSize ?? 0) >= 0) return;
			leave();
			controller.error(new Error('The reader of an event stream fell 1 MB behind.')); // frees what piled up
		},
		close() {
			if (!leave()) return;
			try {
				controller.close();
			} catch {
				// the browser has gone already
			}
		}
	};
	const leave = () => {
		if (!streams.open.delete(stream)) return false;
		stopListening();
		release();
		leavePlace();
		options.signal.removeEventListener('abort', stream.close);
		metrics.liveClients.set(streams.open.size);
		return true;
	};
	const deliver = (events: readonly LiveEvent[]) => {
		for (const event of events) {
			if (!streams.open.has(stream)) return;
			if (event.position <= last) continue;
			if (event.position > last + 1) {
				stream.send(resetFrame(event.position));
			} else {
				const visible = inScope(event, ctx.scope);
				if (visible) stream.send(eventFrame(visible));
			}
			last = event.position;
		}
	};
	// listening starts before the replay is read: what commits meanwhile waits in `arrived`
	const stopListening = feed.listen((events) => (replaying ? arrived.push(...events) : deliver(events)));

	const body = new ReadableStream<Uint8Array>(
		{
			start: (own) => {
				controller = own;
			},
			cancel: () => stream.close()
		},
		new ByteLengthQueuingStrategy({ highWaterMark: MAX_BUFFERED_BYTES })
	);
	streams.open.add(stream);
	metrics.liveClients.set(streams.open.size);
	if (options.signal.aborted) stream.close();
	else options.signal.addEventListener('abort', stream.close, { once: true });
	startBeat();
	try {
		if (streams.open.has(stream)) stream.send(openingFrame);
		const missed = await missedEvents(organizationId, feed, last);
		if (missed === 'reset') {
			last = feed.position;
			if (streams.open.has(stream)) stream.send(resetFrame(last));
		} else {
			deliver(missed);
		}
		replaying = false;
		deliver(arrived.splice(0));
		if (streams.open.has(stream)) stream.send(beatFrame(last, new Date()));
	} catch (error) {
		stream.close();
		throw error;
	}
	return new Response(body, {
		headers: {
			'content-type': 'text/event-stream',
			'cache-control': 'no-cache, no-transform',
			'x-accel-buffering': 'no'
		}
	});
}

/** What was committed after `last`, or 'reset' when it is too much, pruned, or of another database's life (a restored backup). */
async function missedEvents(
	organizationId: string,
	feed: Feed,
	last: number
): Promise<LiveEvent[] | 'reset'> {
	if (last > feed.position) await feed.catchUp();
	if (last > feed.position) return 'reset';
	if (last === feed.position) return [];
	if (feed.position - last > REPLAY_LIMIT) return 'reset';
	const events = await readOutbox(organizationId, last, REPLAY_LIMIT + 1);
	return events[0]?.position === last + 1 && events.length <= REPLAY_LIMIT ? events : 'reset';
}

/** Ends the open streams that `which` picks: a revoked session, a changed role, a removed member. Browsers connect again and are asked anew who they are. */
export function closeStreams(which: (owner: StreamOwner) => boolean): void {
	for (const stream of [...streams.open]) if (which(stream)) stream.close();
}

/** How many streams of an organization this process serves. */
export function countStreams(organizationId: string): number {
	return [...streams.open].filter((stream) => stream.organizationId === organizationId).length;
}

/** Ends all streams and opens no more: they would hold up the shutdown. */
export function closeAllStreams(): void {
	streams.closing = true;
	closeStreams(() => true);
}

let beating: NodeJS.Timeout | undefined;

/** One timer for all streams: says that they are alive and up to where they are complete, and looks for events that no one announced. */
function startBeat(): void {
	beating ??= setInterval(() => {
		if (streams.open.size === 0) {
			clearInterval(beating);
			beating = undefined;
			return;
		}
		void beat(new Date());
	}, BEAT_MS).unref();
}

/** Exported for its test. */
export async function beat(now: Date): Promise<void> {
	const complete = new Set<Feed>();
	const feeds = new Set([...streams.open].map((stream) => stream.feed));
	await Promise.all([...feeds].map(async (feed) => ((await feed.catchUp()) ? complete.add(feed) : null)));
	const frames = new Map<number, Uint8Array>();
	for (const stream of [...streams.open]) {
		if (stream.endsAt <= now.getTime()) {
			stream.close();
			continue;
		}
		if (!complete.has(stream.feed)) continue; // silence: the page says that it is late
		const position = stream.position();
		if (!frames.has(position)) frames.set(position, beatFrame(position, now));
		stream.send(frames.get(position)!);
	}
}
