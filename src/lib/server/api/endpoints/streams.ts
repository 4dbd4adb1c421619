import { z } from 'zod';
import type { Permission } from '#lib/contracts/permissions.ts';
import { endpoint, type Endpoint } from '../endpoint.ts';
import { makeTicket } from '../grants.ts';
import { openMessages, type Message, type StreamName } from '../messages.ts';
import { InvalidRequest } from '../problem.ts';
import { SAMPLE } from '../samples.ts';
import { textStream } from '../../platform/text-stream.ts';

/** What a member needs for a stream, here and as WebSocket. */
export const STREAM_PERMISSIONS: Record<StreamName, Permission> = {
	dashboard: 'analytics.read',
	orders: 'orders.read',
	alerts: 'inventory.read'
};

const SHARED =
	'Server-sent events. Each has a position as its id: send the last one as `Last-Event-ID` (or `from`) to go on after it without a gap. `beat` comes every 15 seconds and says up to where the stream is complete; `reset` says that too much was missed: read the lists again and go on. A stream ends after half an hour, and at once when the access changes; connect again. How many a member and an organization may hold open, pages and WebSockets among them, is set by the operator.\n\nThe same as WebSocket: `/ws/NAME?ticket=…` with a ticket of POST /stream/ticket, each message a JSON object with `event`, `position` and `data`. It is closed with 1012 to connect again, with 1013 when too many streams are open: wait half a minute, with 1011 when something failed on our side.';

function streamEndpoint(name: StreamName, summary: string, about: string, sample: Message): Endpoint {
	return endpoint({
		method: 'GET',
		path: `/stream/${name}`,
		name: `stream${name[0]!.toUpperCase()}${name.slice(1)}`,
		tag: 'Streams',
		summary,
		description: `${about}\n\n${SHARED.replace('NAME', name)}`,
		permission: STREAM_PERMISSIONS[name],
		query: z.strictObject({
			from: z
				.int()
				.min(0)
				.max(Number.MAX_SAFE_INTEGER)
				.optional()
				.meta({ description: 'Position after which to begin; left out: from now on.' })
		}),
		stream: {
			type: 'text/event-stream',
			description: 'Never ends by itself before half an hour.',
			sample: sse(sample)
		},
		refusals: {
			429: 'Too many requests, or (`too_many_streams`) too many open streams: wait `Retry-After` seconds.'
		},
		examples: [
			{ name: 'From now on' },
			{ name: 'A position that is none', query: { from: 'yesterday' }, status: 400 }
		],
		async handle({ ctx, grantId, query, headers, signal }) {
			const control = new AbortController();
			const stop = () => control.abort();
			signal.addEventListener('abort', stop, { once: true });
			if (signal.aborted) stop();
			const messages = await openMessages(
				name,
				{ ctx, grantId },
				resumeFrom(query.from, headers),
				control.signal
			);
			return new Response(textStream(lines(messages), stop), {
				headers: {
					'content-type': 'text/event-stream',
					'cache-control': 'no-cache, no-transform',
					'x-accel-buffering': 'no'
				}
			});
		}
	});
}

function resumeFrom(from: number | undefined, headers: Headers): number | null {
	const last = headers.get('last-event-id');
	if (last === null || last === '') return from ?? null;
	if (!/^\d{1,15}$/.test(last))
		throw new InvalidRequest([
			{ field: 'Last-Event-ID', in: 'header', message: 'must be the id of an event of this stream.' }
		]);
	return Number(last);
}

async function* lines(messages: AsyncIterable<Message>): AsyncGenerator<string> {
	yield 'retry: 2000\n\n';
	for await (const message of messages) yield sse(message);
}

function sse({ event, position, data }: Message): string {
	return `event: ${event}\nid: ${position}\ndata: ${JSON.stringify(data)}\n\n`;
}

const ticket = endpoint({
	method: 'POST',
	path: '/stream/ticket',
	name: 'makeStreamTicket',
	tag: 'Streams',
	summary: 'A ticket to open a WebSocket',
	description:
		'Browsers cannot send a token when they open a WebSocket. A ticket opens one of `/ws/dashboard`, `/ws/orders` or `/ws/alerts`, once, within 30 seconds: `new WebSocket("wss://…/ws/orders?ticket=…")`. Add `&from=` and a position to go on after it.',
	permission: null,
	secret: true,
	status: 201,
	answer: z.strictObject({ ticket: z.string(), expires_in: z.int().meta({ description: 'Seconds.' }) }),
	examples: [{ name: 'A ticket', answer: { ticket: SAMPLE.refreshToken, expires_in: 30 } }],
	handle: ({ ctx, grantId }) => makeTicket({ ctx, grantId })
});

export const streamEndpoints = [
	streamEndpoint(
		'dashboard',
		'The dashboard’s figures as they change',
		'An event `metrics` at once, and then at most one a second: what GET /dashboard/metrics answers for the last 30 days.',
		{
			event: 'metrics',
			position: 48120,
			data: { total_revenue: 125430.5, total_orders: 1843, currency: 'USD' }
		}
	),
	streamEndpoint(
		'orders',
		'Orders as they come and change',
		'An event `order` with `change` (created or updated) and the order’s row; `orders` with `days` when many came at once: read these again.',
		{
			event: 'order',
			position: 48121,
			data: {
				change: 'created',
				order: { id: SAMPLE.order, name: '#1001', channel: 'shopify', total: 12.5, currency: 'USD' }
			}
		}
	),
	streamEndpoint(
		'alerts',
		'What needs somebody',
		'An event `low_stock` when the stock of a product at or below its reorder point changes; `connection` when a channel’s connection no longer works as it should.',
		{
			event: 'low_stock',
			position: 48122,
			data: {
				product_id: SAMPLE.product,
				sku: 'MUG-BLUE',
				title: 'Mug, blue',
				category: 'Kitchen',
				available: 4,
				reorder_point: 10
			}
		}
	),
	ticket
];
