import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import {
	beginOauth,
	finishOauth,
	getConnection,
	oauthOrganization
} from '../../src/lib/server/channels/index.ts';
import { openCredentials } from '../../src/lib/server/channels/credentials.ts';
import { performRun } from '../../src/lib/server/channels/sync/perform.ts';
import type { Ctx } from '../../src/lib/server/platform/ctx.ts';
import { inOrganization } from '../../src/lib/server/platform/db.ts';
import { Conflict, Forbidden, Invalid } from '../../src/lib/server/platform/errors.ts';
import { settings } from '../../src/lib/server/platform/running.ts';
import { makeOrganization, type TestOrganization } from '../factories/organization.ts';
import { startShop, type SimulatedShop } from './simulated-shop.ts';

vi.mock('../../src/lib/server/platform/queue.ts', () => ({ enqueue: async () => {} }));

let sim: SimulatedShop;
beforeAll(async () => {
	sim = await startShop('--months', '1', '--orders-per-day', '4');
}, 60_000);
afterAll(() => sim.stop());

let made: TestOrganization;
let ctx: Ctx;
beforeEach(async () => {
	Object.assign(settings(), {
		SHOPIFY_CLIENT_ID: sim.clientId,
		SHOPIFY_CLIENT_SECRET: sim.clientSecret,
		SHOPIFY_API_URL: sim.baseUrl,
		ORIGIN: 'http://tidemark.test'
	});
	made = await makeOrganization();
	ctx = made.ctx();
});
afterEach(() => {
	vi.useRealTimers();
	for (const name of ['SHOPIFY_CLIENT_ID', 'SHOPIFY_CLIENT_SECRET', 'SHOPIFY_API_URL', 'ORIGIN'] as const)
		delete settings()[name];
});

/** Where Shopify sends the browser after the person approved. */
async function approve(as = ctx): Promise<URLSearchParams> {
	const { url } = await beginOauth(as, { shop: sim.shop });
	expect(new URL(url).searchParams.get('scope')).toContain('read_all_orders');
	const reply = await fetch(url, { redirect: 'manual' });
	const back = new URL(reply.headers.get('location')!);
	expect(back.origin + back.pathname).toBe('http://tidemark.test/oauth/shopify');
	return back.searchParams;
}

/** The same return, changed and signed anew as only Shopify could. */
function resigned(query: URLSearchParams, change: Record<string, string>): URLSearchParams {
	const next = new URLSearchParams({ ...Object.fromEntries(query), ...change });
	next.delete('hmac');
	const text = [...next]
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([name, value]) => `${name}=${value}`)
		.join('&');
	next.set('hmac', createHmac('sha256', sim.clientSecret).update(text).digest('hex'));
	return next;
}
const refusal = (query: URLSearchParams, as = ctx) =>
	finishOauth(as, query).then(
		() => 'connected',
		(error: unknown) => (error instanceof Invalid ? error.message : Promise.reject(error as Error))
	);
const stored = async (of = made) =>
	(
		await inOrganization(
			of.organization.id,
			({ sql }) => sql<
				{ id: string; status: string; credentials: string | null; facts: Record<string, unknown> }[]
			>`
		select id, status, credentials, facts from connections`
		)
	)[0];

