import type { LiveEvent } from '#lib/contracts/live.ts';

const text = new TextEncoder();
const encoded = new WeakMap<LiveEvent, Uint8Array>();
const stripped = new WeakMap<LiveEvent, LiveEvent>();

/** The event as server-sent bytes, encoded once however many streams carry it. */
export function eventFrame(event: LiveEvent): Uint8Array {
	let bytes = encoded.get(event);
	if (!bytes) {
		// the ids of a backfill page serve ClickHouse; a thousand of them in each of many events would drown a reader
		const told = event.kind === 'orders' ? { ...event, orderIds: [] } : event;
		bytes = text.encode(`id: ${event.position}\ndata: ${JSON.stringify(told)}\n\n`);
		encoded.set(event, bytes);
	}
	return bytes;
}

/**
 * An order without its contents, for people who see only some of its lines: the page asks again and gets what is theirs.
 * Made once per event, so that its bytes are shared too.
 */
export function withoutContents(event: LiveEvent & { kind: 'order' }): LiveEvent {
	let bare = stripped.get(event);
	if (!bare) {
		const { position, at, dimensions, order, days } = event;
		bare = {
			kind: 'orders',
			position,
			at,
			dimensions: { ...dimensions, country: null },
			orderIds: [order.id],
			days
		};
		stripped.set(event, bare);
	}
	return bare;
}

/** First bytes of each stream: how long a browser waits before it connects again, ms. */
export const openingFrame = text.encode('retry: 2000\n\n');

/** Everything before `position` cannot be replayed: ask for the page's data again and go on from here. */
export const resetFrame = (position: number) =>
	text.encode(`event: reset\nid: ${position}\ndata: {"position":${position}}\n\n`);

/** A sign of life that says up to where this stream is complete. */
export const beatFrame = (position: number, at: Date) =>
	text.encode(`event: beat\nid: ${position}\ndata: {"position":${position},"at":"${at.toISOString()}"}\n\n`);
