import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { answer, upgrade } from '../../src/lib/server/api/index.ts';
import { catchUp } from '../../src/lib/server/analytics/index.ts';
import { revokeOtherSessions } from '../../src/lib/server/identity/index.ts';
import { closeStreams, record } from '../../src/lib/server/live/index.ts';
import { recordOrders } from '../../src/lib/server/orders/index.ts';
import { inOrganization } from '../../src/lib/server/platform/db.ts';
import { newId } from '../../src/lib/server/platform/ids.ts';
import { secretKey, settings, useRunning } from '../../src/lib/server/platform/running.ts';
import { asSystem } from '../../src/lib/server/platform/system.ts';
import { SAMPLE } from '../../src/lib/server/api/samples.ts';
import { makeOrder } from '../factories/order.ts';
import { send } from './client.ts';
import { makeApiShop, type ApiShop } from './shop.ts';

vi.mock('../../src/lib/server/platform/queue.ts', () => ({ enqueue: async () => {} }));

let mine: ApiShop;
let theirs: ApiShop;
let server: http.Server;
let port: number;

beforeAll(async () => {
	mine = await makeApiShop('MINE');
	theirs = await makeApiShop('FOREIGN');
	server = http.createServer().on('upgrade', (request, socket, head) => void upgrade(request, socket, head));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());

interface Message {
	event: string;
	position: number;
	data: Record<string, unknown> & { order: Record<string, unknown> };
}

/** Records an order of the shop as a channel would tell it. */
async function sell(shop: ApiShop, name: string): Promise<void> {
	const now = new Date().toISOString();
	const order = makeOrder({ externalId: name, name, placedAt: now, updatedAt: now });
	const { organizationId } = shop;
	await record(organizationId, async (tx) => {
		const { events } = await recordOrders(tx, [
			{
				organizationId,
				connectionId: shop.ids[SAMPLE.connection]!,
				channel: 'shopify',
				timeZone: 'UTC',
				order
			}
		]);
		return { result: null, events };
	});
}

/** An event stream over the API, read message by message. */
async function listen(path: string, token: string, headers: Record<string, string> = {}) {
	const stop = new AbortController();
	const request = new Request(`http://localhost/api/v1/stream/${path}`, {
		headers: { authorization: `Bearer ${token}`, ...headers },
		signal: stop.signal
	});
	const { response } = await answer(request, {
		requestId: newId(),
		address: '127.0.0.1',
		userAgent: 'test',
		secure: false
	});
	expect(response.headers.get('content-type')).toBe('text/event-stream');
	const reader = response.body!.getReader();
	const decoder = new TextDecoder();
	let text = '';
	const next = async (): Promise<Message | null> => {
		for (;;) {
			const end = text.indexOf('\n\n');
			if (end < 0) {
				const { value, done } = await reader.read();
				if (done) return null;
				text += decoder.decode(value, { stream: true });
				continue;
			}
			const lines = new Map(
				text
					.slice(0, end)
					.split('\n')
					.map((line) => [line.split(': ')[0], line.slice(line.indexOf(': ') + 2)])
			);
			text = text.slice(end + 2);
			const data = lines.get('data');
			if (data)
				return { event: lines.get('event')!, position: Number(lines.get('id')), data: JSON.parse(data) };
		}
	};
	const until = async (event: string): Promise<Message> => {
		for (;;) {
			const message = await next();
			if (!message) throw new Error(`The stream ended before ${event}.`);
			if (message.event === event) return message;
		}
	};
	return { next, until, stop: () => stop.abort() };
}

const ticketOf = async (shop: ApiShop, token = shop.token): Promise<string> =>
	(await send('/stream/ticket', { method: 'POST', token })).json.ticket;

/** A WebSocket with its messages kept; `refused` is the status of the door. */
function connect(path: string) {
	const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/${path}`);
	const messages: Message[] = [];
	const waiting = new Set<() => void>();
	socket.on('message', (data) => {
		messages.push(JSON.parse(String(data)));
		for (const wake of waiting) wake();
	});
	const until = async (event: string): Promise<Message> => {
		for (;;) {
			const found = messages.find((message) => message.event === event);
			if (found) return found;
			await new Promise<void>((resolve) => waiting.add(resolve));
		}
	};
	const closed = new Promise<number>((resolve) => socket.on('close', resolve));
	const refused = new Promise<number>((resolve, reject) => {
		socket.on('unexpected-response', (_request, response) => resolve(response.statusCode!));
		socket.on('open', () => reject(new Error('It opened.')));
		socket.on('error', () => {}); // told by the status
	});
	refused.catch(() => {}); // those that open
	return { socket, until, closed, refused, messages };
}

test('orders arrive as events, in the API’s form, and only one’s own', async () => {
	const stream = await listen('orders', mine.token);
	await stream.until('beat');
	await sell(theirs, '#FOREIGN-live');
	await sell(mine, '#MINE-live');
	const { data, position } = await stream.until('order');
	expect(data).toMatchObject({
		change: 'created',
		order: { name: '#MINE-live', total: 10, currency: 'USD' }
	});
	expect(position).toBeGreaterThan(0);
	stream.stop();
});

test('a stream goes on after a position without a gap', async () => {
	const first = await listen('orders', mine.token);
	const { position } = await first.until('beat');
	first.stop();
	await sell(mine, '#MINE-missed-1');
	await sell(mine, '#MINE-missed-2');
	const again = await listen('orders', mine.token, { 'last-event-id': String(position) });
	const names = [await again.until('order'), await again.until('order')].map(({ data }) => data.order.name);
	expect(names).toEqual(['#MINE-missed-1', '#MINE-missed-2']);
	again.stop();
});

test('the dashboard’s figures come at once and follow an order', async () => {
	await catchUp([mine.organizationId]);
	const stream = await listen('dashboard', mine.token);
	const before = (await stream.until('metrics')).data.total_orders as number;
	await stream.until('beat');
	await sell(mine, '#MINE-figures');
	await catchUp([mine.organizationId]);
	let after = before;
	while (after === before) after = (await stream.until('metrics')).data.total_orders as number;
	expect(after).toBe(before + 1);
	stream.stop();
});

test('low stock is told as an alert', async () => {
	const stream = await listen('alerts', mine.token);
	await stream.until('beat');
	const body = { product_id: mine.ids[SAMPLE.product], available: 1 };
	expect((await send('/inventory/adjust', { token: mine.token, body })).status).toBe(200);
	const { data } = await stream.until('low_stock');
	expect(data).toMatchObject({ product_id: mine.ids[SAMPLE.product], available: 5, reorder_point: 10 });
	stream.stop();
});

test('a WebSocket opens with a ticket, once, and carries the same', async () => {
	const ticket = await ticketOf(mine);
	const open = connect(`orders?ticket=${ticket}`);
	await open.until('beat');
	await sell(theirs, '#FOREIGN-ws');
	await sell(mine, '#MINE-ws');
	const { data } = await open.until('order');
	expect(data).toMatchObject({ change: 'created', order: { name: '#MINE-ws' } });
	expect(JSON.stringify(open.messages)).not.toContain('FOREIGN');
	expect(await connect(`orders?ticket=${ticket}`).refused).toBe(401);
	open.socket.close();
	await open.closed;
});

test('a WebSocket without a ticket, with an old one, or of another name is refused', async () => {
	expect(await connect('orders').refused).toBe(401);
	expect(await connect('orders?ticket=guessed').refused).toBe(401);
	expect(await connect(`secrets?ticket=${await ticketOf(mine)}`).refused).toBe(404);
	expect(await connect(`orders?from=x&ticket=${await ticketOf(mine)}`).refused).toBe(400);
	const ticket = await ticketOf(mine);
	await asSystem(
		'operator: queues and health',
		({ sql }) => sql`update api_tokens set expires_at = now() - interval '1 second' where kind = 'ticket'`
	);
	expect(await connect(`orders?ticket=${ticket}`).refused).toBe(401);
});

test('signing out ends streams and WebSockets of that sign-in, and its tickets', async () => {
	const { access_token: token } = await mine.signIn();
	const stream = await listen('orders', token);
	await stream.until('beat');
	const open = connect(`orders?ticket=${await ticketOf(mine, token)}`);
	await open.until('beat');
	const unused = await ticketOf(mine, token);
	const other = connect(`orders?ticket=${await ticketOf(mine)}`);
	await other.until('beat');
	await send('/auth/logout', { method: 'POST', token });
	expect(await stream.next()).toBeNull();
	expect(await open.closed).toBe(1012);
	expect(await connect(`orders?ticket=${unused}`).refused).toBe(401);
	expect(other.socket.readyState).toBe(WebSocket.OPEN);
	other.socket.terminate();
});

test('signing out all other browsers cuts them off, too', async () => {
	const { access_token: token } = await theirs.signIn();
	const open = connect(`orders?ticket=${await ticketOf(theirs, token)}`);
	await open.until('beat');
	const [owner] = await inOrganization(
		theirs.organizationId,
		({ sql }) => sql<{ userId: string }[]>`select user_id from members`
	);
	// another browser of the person signs all others out
	await revokeOtherSessions(
		{ id: owner!.userId, name: '', email: '', emailVerified: true, sessionId: '' },
		{
			requestId: newId(),
			address: '',
			userAgent: '',
			secure: true,
			cookies: { get: () => undefined, set() {}, delete() {} }
		}
	);
	expect(await open.closed).toBe(1012);
	expect((await send('/auth/me', { token })).status).toBe(401);
});

test('a member who holds as many streams as they may is refused until one is closed, in words a programme reads', async () => {
	closeStreams(() => true);
	const before = settings();
	useRunning({
		settings: { ...before, STREAMS_PER_MEMBER: 2, STREAMS_PER_ORGANIZATION: 3 },
		secretKey: secretKey()
	});
	const first = await listen('orders', mine.token);
	const socket = connect(`orders?ticket=${await ticketOf(mine)}`);
	await socket.until('beat');
	const refused = await send('/stream/alerts', { token: mine.token });
	expect(refused.headers.get('retry-after')).toBe('30');
	expect([refused.status, refused.headers.get('content-type'), refused.json.code]).toEqual([
		429,
		'application/problem+json',
		'too_many_streams'
	]);
	expect(refused.json.detail).toContain('You have 2 streams open');
	// the limit of requests is another one and not used up
	expect(Number(refused.headers.get('ratelimit-remaining'))).toBeGreaterThan(0);
	const third = connect(`orders?ticket=${await ticketOf(mine)}`);
	expect(await third.closed).toBe(1013);
	// other organizations have places of their own
	const other = await listen('orders', (await theirs.signIn()).access_token);
	await other.until('beat');
	other.stop();

	first.stop();
	const again = await listen('alerts', mine.token);
	await again.until('beat');
	again.stop();
	socket.socket.close();
	await socket.closed;
	useRunning({ settings: before, secretKey: secretKey() });
});

test('a handshake that goes wrong keeps no place', async () => {
	const before = settings();
	useRunning({ settings: { ...before, STREAMS_PER_MEMBER: 1 }, secretKey: secretKey() });
	const ticket = await ticketOf(mine);
	const status = await new Promise((resolve) =>
		http
			.get({
				port,
				path: `/ws/orders?ticket=${ticket}`,
				headers: { connection: 'upgrade', upgrade: 'websocket' }
			})
			.on('response', (response) => response.resume().on('end', () => resolve(response.statusCode)))
	);
	expect(status).toBe(400);
	await vi.waitFor(async () => {
		const stream = await listen('orders', mine.token);
		await stream.until('beat');
		stream.stop();
	});
	useRunning({ settings: before, secretKey: secretKey() });
});
