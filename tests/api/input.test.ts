import { beforeAll, expect, test, vi } from 'vitest';
import { catchUp } from '../../src/lib/server/analytics/index.ts';
import { bodyOf } from '../../src/lib/server/api/input.ts';
import { SAMPLE } from '../../src/lib/server/api/samples.ts';
import { send } from './client.ts';
import { makeApiShop, type ApiShop } from './shop.ts';

vi.mock('../../src/lib/server/platform/queue.ts', () => ({ enqueue: async () => {} }));

let shop: ApiShop;
beforeAll(async () => {
	shop = await makeApiShop('INPUT');
});

const problems = async (path: string, body?: unknown) => {
	const { status, json } = await send(path, { token: shop.token, ...(body !== undefined && { body }) });
	expect(status).toBe(400);
	return json.errors as { field: string; in: string; message: string }[];
};

test('a category with a comma is found; other lists are told with commas or several times', async () => {
	const id = shop.ids[SAMPLE.product]!;
	const category = 'Clothing, Shoes & Jewelry';
	await send(`/products/${id}`, { method: 'PATCH', token: shop.token, body: { category } });
	await catchUp([shop.organizationId]);
	const asked = `categories=${encodeURIComponent(category)}`;
	const ids = async (query: string) =>
		(await send(`/products?${query}`, { token: shop.token })).json.data.map((one: { id: string }) => one.id);
	expect(await ids(asked)).toEqual([id]);
	expect(await ids(`${asked}&categories=Nothing`)).toEqual([id]);
	expect(await ids('categories=Nothing')).toEqual([]);
	const figures = await send(`/dashboard/metrics?${asked}`, { token: shop.token });
	expect(figures.json.total_orders).toBe(3);
	for (const channels of ['channels=amazon,shopify', 'channels=amazon&channels=shopify'])
		expect((await send(`/orders?${channels}`, { token: shop.token })).json.data).toHaveLength(3);
});

test('days the wrong way round are refused, not answered with nothing', async () => {
	for (const path of ['/orders', '/orders/export', '/dashboard/metrics'])
		expect(await problems(`${path}?from=2026-11-20&to=2026-11-01`)).toEqual([
			{ field: 'to', in: 'query', message: 'must not be before from.' }
		]);
});

test('a number out of bounds is told its bound, a missing field what to send', async () => {
	const product_id = shop.ids[SAMPLE.product];
	const said = async (body: object) => (await problems('/inventory/adjust', body)).map((one) => one.message);
	expect(await said({ product_id, available: -1 })).toEqual(['must be at least 0.']);
	expect(await said({ product_id, available: 1.5 })).toEqual(['must be a whole number.']);
	expect(await said({ product_id, available: 1e9 })).toEqual([
		expect.stringMatching(/^must be at most \d+\.$/)
	]);
	expect(await said({ available: 1 })).toEqual(['Send the id of a product.']);
	expect(await said({ product_id: 'x'.repeat(101), available: 1 })).toEqual([
		'must have at most 100 characters.'
	]);
	const login = await send('/auth/login', { body: { email: 'a'.repeat(300), password: 'x' } });
	expect(login.json.errors[0].message).toBe('must have at most 254 characters.');
});

test('a header that cannot be used is named as it is written', async () => {
	const { json } = await send('/stream/orders', {
		token: shop.token,
		headers: { 'last-event-id': 'the first' },
		moment: 500
	});
	expect(json.errors).toEqual([
		{ field: 'Last-Event-ID', in: 'header', message: 'must be the id of an event of this stream.' }
	]);
});

test('a body in another encoding, or packed, is refused before it is stored garbled', async () => {
	const request = (body: BodyInit, headers: Record<string, string> = {}) =>
		new Request('http://localhost', {
			method: 'POST',
			body,
			headers: { 'content-type': 'application/json', ...headers }
		});
	const latin1 = Buffer.from('{"sku":"CAFÉ"}', 'latin1');
	await expect(bodyOf(request(latin1))).rejects.toMatchObject({
		problems: [{ field: 'body', in: 'body', message: 'is not in UTF-8. Send it in that encoding.' }]
	});
	await expect(bodyOf(request('{}', { 'content-encoding': 'gzip' }))).rejects.toMatchObject({ status: 415 });
	expect((await bodyOf(request('{"sku":"CAFÉ"}'))).json).toEqual({ sku: 'CAFÉ' });
});

test('a body that is too large is read to its end, so that the connection carries the refusal', async () => {
	let cut = false;
	let left = 40;
	const body = new ReadableStream({
		pull: (controller) => (left-- > 0 ? controller.enqueue(Buffer.alloc(100_000, 32)) : controller.close()),
		cancel: () => void (cut = true)
	});
	const request = new Request('http://localhost', { method: 'POST', body, duplex: 'half' } as RequestInit);
	await expect(bodyOf(request)).rejects.toMatchObject({ status: 413 });
	expect([cut, left]).toEqual([false, -1]);
	// what the server in front of us says of a body above its own limit
	const refused = new ReadableStream({
		start: (controller) => controller.error(Object.assign(new Error('Payload Too Large'), { status: 413 }))
	});
	const larger = new Request('http://localhost', {
		method: 'POST',
		body: refused,
		duplex: 'half'
	} as RequestInit);
	await expect(bodyOf(larger)).rejects.toMatchObject({ status: 413, code: 'body_too_large' });
});
