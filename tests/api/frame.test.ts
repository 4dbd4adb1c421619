import { beforeAll, expect, test, vi } from 'vitest';
import { inOrganization } from '../../src/lib/server/platform/db.ts';
import { secretKey, settings, useRunning } from '../../src/lib/server/platform/running.ts';
import { addMember, makePerson, PASSWORD } from '../factories/person.ts';
import { makeOrganization } from '../factories/organization.ts';
import type { Role } from '../../src/lib/contracts/permissions.ts';
import { send } from './client.ts';
import { makeApiShop, type ApiShop } from './shop.ts';

vi.mock('../../src/lib/server/platform/queue.ts', () => ({ enqueue: async () => {} }));

const A_MINUTE = 80;
let shop: ApiShop;
beforeAll(async () => {
	useRunning({ settings: { ...settings(), API_REQUESTS_PER_MINUTE: A_MINUTE }, secretKey: secretKey() });
	shop = await makeApiShop('FRAME');
});

const write = (path: string, body: unknown, key: string, token = shop.token) =>
	send(path, { body, token, headers: { 'idempotency-key': key } });
const product = () => Object.entries(shop.ids).find(([sample]) => sample.endsWith('a202'))![1];

async function memberOf(role: Role): Promise<string> {
	const organization = await makeOrganization();
	const person = await makePerson();
	await addMember(organization, person, role);
	const body = { email: person.email, password: PASSWORD, organization_id: organization.organization.id };
	return (await send('/auth/login', { body })).json.access_token;
}

test('a write sent again with its key is done once and answers the same', async () => {
	const body = { sku: 'ONCE', title: 'Once' };
	const first = await write('/products', body, 'once-1');
	const again = await write('/products', body, 'once-1');
	expect([first.status, again.status]).toEqual([201, 201]);
	expect(again.text).toBe(first.text);
	expect(again.headers.get('location')).toBe(first.headers.get('location'));
	expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).toEqual([
		null,
		'true'
	]);
});

test('a refusal is answered again, too; another body with the key is refused', async () => {
	const taken = { sku: 'MUG-BLUE', title: 'Mug' };
	const first = await write('/products', taken, 'refused-1');
	const again = await write('/products', taken, 'refused-1');
	expect([first.status, again.status]).toEqual([409, 409]);
	expect(again.text).toBe(first.text);
	const other = await write('/products', { sku: 'OTHER', title: 'Other' }, 'refused-1');
	expect([other.status, other.json.code]).toEqual([422, 'idempotency_mismatch']);
});

test('of many at once with one key, one counts', async () => {
	const body = { product_id: product(), delta: 5, reason: 'received' };
	const all = await Promise.all(Array.from({ length: 8 }, () => write('/inventory/adjust', body, 'delta-1')));
	expect(all.filter(({ status }) => status !== 200 && status !== 409)).toEqual([]);
	const last = await write('/inventory/adjust', body, 'delta-1');
	expect([last.status, last.json.before, last.json.available]).toEqual([200, 0, 5]);
	const next = await write('/inventory/adjust', body, 'delta-2');
	expect([next.json.before, next.json.available]).toEqual([5, 10]);
});

test('a key is forgotten after a day', async () => {
	const body = { product_id: product(), delta: 1, reason: 'received' };
	const first = await write('/inventory/adjust', body, 'a-day-1');
	const age = (hours: number) =>
		inOrganization(
			shop.organizationId,
			({ sql }) =>
				sql`update idempotency_keys set created_at = now() - make_interval(hours => ${hours}) where key = 'a-day-1'`
		);
	await age(23);
	expect((await write('/inventory/adjust', body, 'a-day-1')).text).toBe(first.text);
	await age(25);
	const later = await write('/inventory/adjust', body, 'a-day-1');
	expect([later.headers.get('idempotency-replayed'), later.json.before]).toEqual([
		null,
		first.json.available
	]);
});

test('keys are the member’s own, and of the organization', async () => {
	await write('/products', { sku: 'OWN', title: 'Own' }, 'own-1');
	const other = await write('/products', { sku: 'OWN', title: 'Own' }, 'own-1', await memberOf('owner'));
	expect([other.status, other.headers.get('idempotency-replayed')]).toEqual([201, null]);
	const seen = await inOrganization(
		shop.organizationId,
		({ sql }) => sql`select distinct organization_id from idempotency_keys`
	);
	expect(seen.map((row) => row.organizationId)).toEqual([shop.organizationId]);
});

test('tickets are not kept with a key', async () => {
	const [first, second] = [
		await write('/stream/ticket', {}, 'ticket-1'),
		await write('/stream/ticket', {}, 'ticket-1')
	];
	expect(first.json.ticket).not.toBe(second.json.ticket);
});

