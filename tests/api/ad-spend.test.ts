import { beforeEach, expect, test, vi } from 'vitest';
import { customersOverview, listAdSpend } from '../../src/lib/server/analytics/index.ts';
import { makeOrganization, type TestOrganization } from '../factories/organization.ts';
import { addMember, makePerson, PASSWORD } from '../factories/person.ts';
import { send } from './client.ts';

vi.mock('../../src/lib/server/platform/queue.ts', () => ({ enqueue: async () => {} }));

let made: TestOrganization;
let token: string;
const signIn = async (role: 'owner' | 'viewer') => {
	const person = await makePerson();
	await addMember(made, person, role);
	const body = { email: person.email, password: PASSWORD, organization_id: made.organization.id };
	return (await send('/auth/login', { body })).json.access_token as string;
};
beforeEach(async () => {
	made = await makeOrganization({ currency: 'EUR' });
	token = await signIn('owner');
});

const put = (entries: unknown, more: object = {}) =>
	send('/ad-spend', { method: 'PUT', token, body: { entries }, ...more });
const entry = { day: '2026-03-01', channel: 'shopify', platform: 'Meta', amount: 12.5 };

test('what is entered is on the page, and in CAC; the own currency stands where none is sent', async () => {
	const got = await put([
		{ ...entry, through: '2026-03-04', amount: 10 },
		{ ...entry, channel: 'amazon', currency: 'usd' }
	]);
	expect([got.status, got.json]).toEqual([200, { days: 5 }]);
	const { rows } = await listAdSpend(made.ctx());
	expect(rows.map(({ day, channel, amount, currency }) => [day, channel, amount, currency])).toEqual([
		['2026-03-04', 'shopify', '2.5', 'EUR'],
		['2026-03-03', 'shopify', '2.5', 'EUR'],
		['2026-03-02', 'shopify', '2.5', 'EUR'],
		['2026-03-01', 'amazon', '12.5', 'USD'],
		['2026-03-01', 'shopify', '2.5', 'EUR']
	]);
	const spend = (await customersOverview(made.ctx(), { range: { from: '2026-03-01', to: '2026-03-31' } }))
		.spend;
	expect(Number(spend.total)).toBe(10);
});

test('pages meet without a gap, narrowed by days and channel; amounts are numbers beside their currency', async () => {
	await put([
		{ ...entry, through: '2026-03-31', amount: 31 },
		{ ...entry, platform: '', amount: 0.3333, currency: 'JPY' },
		{ ...entry, channel: 'walmart' }
	]);
	const all: unknown[] = [];
	for (let cursor: string | null = ''; cursor !== null;) {
		const { json } = await send(`/ad-spend?limit=7${cursor && `&cursor=${cursor}`}`, { token });
		all.push(...json.data);
		cursor = json.next_cursor;
	}
	expect(all).toHaveLength(33);
	expect(all.slice(-3)).toEqual([
		{ day: '2026-03-01', channel: 'shopify', platform: '', amount: 0.3333, currency: 'JPY' },
		{ day: '2026-03-01', channel: 'shopify', platform: 'Meta', amount: 1, currency: 'EUR' },
		{ day: '2026-03-01', channel: 'walmart', platform: 'Meta', amount: 12.5, currency: 'EUR' }
	]);
	const some = await send('/ad-spend?from=2026-03-01&to=2026-03-02&channels=shopify', { token });
	expect(some.json.data.map((one: { day: string }) => one.day)).toEqual([
		'2026-03-02',
		'2026-03-01',
		'2026-03-01'
	]);
	expect((await send('/ad-spend?cursor=WzFd', { token })).json.errors[0].field).toBe('cursor');
});

test('all entries are taken or none, and what is wrong is named with its entry', async () => {
	const refusal = async (entries: unknown) => {
		const { status, json } = await put(entries);
		expect(status).toBe(400);
		return json.errors[0].field as string;
	};
	expect(await refusal([entry, { ...entry, day: '2026-03-02', amount: -1 }])).toBe('entries.1.amount');
	expect(await refusal([{ ...entry, amount: 0.00001 }])).toBe('entries.0.amount');
	expect(await refusal([{ ...entry, amount: '12' }])).toBe('entries.0.amount');
	expect(await refusal([{ ...entry, day: '1999-01-01' }])).toBe('entries.0.day');
	expect(await refusal([{ ...entry, currency: 'euro' }])).toBe('entries.0.currency');
	expect(await refusal([{ ...entry, through: '2026-02-01' }])).toBe('entries.0.through');
	expect(await refusal([{ ...entry, through: '2026-03-05' }, entry])).toBe('entries.1');
	expect(await refusal([])).toBe('entries');
	const year = { ...entry, day: '2025-01-01', through: '2025-12-31' };
	expect(await refusal(Array.from({ length: 83 }, (_, n) => ({ ...year, platform: String(n) })))).toBe(
		'entries'
	);
	expect((await listAdSpend(made.ctx())).rows).toEqual([]);
});

test('a repeated request with its key is answered once; removing is not found the second time', async () => {
	const headers = { 'idempotency-key': 'first' };
	await put([entry], { headers });
	const again = await put([entry], { headers });
	expect([again.json, again.headers.get('idempotency-replayed')]).toEqual([{ days: 1 }, 'true']);
	const gone = () =>
		send('/ad-spend?day=2026-03-01&channel=shopify&platform=Meta', { method: 'DELETE', token });
	expect((await gone()).status).toBe(204);
	expect((await gone()).status).toBe(404);
	const backward = await send('/ad-spend?day=2026-03-02&through=2026-03-01&channel=shopify', {
		method: 'DELETE',
		token
	});
	expect(backward.json.errors[0]).toMatchObject({ field: 'through', in: 'query' });
});

test('a viewer reads it and writes nothing', async () => {
	await put([entry]);
	const viewer = await signIn('viewer');
	expect((await send('/ad-spend', { token: viewer })).json.data).toHaveLength(1);
	expect((await put([entry], { token: viewer })).status).toBe(403);
	const path = '/ad-spend?day=2026-03-01&channel=shopify&platform=Meta';
	expect((await send(path, { method: 'DELETE', token: viewer })).status).toBe(403);
});
