import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveEvent } from '#lib/contracts/live.ts';
import { listConnections } from '../channels/index.ts';
import { listStock } from '../inventory/index.ts';
import { openStream } from '../live/index.ts';
import { metricsAnswer, usualMetrics } from './endpoints/dashboard.ts';
import { lowProduct } from './endpoints/inventory.ts';
import { orderRow } from './endpoints/orders/row.ts';
import type { Bearer } from './grants.ts';
import { shape } from './shape.ts';

/** The streams: what each is about. */
export const STREAMS = ['dashboard', 'orders', 'alerts'] as const;
export type StreamName = (typeof STREAMS)[number];

/** What a stream sends. `position` continues it: everything up to it has been told. */
export interface Message {
	event: string;
	position: number;
	data: object;
}

/** Ms between two figures of a dashboard's stream. */
const PAUSE = 1000;
/** ... and how long it waits at most where the figures are late. */
const LONGEST_PAUSE = 15_000;
const ALARMING = new Set(['degraded', 'needs_reauthorization', 'paused', 'disconnected']);

/**
 * A stream's messages from after `from` (null: from now on), over the same hub as the pages: in order, within the member's limits, ended
 * when their access changes or the reader falls behind.
 * @throws Forbidden, Unavailable before the first message
 */
export async function openMessages(
	name: StreamName,
	who: Bearer,
	from: number | null,
	signal: AbortSignal
): Promise<AsyncGenerator<Message>> {
	const { body } = await openStream(who.ctx, from, { signal, sessionId: who.grantId });
	const frames = framesOf(body!);
	if (name === 'dashboard') return dashboardMessages(who, frames);
	return name === 'orders' ? orderMessages(who, frames) : alertMessages(who, frames);
}

/** A signal of the live stream: an event, or its own signs (beat, reset). */
interface Frame {
	sign: string;
	position: number;
	data: Record<string, unknown>;
}

/** Whole frames of a live stream's bytes. */
async function* framesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Frame> {
	const decoder = new TextDecoder();
	let text = '';
	for await (const bytes of body as unknown as AsyncIterable<Uint8Array>) {
		text += decoder.decode(bytes, { stream: true });
		for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
			const frame = frameOf(text.slice(0, end));
			text = text.slice(end + 2);
			if (frame) yield frame;
		}
	}
}

function frameOf(text: string): Frame | null {
	const fields = new Map(
		text
			.split('\n')
			.map((line): [string, string] => [
				line.slice(0, line.indexOf(': ')),
				line.slice(line.indexOf(': ') + 2)
			])
	);
	const data = fields.get('data');
	if (data === undefined) return null;
	return { sign: fields.get('event') ?? 'event', position: Number(fields.get('id')), data: JSON.parse(data) };
}

const signOf = ({ sign, position, data }: Frame): Message => ({ event: sign, position, data });

async function* orderMessages({ ctx }: Bearer, frames: AsyncGenerator<Frame>): AsyncGenerator<Message> {
	for await (const frame of frames) {
		if (frame.sign !== 'event') {
			yield signOf(frame);
			continue;
		}
		const event = frame.data as unknown as LiveEvent;
		const { position } = event;
		if (event.kind === 'order') {
			const order = shape(orderRow, event.order, ctx.organization.currency) as object;
			yield { event: 'order', position, data: { change: event.change, order } };
		} else if (event.kind === 'orders') yield { event: 'orders', position, data: { days: event.days } };
	}
}

async function* alertMessages({ ctx }: Bearer, frames: AsyncGenerator<Frame>): AsyncGenerator<Message> {
	const told = new Map<string, string>();
	for await (const frame of frames) {
		if (frame.sign !== 'event') {
			yield signOf(frame);
			continue;
		}
		const event = frame.data as unknown as LiveEvent;
		const { position } = event;
		if (event.kind === 'stock') {
			const [item] = (await listStock(ctx, { productIds: [event.productId], limit: 1 })).items;
			if (item?.low)
				yield {
					event: 'low_stock',
					position,
					data: shape(lowProduct, item, ctx.organization.currency) as object
				};
		} else if (event.kind === 'connection') {
			const { connectionId, status } = event;
			if (told.get(connectionId) === status) continue; // only its run went on
			told.set(connectionId, status);
			const connection = (await listConnections(ctx)).find(({ id }) => id === connectionId);
			if (!connection || !ALARMING.has(status)) continue;
			const { channel, name, statusReason } = connection;
			yield {
				event: 'connection',
				position,
				data: { connection_id: connectionId, channel, name, status, reason: statusReason }
			};
		}
	}
}

/** The figures now, and again a second after something that moves them, until they hold it. */
async function* dashboardMessages({ ctx }: Bearer, frames: AsyncGenerator<Frame>): AsyncGenerator<Message> {
	const figures = async (): Promise<Message> => {
		const view = (await usualMetrics(ctx)) as { position: number };
		return {
			event: 'metrics',
			position: view.position,
			data: shape(metricsAnswer, view, ctx.organization.currency) as object
		};
	};
	let told = await figures();
	yield told;
	let next = frames.next();
	let wanted = 0;
	let pause = PAUSE;
	let due: Promise<null> | null = null;
	for (;;) {
		const got = await (due ? Promise.race([next, due]) : next);
		if (got === null) {
			const message = await figures();
			const late = message.position < wanted;
			pause = late ? Math.min(pause * 2, LONGEST_PAUSE) : PAUSE;
			due = late ? sleep(pause, null) : null;
			if (message.position > told.position) yield (told = message);
			continue;
		}
		if (got.done) return;
		next = frames.next();
		const frame = got.value;
		if (frame.sign !== 'event') yield signOf(frame);
		if (frame.sign === 'beat') continue;
		wanted = frame.position;
		due ??= sleep(PAUSE, null);
	}
}