test('problems name the field, where it stands and the fix', async () => {
	const query = await send('/orders?limit=900&page=2&from=2026-13-01', { token: shop.token });
	expect(query.headers.get('content-type')).toBe('application/problem+json');
	expect(query.json).toMatchObject({ status: 400, code: 'invalid', type: '/docs/api#invalid' });
	expect(query.json.errors.map(({ field, in: place }: Record<string, string>) => [field, place])).toEqual(
		expect.arrayContaining([
			['limit', 'query'],
			['from', 'query'],
			['page', 'query']
		])
	);
	const words = Object.fromEntries(
		query.json.errors.map(({ field, message }: Record<string, string>) => [field, message])
	);
	expect(words.limit).toBe('must be at most 200.');
	expect(words.from).toContain('such as 2026-11-19');
	expect((await send('/orders?channels=ebay', { token: shop.token })).json.errors[0]).toEqual({
		field: 'channels.0',
		in: 'query',
		message: 'must be one of amazon, shopify, walmart.'
	});
	expect((await send('/orders?limit=many', { token: shop.token })).json.detail).toBe(
		'limit: must be a number.'
	);
	const both = await send('/inventory/adjust', { token: shop.token, body: { product_id: product() } });
	expect(both.json.errors).toEqual([
		{ field: 'available', in: 'body', message: expect.stringContaining('either available') }
	]);
	const text = await send('/products', { token: shop.token, text: '{"sku":', method: 'POST' });
	expect(text.json.errors[0]).toMatchObject({ field: 'body', in: 'body' });
});

test('other methods, media types and sizes are refused in words', async () => {
	const method = await send('/orders', { method: 'DELETE', token: shop.token });
	expect([method.status, method.headers.get('allow')]).toEqual([405, 'GET']);
	expect((await send('/nothing', { token: shop.token })).status).toBe(404);
	const form = await send('/products', {
		token: shop.token,
		text: 'sku=1',
		headers: { 'content-type': 'application/x-www-form-urlencoded' }
	});
	expect(form.status).toBe(415);
	const large = await send('/products', {
		token: shop.token,
		text: JSON.stringify({ sku: 'x'.repeat(1_100_000) })
	});
	expect(large.status).toBe(413);
});

test('a page leads to the next one until the last', async () => {
	const names: string[] = [];
	let cursor: string | null = null;
	do {
		const search: string = cursor ? `&cursor=${cursor}` : '';
		const page = await send(`/orders?limit=1${search}`, { token: shop.token });
		names.push(...page.json.data.map(({ name }: { name: string }) => name));
		cursor = page.json.next_cursor;
	} while (cursor);
	expect(names.sort()).toEqual(['#FRAME-1', '#FRAME-2', '#FRAME-3']);
	const changed = await send('/products?limit=1', { token: shop.token });
	expect(
		(await send(`/products?limit=2&cursor=${changed.json.next_cursor}`, { token: shop.token })).status
	).toBe(400);
});

test('amounts keep the digits of their currency', async () => {
	const { text } = await send('/orders?limit=1', { token: shop.token });
	expect(text).toMatch(/"currency":"USD","total":10\.00,/);
});

test('a viewer reads and changes nothing', async () => {
	const token = await memberOf('viewer');
	expect((await send('/orders', { token })).status).toBe(200);
	for (const [path, body] of [
		['/products', { sku: 'A', title: 'A' }],
		['/inventory/adjust', { product_id: product(), available: 1 }],
		['/orders/sync', {}]
	] as const)
		expect((await send(path, { token, body })).status).toBe(403);
	expect((await send('/orders/export', { token })).status).toBe(403);
});

test('the limit is told with each answer, and what is above it is refused', async () => {
	const token = await memberOf('analyst');
	const first = await send('/auth/me', { token });
	expect(first.headers.get('ratelimit-limit')).toBe(String(A_MINUTE));
	const left = Number(first.headers.get('ratelimit-remaining'));
	expect(left).toBe(A_MINUTE - 1);
	for (let i = 0; i < left; i++) await send('/auth/me', { token });
	const over = await send('/auth/me', { token });
	expect([
		over.status,
		over.json.code,
		over.headers.get('ratelimit-limit'),
		over.headers.get('ratelimit-remaining')
	]).toEqual([429, 'rate_limited', String(A_MINUTE), '0']);
	expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0);
	expect((await send('/auth/me', { token: shop.token })).status).toBe(200);
});

test('an answer of another type is not forced on who asks for XML', async () => {
	const accept = (type: string, path = '/orders') =>
		send(path, { token: shop.token, headers: { accept: type } }).then(({ status, headers, json }) => [
			status,
			headers.get('content-type'),
			json?.code
		]);
	expect(await accept('application/xml')).toEqual([406, 'application/problem+json', 'not_acceptable']);
	expect((await accept('text/html,application/xml;q=0.9,*/*;q=0.8')).slice(0, 2)).toEqual([
		200,
		'application/json'
	]);
	expect((await accept('text/csv', '/orders/export')).slice(0, 2)).toEqual([200, 'text/csv; charset=utf-8']);
	expect((await accept('application/xml', '/orders/export'))[0]).toBe(406);
	// a write that cannot be answered is not done
	const body = { sku: 'NEVER', title: 'Never' };
	const write = await send('/products', { token: shop.token, body, headers: { accept: 'application/xml' } });
	expect(write.status).toBe(406);
	expect((await send('/products?search=NEVER', { token: shop.token })).json.data).toEqual([]);
});
