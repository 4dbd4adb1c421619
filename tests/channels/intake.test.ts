import { createHmac, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { payloadOf } from '../../simulator/shopify/webhooks/payload.ts';
import { connectSimulated, receiveShopifyWebhook } from '../../src/lib/server/channels/index.ts';
import { parseRestOrder } from '../../src/lib/server/channels/shopify/parse-order.ts';
import { record } from '../../src/lib/server/live/index.ts';
import type * as Orders from '../../src/lib/server/orders/index.ts';
import { recordOrders } from '../../src/lib/server/orders/index.ts';
import { inOrganization } from '../../src/lib/server/platform/db.ts';
import { asSystem } from '../../src/lib/server/platform/system.ts';
import { makeOrganization } from '../factories/organization.ts';
import { startShop, type SimulatedShop } from './simulated-shop.ts';

vi.mock('../../src/lib/server/platform/queue.ts', () => ({ enqueue: async () => {} }));
// PostgreSQL refuses one order, as it would one that breaks a constraint nobody thought of
vi.mock('../../src/lib/server/orders/index.ts', async (original) => {
	const orders = await original<typeof Orders>();
	const recordOrders: typeof orders.recordOrders = async (tx, entries, given) => {
		if (entries.some(({ order }) => order.name === 'POISON')) await tx.sql`select 1 / 0`;
		return orders.recordOrders(tx, entries, given);
	};
	return { ...orders, recordOrders };
});

let sim: SimulatedShop;
beforeAll(async () => {
	sim = await startShop('--months', '1', '--orders-per-day', '6');
}, 60_000);
afterAll(() => sim.stop());

let organizationId: string;
let connectionId: string;
let secret: string;
beforeEach(async () => {
	const { organization, ctx } = await makeOrganization();
	organizationId = organization.id;
	// a secret of its own: a delivery goes to every connection of the shop that its signature fits
	secret = `shpss_${randomUUID()}`;
	connectionId = await connectSimulated(ctx(), {
		shop: sim.shop,
		baseUrl: sim.baseUrl,
		accessToken: sim.accessToken,
		clientSecret: secret
	});
});

function send(
	topic: string,
	body: unknown,
	given: { id?: string; secret?: string; signature?: string | null; headers?: Record<string, string> } = {}
) {
	const raw = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
	const signature =
		given.signature === undefined
			? createHmac('sha256', given.secret ?? secret)
					.update(raw)
					.digest('base64')
			: given.signature;
	const headers = new Headers({
		'x-shopify-topic': topic,
		'x-shopify-shop-domain': sim.shop,
		'x-shopify-webhook-id': given.id ?? randomUUID(),
		'x-shopify-triggered-at': new Date().toISOString(),
		...(signature !== null && { 'x-shopify-hmac-sha256': signature }),
		...given.headers
	});
	return receiveShopifyWebhook(headers, raw);
}
const order = (index = 0) =>
	payloadOf(sim.simulator.tenants[0]!.shop, {
		topic: 'orders/updated',
		order: sim.simulator.tenants[0]!.shop.orders[index]!
	});
const later = (
	body: Record<string, unknown>,
	seconds: number,
	more: Record<string, unknown> = {}
): Record<string, unknown> => ({
	...body,
	updated_at: new Date(Date.parse(String(body.updated_at)) + seconds * 1000).toISOString(),
	...more
});

async function state() {
	return inOrganization(organizationId, async ({ sql }) => ({
		orders: await sql<
			{ externalId: string; sourceUpdatedAt: Date; total: string; financialStatus: string }[]
		>`select external_id, source_updated_at, total, financial_status from orders order by external_id`,
		inbox: await sql<
			{ status: string; topic: string; error: string | null }[]
		>`select status, topic, error from inbox order by received_at, id`,
		position: (await sql<{ position: number }[]>`select position from outbox_positions`)[0]?.position ?? 0
	}));
}

test('an order that a sync commits at the same moment is one order with its newest content', async () => {
	const { position: before } = await state();
	const told = order();
	const older = parseRestOrder(told as never, JSON.stringify(told));
	const scope = { organizationId, connectionId, channel: 'shopify', timeZone: 'UTC' } as const;
	const held = Promise.withResolvers<void>();
	const written = Promise.withResolvers<void>();
	const sync = record(organizationId, async (tx) => {
		const { events } = await recordOrders(tx, [{ ...scope, order: older }]);
		written.resolve();
		await held.promise;
		return { result: undefined, events };
	});
	await written.promise;
	const webhook = send('orders/updated', later(told, 60, { financial_status: 'voided_later' }));
	await vi.waitFor(async () => {
		const [{ waiting }] = await asSystem(
			'operator: queues and health',
			({ sql }) => sql<[{ waiting: boolean }]>`
			select exists (select 1 from pg_locks where not granted and locktype = 'transactionid') as waiting`
		);
		expect(waiting).toBe(true);
	});
	held.resolve();
	await sync;
	expect(await webhook).toMatchObject({ status: 200 });
	const { orders, inbox, position } = await state();
	expect(orders).toMatchObject([{ financialStatus: 'voided_later' }]);
	expect(inbox).toMatchObject([{ status: 'processed', error: null }]);
	expect(position).toBe(before + 2);
});

describe('who may send', () => {
	test('a good signature is recorded and acknowledged', async () => {
		expect(await send('orders/create', order())).toMatchObject({ status: 200 });
		expect((await state()).orders).toHaveLength(1);
	});

	test.each([
		['another secret', { secret: 'shpss_wrong' }],
		['no signature', { signature: null }],
		['a signature that is none', { signature: 'x' }],
		['an unknown shop', { headers: { 'x-shopify-shop-domain': 'nobody.myshopify.com' } }]
	])('%s is refused without a row', async (_name, given) => {
		expect(await send('orders/create', order(), given)).toMatchObject({ status: 401 });
		expect(await state()).toMatchObject({ orders: [], inbox: [] });
	});

	test('a body that was written anew does not fit its signature', async () => {
		const body = JSON.stringify(order());
		const signature = createHmac('sha256', secret).update(body).digest('base64');
		expect(
			await send('orders/create', Buffer.from(JSON.stringify(JSON.parse(body), null, 1)), { signature })
		).toMatchObject({ status: 401 });
	});

	test.each([
		['topic', { 'x-shopify-topic': 'orders' }],
		['shop', { 'x-shopify-shop-domain': 'evil.example.com' }],
		['delivery id', { 'x-shopify-webhook-id': '' }]
	])('a malformed %s is 400', async (_name, headers) => {
		expect(
			await send('orders/create', order(), { headers: headers as unknown as Record<string, string> })
		).toMatchObject({ status: 400 });
	});

	test('the secret before a rotation fits for an hour', async () => {
		const before = secret;
		const { ctx } = await makeOrganization();
		const visitor = ctx();
		const shared = { shop: sim.shop, baseUrl: sim.baseUrl, accessToken: sim.accessToken };
		await connectSimulated(visitor, { ...shared, clientSecret: before });
		await connectSimulated(visitor, { ...shared, clientSecret: 'shpss_after' });
		const recorded = () => inOrganization(visitor.organization.id, ({ sql }) => sql`select 1 from orders`);
		expect(await send('orders/create', order(), { secret: 'shpss_after' })).toMatchObject({ status: 200 });
		expect(await send('orders/create', order(1), { secret: before })).toMatchObject({ status: 200 });
		expect(await recorded()).toHaveLength(2);
	});
});

describe('what a delivery does', () => {
	test('the same delivery three times, two at one instant, has one effect', async () => {
		const id = randomUUID();
		const answers = await Promise.all([
			send('orders/create', order(), { id }),
			send('orders/create', order(), { id })
		]);
		answers.push(await send('orders/create', order(), { id }));
		expect(answers.map((one) => one.status)).toEqual([200, 200, 200]);
		const after = await state();
		expect(after.inbox).toHaveLength(1);
		expect(after.orders).toHaveLength(1);
	});

	test('a late copy of the first payload does not undo what came since', async () => {
		const first = order();
		await send('orders/updated', later(first, 60, { financial_status: 'refunded' }));
		await send('orders/create', first);
		expect((await state()).orders).toMatchObject([{ financialStatus: 'refunded' }]);
	});

	test('a payload that cannot be read is kept, and the others of its commit are recorded', async () => {
		const answers = await Promise.all([
			send('orders/create', order(0)),
			send('orders/create', { ...order(1), line_items: [{ id: 1, title: 'Mug', price: '1.00' }] }),
			send('orders/create', Buffer.from('{"id":')),
			send('orders/create', order(2))
		]);
		expect(answers.map((one) => one.status)).toEqual([200, 200, 200, 200]);
		const after = await state();
		expect(after.orders).toHaveLength(2);
		expect(
			after.inbox
				.filter((one) => one.status === 'dead')
				.map((one) => one.error)
				.sort()
		).toEqual(['Quantity of line 1 is missing or not readable.', 'The body is not JSON.']);
	});

	test('a connection deleted a moment ago does not hold up the others of the shop', async () => {
		const { organization, ctx } = await makeOrganization();
		await connectSimulated(ctx(), {
			shop: sim.shop,
			baseUrl: sim.baseUrl,
			accessToken: sim.accessToken,
			clientSecret: secret
		});
		expect(await send('orders/create', order(0))).toMatchObject({ status: 200 });
		await inOrganization(organization.id, ({ sql }) => sql`delete from connections`);
		expect(await send('orders/create', order(1))).toMatchObject({ status: 200 });
		expect((await state()).orders).toHaveLength(2);
	});

	test('a payload that PostgreSQL refuses fails alone', async () => {
		const answers = await Promise.all([
			send('orders/create', order(0)),
			send('orders/create', { ...order(1), name: 'POISON' }),
			send('orders/create', order(2))
		]);
		expect(answers.map((one) => one.status)).toEqual([200, 200, 200]);
		const after = await state();
		expect(after.orders).toHaveLength(2);
		expect(after.inbox.filter((one) => one.status === 'dead').map((one) => one.error)).toEqual([
			'division by zero'
		]);
	});

	test('unknown words are kept as told, the order is recorded', async () => {
		await send('orders/create', {
			...order(),
			financial_status: 'settled_later',
			fulfillment_status: 'by_drone',
			new_field: { a: 1 }
		});
		expect((await state()).orders).toMatchObject([{ financialStatus: 'settled_later' }]);
	});

	test('the app is uninstalled: the credentials are gone, and no further delivery is believed', async () => {
		expect(await send('app/uninstalled', { id: 1 })).toMatchObject({ status: 200 });
		const [row] = await inOrganization(
			organizationId,
			({ sql }) => sql`select status, credentials from connections where id = ${connectionId}`
		);
		expect(row).toMatchObject({ status: 'needs_reauthorization', credentials: null });
		expect(await send('orders/create', order())).toMatchObject({ status: 401 });
	});

	test('whatever is doubled and reordered, the newest version stands', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.nat(3), { minLength: 4, maxLength: 12 }),
				fc.integer(),
				async (which, seed) => {
					const sent = which.map((index, step) => ({
						id: randomUUID(),
						index,
						body: later(order(index), step + 1, {
							financial_status: ['paid', 'pending', 'refunded'][step % 3]
						})
					}));
					const random = mulberry(seed);
					const arriving = sent.flatMap((one) => (random() < 0.3 ? [one, one] : [one]));
					for (let at = 0; at < arriving.length; at++)
						if (random() < 0.3) arriving.push(...arriving.splice(at, 1));
					await Promise.all(arriving.map((one) => send('orders/updated', one.body, { id: one.id })));
					const newest = new Map(sent.map((one) => [String(one.body.id), one.body]));
					for (const row of (await state()).orders) {
						const expected = newest.get(row.externalId);
						if (expected && row.sourceUpdatedAt.getTime() === Date.parse(String(expected.updated_at)))
							expect(row.financialStatus).toBe(expected.financial_status);
						else if (expected)
							expect(row.sourceUpdatedAt.getTime()).toBeGreaterThan(Date.parse(String(expected.updated_at)));
					}
					await inOrganization(organizationId, ({ sql }) => sql`delete from orders`);
				}
			),
			{ numRuns: 15 }
		);
	});
});

function mulberry(seed: number): () => number {
	let state = seed | 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}
