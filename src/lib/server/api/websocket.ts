import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { require } from '../identity/index.ts';
import { AppError, Invalid, NotFound, TooManyStreams, Unauthenticated } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { log } from '../platform/log.ts';
import { addressKey } from '../platform/rate-limit.ts';
import { settings } from '../platform/running.ts';
import { STREAM_PERMISSIONS } from './endpoints/streams.ts';
import { takeTicket } from './grants.ts';
import { addressLimit } from './limits.ts';
import { openMessages, STREAMS, type Message } from './messages.ts';
import { problemResponse } from './problem.ts';

/** A reader that lets more pile up is dropped. */
const MAX_BUFFERED = 1024 * 1024;
const PING_MS = 25_000;

const server = new WebSocketServer({ noServer: true, maxPayload: 1024, perMessageDeflate: false });

/**
 * Opens /ws/dashboard, /ws/orders or /ws/alerts with a ticket: the messages of the event streams, one JSON text each. Whatever the
 * other side sends is ignored.
 */
export async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
	socket.on('error', () => socket.destroy()); // who hangs up meanwhile is no failure of ours
	const requestId = newId();
	const control = new AbortController();
	socket.on('close', () => control.abort()); // also of a handshake that goes wrong
	try {
		const url = new URL(request.url ?? '/', 'http://localhost');
		await addressLimit().take(addressKey(addressOf(request)));
		const name = STREAMS.find((one) => url.pathname === `/ws/${one}`);
		if (!name) throw new NotFound('This WebSocket');
		const from = url.searchParams.get('from');
		if (from !== null && !/^\d{1,15}$/.test(from))
			throw new Invalid({ from: 'must be a position: a whole number.' });
		const ticket = url.searchParams.get('ticket');
		if (!ticket) throw new Unauthenticated('Add a ticket: POST /api/v1/stream/ticket answers one.');
		const who = await takeTicket(ticket, requestId);
		require(who.ctx, STREAM_PERMISSIONS[name]);
		const messages = await openMessages(name, who, from === null ? null : Number(from), control.signal);
		server.handleUpgrade(request, socket, head, (ws) => void pump(ws, messages, control));
	} catch (error) {
		control.abort();
		// a browser is told the code of a WebSocket that closes, never the status of one that does not open
		if (error instanceof TooManyStreams)
			return server.handleUpgrade(request, socket, head, (ws) => ws.close(1013, error.message));
		await refuse(socket, error, requestId);
	}
}

/** Answers who asks for /ws/... without opening a WebSocket: often a proxy on the way that does not pass the upgrade on. */
export function upgradeRequired(requestId: string): Response {
	const words =
		'This address is opened as a WebSocket only. Where a proxy stands before it, let it pass the headers Upgrade and Connection on.';
	const response = problemResponse(new AppError(426, 'upgrade_required', words), {
		requestId,
		path: '/ws',
		in: 'query'
	});
	response.headers.set('upgrade', 'websocket');
	response.headers.set('connection', 'Upgrade');
	return response;
}

/** The client's address: behind a trusted proxy the one it put last. */
function addressOf(request: IncomingMessage): string {
	const forwarded = settings().TRUST_PROXY ? String(request.headers['x-forwarded-for'] ?? '') : '';
	return forwarded.split(',').at(-1)!.trim() || (request.socket.remoteAddress ?? '');
}

async function pump(
	ws: WebSocket,
	messages: AsyncIterable<Message>,
	control: AbortController
): Promise<void> {
	let alive = true;
	const ping = setInterval(() => {
		if (!alive) return ws.terminate();
		alive = false;
		ws.ping();
	}, PING_MS);
	ws.on('pong', () => (alive = true));
	ws.on('error', () => ws.terminate());
	ws.on('close', () => {
		clearInterval(ping);
		control.abort();
	});
	try {
		for await (const message of messages) {
			if (ws.readyState !== ws.OPEN) break;
			if (ws.bufferedAmount > MAX_BUFFERED) return ws.terminate();
			ws.send(JSON.stringify(message));
		}
		ws.close(1012, 'Connect again with a new ticket.');
	} catch (error) {
		if (!(error instanceof AppError)) log.error({ err: error }, 'a WebSocket ended');
		ws.close(1011, 'Connect again in a moment.');
	}
}

async function refuse(socket: Duplex, error: unknown, requestId: string): Promise<void> {
	const response = problemResponse(error, { requestId, path: '/ws', in: 'query' });
	const body = await response.text();
	const head = [...response.headers].map(([name, value]) => `${name}: ${value}`);
	socket.end(
		[
			`HTTP/1.1 ${response.status} ${error instanceof AppError ? error.name : 'Error'}`,
			...head,
			`content-length: ${Buffer.byteLength(body)}`,
			'connection: close',
			'',
			body
		].join('\r\n')
	);
}
