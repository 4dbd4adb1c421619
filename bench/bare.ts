// The bare path of PERFORMANCE.md P4, as a process: node bench/bare.ts DATA_DIR PORT SECRET. What nobody can do much faster:
// node:http, the HMAC of the raw body, one fsynced INSERT, an emitter, one SSE write. No framework, no parsing, no tenancy.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { EventEmitter } from 'node:events';
import http from 'node:http';
import postgres from 'postgres';
import { startEmbeddedPostgres } from '../src/lib/server/platform/embedded/postgres.ts';

const [dataDir, port, secret] = process.argv.slice(2);
if (!dataDir || !port || !secret) {
	console.error('Usage: node bench/bare.ts DATA_DIR PORT SECRET');
	process.exit(2);
}
const server = await startEmbeddedPostgres(dataDir);
const sql = postgres({
	host: server.host,
	port: server.port,
	user: server.user,
	password: server.password,
	database: 'postgres',
	max: 10,
	onnotice: () => {}
});
await sql`create table if not exists bare (id text primary key, body bytea not null, at timestamptz not null default now())`;
const [commit] = await sql<{ synchronous_commit: string }[]>`show synchronous_commit`;
if (commit?.synchronous_commit !== 'on')
	throw new Error('The reference must be fsynced: synchronous_commit is not on.');

const live = new EventEmitter().setMaxListeners(0);
let position = 0;

async function receive(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	const body = Buffer.concat(chunks);
	const expected = createHmac('sha256', secret!).update(body).digest();
	const given = Buffer.from(String(request.headers['x-shopify-hmac-sha256']), 'base64');
	if (given.length !== expected.length || !timingSafeEqual(given, expected))
		return void response.writeHead(401).end();
	const id = String(request.headers['x-shopify-webhook-id']);
	await sql`insert into bare (id, body) values (${id}, ${body})`;
	live.emit('order', `id: ${++position}\ndata: {"delivery":"${id}"}\n\n`);
	response.writeHead(200, { 'content-length': 0 }).end();
}

function stream(response: http.ServerResponse): void {
	response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
	response.flushHeaders();
	const write = (frame: string) => response.write(frame);
	live.on('order', write);
	response.on('close', () => live.off('order', write));
}

const web = http.createServer((request, response) => {
	if (request.method === 'POST') void receive(request, response).catch(() => response.writeHead(500).end());
	else stream(response);
});
web.listen(Number(port), '127.0.0.1', () => console.log('bare path ready'));
process.on('SIGTERM', async () => {
	web.close();
	web.closeAllConnections();
	await sql.end({ timeout: 2 });
	await server.stop();
	process.exit(0);
});
