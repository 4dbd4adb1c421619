import http from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, temporaryFolder, type Child } from '../../bench/process.ts';
import { givePassword, signIn } from '../../bench/sign-in.ts';
import { openStore, plantTenant } from '../../bench/tenants.ts';

/** What only the wire shows: tests/api asks the same code without a server around it. */
let app: Child;
let token: string;
const folder = temporaryFolder('api');

beforeAll(async () => {
	app = await startApp({ dataDir: folder.path });
	const sql = openStore(folder.path);
	const tenant = await plantTenant(sql);
	await givePassword(sql, tenant.ownerId);
	await sql.end();
	token = await signIn(app.url, tenant.ownerId);
});
afterAll(async () => {
	await app.stop();
	await folder.remove();
});

interface Answer {
	status: number;
	headers: http.IncomingHttpHeaders;
	text: string;
}

/** Sends a request as it stands: fetch would tidy its address and its headers. */
function ask(
	path: string,
	given: { method?: string; body?: string; headers?: object } = {}
): Promise<Answer> {
	const { method = given.body === undefined ? 'GET' : 'POST', body, headers } = given;
	return new Promise((resolve, reject) => {
		const request = http.request(
			{
				port: app.port,
				host: '127.0.0.1',
				path,
				method,
				headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers }
			},
			async (response) => {
				let text = '';
				for await (const piece of response) text += piece;
				resolve({ status: response.statusCode!, headers: response.headers, text });
			}
		);
		request.on('error', reject);
		request.end(body);
	});
}

const problem = ({ headers, text }: Answer) => {
	expect(headers['content-type']).toBe('application/problem+json');
	return JSON.parse(text) as { status: number; code: string };
};

test.each([
	['above our limit', 1_100_000, {}],
	['above our limit, in pieces', 1_100_000, { 'transfer-encoding': 'chunked' }],
	['above the limit of the server', 9_000_000, {}],
	['above the limit of the server, in pieces', 9_000_000, { 'transfer-encoding': 'chunked' }]
])('a body %s is answered, not cut off', async (_name, size, headers) => {
	const got = await ask('/api/v1/products', { body: JSON.stringify({ sku: 'x'.repeat(size) }), headers });
	expect([got.status, problem(got).code]).toEqual([413, 'body_too_large']);
});

test('an address that no one can decode is answered as a problem', async () => {
	const got = await ask('/api/v1/orders/%ff?limit=%ff');
	expect(got.status).toBe(400);
	expect(problem(got).code).toBe('invalid');
	const alone = await ask('/api/v1/orders/%ff');
	expect([alone.status, problem(alone).code]).toEqual([404, 'not_found']);
	expect((await ask('/api/v1/orders/100%25')).status).toBe(404);
});

test('other methods are answered as problems, HEAD without a body', async () => {
	for (const method of ['OPTIONS', 'PUT', 'DELETE']) {
		const got = await ask('/api/v1/orders', { method });
		expect([got.status, got.headers.allow, problem(got).code]).toEqual([405, 'GET', 'method_not_allowed']);
	}
	const head = await ask('/api/v1/orders', { method: 'HEAD' });
	expect([head.status, head.headers['content-type'], head.text]).toEqual([200, 'application/json', '']);
	expect((await ask('/api/v1/stream/orders', { method: 'HEAD' })).status).toBe(200); // ends, though the stream does not
});

test('a WebSocket’s address without an upgrade says what is missing', async () => {
	const got = await ask('/ws/orders');
	expect([got.status, got.headers.upgrade, problem(got).code]).toEqual([
		426,
		'websocket',
		'upgrade_required'
	]);
});

test('a cookie opens nothing', async () => {
	const got = await ask('/api/v1/orders', { headers: { authorization: '', cookie: `tidemark=${token}` } });
	expect([got.status, problem(got).code]).toEqual([401, 'unauthenticated']);
});