test('approval connects the shop: the token renews itself, orders arrive, the return counts once', async () => {
	const query = await approve();
	expect(oauthOrganization(query)).toBe(made.organization.slug);
	expect(await stored()).toMatchObject({ status: 'disconnected', credentials: null });
	const id = await finishOauth(ctx, query);
	const row = (await stored())!;
	expect(row).toMatchObject({ id, status: 'connecting' });
	expect(row.facts).not.toHaveProperty('oauth');
	expect(row.credentials).not.toContain(sim.clientSecret);
	expect(
		openCredentials({ id, organizationId: made.organization.id, credentials: row.credentials! })
	).toMatchObject({
		kind: 'oauth',
		refreshToken: expect.stringMatching(/^shprt_/),
		expiresAt: expect.any(Number)
	});
	const [run] = await inOrganization(
		made.organization.id,
		({ sql }) => sql<{ id: string }[]>`select id from sync_runs`
	);
	await performRun(
		{ organizationId: made.organization.id, connectionId: id, runId: run!.id },
		new AbortController().signal
	);
	const { connection, runs } = await getConnection(ctx, id);
	expect(connection.status).toBe('healthy');
	expect(runs[0]).toMatchObject({ status: 'succeeded' });
	// not what the run read: an order of the last minutes is read again with the changes since the run began
	const [kept] = await inOrganization(
		made.organization.id,
		({ sql }) => sql<{ orders: number }[]>`select count(*)::int as orders from orders`
	);
	expect(kept!.orders).toBe(sim.simulator.tenants[0]!.shop.orders.length);

	expect(await refusal(query)).toMatch(/was used already/);
	expect(await refusal(resigned(query, { code: 'another' }))).toMatch(/was used already/);
});

test.each([
	[
		'a signature that does not fit',
		(query: URLSearchParams) => new URLSearchParams({ ...Object.fromEntries(query), hmac: 'f'.repeat(64) }),
		/does not fit the request/
	],
	[
		'a parameter changed on the way',
		(query: URLSearchParams) => new URLSearchParams({ ...Object.fromEntries(query), code: 'mine' }),
		/does not fit the request/
	],
	[
		'a state we did not make',
		(query: URLSearchParams) => resigned(query, { state: `${query.get('state')!.slice(0, -4)}AAAA` }),
		/does not fit the request/
	],
	[
		'the state of another shop',
		(query: URLSearchParams) => resigned(query, { shop: 'other-shop.myshopify.com' }),
		/does not fit the request/
	],
	['a code Shopify does not know', (query: URLSearchParams) => resigned(query, { code: 'unknown' }), /./]
])('%s connects nothing and says so', async (_name, change, words) => {
	const query = await approve();
	const message = await refusal(change(query));
	expect(message).toMatch(words);
	expect(message).not.toMatch(/connected$|undefined|\[object/);
	expect(await stored()).toMatchObject({ status: 'disconnected', credentials: null });
});

test('a code that has expired is told in words', async () => {
	const query = await approve();
	for (const code of sim.simulator.tenants[0]!.codes.values()) code.expiresAt = 0;
	expect(await refusal(query)).toMatch(/[Bb]egin again|expired/);
	expect(await stored()).toMatchObject({ credentials: null });
});

test('coming back without an approval is told in words', async () => {
	await approve();
	expect(await refusal(new URLSearchParams({ error: 'access_denied', shop: sim.shop }))).toMatch(
		/without an approval/
	);
});

test('a request older than ten minutes is over', async () => {
	const query = await approve();
	vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11 * 60_000 });
	expect(await refusal(query)).toMatch(/older than ten minutes/);
});

test('the return of one person is worth nothing to another, in their organization or in ours', async () => {
	const query = await approve();
	const other = await makeOrganization();
	expect(await refusal(query, other.ctx())).toMatch(/came from elsewhere/);
	const colleague: Ctx = { ...ctx, actor: { kind: 'member', userId: other.ownerId } };
	expect(await refusal(query, colleague)).toMatch(/came from elsewhere/);
	expect(await stored(other)).toBeUndefined();
	expect(await refusal(query)).toBe('connected');
});

test('without the right, or without an app of the operator, nothing begins', async () => {
	await expect(beginOauth(made.ctx('analyst'), { shop: sim.shop })).rejects.toThrow(Forbidden);
	await expect(finishOauth(made.ctx('analyst'), new URLSearchParams())).rejects.toThrow(Forbidden);
	delete settings().SHOPIFY_CLIENT_SECRET;
	await expect(beginOauth(ctx, { shop: sim.shop })).rejects.toThrow(Conflict);
	expect(await stored()).toBeUndefined();
});
