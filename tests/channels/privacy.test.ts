import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { payloadOf } from '../../simulator/shopify/webhooks/payload.ts';
import {
	answerPrivacyRequest,
	connectSimulated,
	exportPrivacyRequest,
	listPrivacyRequests,
	receiveShopifyWebhook
} from '../../src/lib/server/channels/index.ts';
import { eraseAsked } from '../../src/lib/server/channels/privacy/erase.ts';
import { lowStock, recordStock, upsertLocations } from '../../src/lib/server/inventory/index.ts';
import { Forbidden, NotFound } from '../../src/lib/server/platform/errors.ts';
import { inOrganization } from '../../src/lib/server/platform/db.ts';
import { makeOrganization, type TestOrganization } from '../factories/organization.ts';
import { startShop, type SimulatedShop } from './simulated-shop.ts';

const queued = vi.hoisted(
	() => [] as { name: string; payload: { organizationId: string; connectionId: string } }[]
);
vi.mock('../../src/lib/server/platform/queue.ts', () => ({
	enqueue: async (contract: { name: string }, payload: (typeof queued)[number]['payload']) =>
		void queued.push({ name: contract.name, payload })
}));

let sim: SimulatedShop;
beforeAll(async () => {
	sim = await startShop('--months', '1', '--orders-per-day', '6');
}, 60_000);
afterAll(() => sim.stop());

interface Seller extends TestOrganization {
	connectionId: string;
	secret: string;
}
let own: Seller;
let other: Seller;
async function seller(): Promise<Seller> {
	const made = await makeOrganization();
	const secret = `shpss_${randomUUID()}`;
	const given = { shop: sim.shop, baseUrl: sim.baseUrl, accessToken: sim.accessToken, clientSecret: secret };
	return { ...made, secret, connectionId: await connectSimulated(made.ctx(), given) };
}
beforeEach(async () => {
	queued.length = 0;
	own = await seller();
	other = await seller();
});

const send = (to: Seller, topic: string, body: unknown, at = new Date()) => {
	const raw = Buffer.from(JSON.stringify(body));
	return receiveShopifyWebhook(
		new Headers({
			'x-shopify-topic': topic,
			'x-shopify-shop-domain': sim.shop,
			'x-shopify-webhook-id': randomUUID(),
			'x-shopify-triggered-at': at.toISOString(),
			'x-shopify-hmac-sha256': createHmac('sha256', to.secret).update(raw).digest('base64')
		}),
		raw
	);
};
const order = (id: number, customer: number) => {
	const shop = sim.simulator.tenants[0]!.shop;
	const body = payloadOf(shop, { topic: 'orders/create', order: shop.orders[0]! }) as Record<string, unknown>;
	return {
		...body,
		id,
		name: `#${id}`,
		email: `zelda${customer}@buyers.test`,
		customer: {
			id: customer,
			first_name: 'Zelda',
			last_name: `Quill${customer}`,
			email: `zelda${customer}@buyers.test`,
			updated_at: body.updated_at
		},
		shipping_address: {
			name: `Zelda Quill${customer}`,
			city: `Hyrule${customer}`,
			country_code: 'US',
			country: 'United States',
			province_code: 'OR'
		}
	};
};
const about = (customer: number, more = {}) => ({
	shop_domain: sim.shop,
	customer: { id: customer, email: `zelda${customer}@buyers.test`, phone: '+1 555 0100' },
	...more
});

/** Everything PostgreSQL holds of an organization, as text. */
const everything = (of: Seller) =>
	inOrganization(of.organization.id, async ({ sql }) => {
		const texts: string[] = [];
		for (const table of [
			'customers',
			'orders',
			'order_lines',
			'order_payloads',
			'order_events',
			'outbox',
			'audit_log',
			'privacy_requests',
			'connections',
			'sync_runs'
		])
			texts.push(JSON.stringify(await sql`select * from ${sql(table)}`));
		const bodies = await sql<{ body: Buffer }[]>`select body from inbox`;
		return [...texts, ...bodies.map(({ body }) => body.toString())].join('\n');
	});
const net = (of: Seller) =>
	inOrganization(
		of.organization.id,
		({ sql }) => sql`select external_id, net, total, units from orders order by external_id`
	);
const erase = (of: Seller) =>
	eraseAsked({ organizationId: of.organization.id, connectionId: of.connectionId });

async function plant(of: Seller) {
	for (const [id, customer] of [
		[910001, 5550001],
		[910002, 5550001],
		[910003, 5550002]
	] as const)
		expect((await send(of, 'orders/create', order(id, customer))).status).toBe(200);
	expect((await send(of, 'customers/update', { ...order(1, 5550001).customer })).status).toBe(200);
	// a dead letter holds the buyer, too
	await send(of, 'orders/create', { ...order(910004, 5550001), line_items: null });
}

test('customers/redact erases this buyer everywhere and nobody else', async () => {
	await plant(own);
	await plant(other);
	const before = [await net(own), await everything(other)];
	expect(await everything(own)).toMatch(/Quill5550001[^]*Hyrule5550001/);

	expect((await send(own, 'customers/redact', about(5550001, { orders_to_redact: [910001] }))).status).toBe(
		200
	);
	await vi.waitFor(() =>
		expect(queued).toContainEqual({
			name: 'channels.erase',
			payload: { organizationId: own.organization.id, connectionId: own.connectionId }
		})
	);
	await erase(own);

	const after = await everything(own);
	expect(after).not.toMatch(/Quill5550001|Hyrule5550001|zelda5550001/);
	expect(after).toMatch(/Quill5550002[^]*Hyrule5550002/);
	expect(after).toContain('customer.erased');
	expect([await net(own), await everything(other)]).toEqual(before);
	expect(await listPrivacyRequests(own.ctx(), own.connectionId)).toMatchObject([
		{ kind: 'customer_redact', customer: '5550001', doneAt: expect.any(String) }
	]);
});

test('shop/redact is believed after the app was uninstalled, once; nothing else is', async () => {
	await plant(own);
	await plant(other);
	const before = [await net(own), await everything(other)];
	expect((await send(own, 'app/uninstalled', { id: 1 })).status).toBe(200);
	const [kept] = await inOrganization(
		own.organization.id,
		({ sql }) => sql`select credentials, privacy_secret from connections`
	);
	expect(kept).toMatchObject({ credentials: null, privacySecret: expect.any(String) });
	expect(String(kept!.privacySecret)).not.toContain(own.secret);

	expect((await send(own, 'orders/create', order(910009, 5550009))).status).toBe(401);
	expect(
		(await send({ ...own, secret: 'shpss_other' }, 'shop/redact', { shop_domain: sim.shop })).status
	).toBe(401);
	expect((await send(own, 'shop/redact', { shop_domain: sim.shop })).status).toBe(200);
	await erase(own);

	const after = await everything(own);
	expect(after).not.toMatch(/Quill|Hyrule|zelda/);
	expect(after).toContain('shop.erased');
	expect([await net(own), await everything(other)]).toEqual(before);
	// with the data the secret is gone, too
	expect((await send(own, 'shop/redact', { shop_domain: sim.shop })).status).toBe(401);
});

test('a request for data waits for a person, who gets what is stored about that buyer only', async () => {
	await plant(own);
	expect(
		(
			await send(
				own,
				'customers/data_request',
				about(5550001, { orders_requested: [910001], data_request: { id: 1 } })
			)
		).status
	).toBe(200);
	const [request] = await listPrivacyRequests(own.ctx(), own.connectionId);
	expect(request).toMatchObject({ kind: 'data_request', customer: '5550001', doneAt: null });
	expect(await listPrivacyRequests(other.ctx(), own.connectionId)).toEqual([]);

	const given = await exportPrivacyRequest(own.ctx(), request!.id);
	expect(given).toMatchObject({
		customer: { name: 'Zelda Quill5550001', email: 'zelda5550001@buyers.test' },
		orders: [
			{ externalId: '910001', shipCity: 'Hyrule5550001', lines: expect.any(Array) },
			{ externalId: '910002' }
		]
	});
	expect(JSON.stringify(given)).not.toContain('5550002');
	await expect(exportPrivacyRequest(other.ctx(), request!.id)).rejects.toThrow(NotFound);
	await expect(exportPrivacyRequest(own.ctx('manager'), request!.id)).rejects.toThrow(Forbidden);

	await answerPrivacyRequest(own.ctx(), request!.id);
	await expect(answerPrivacyRequest(own.ctx(), request!.id)).rejects.toThrow(NotFound);
	expect(await listPrivacyRequests(own.ctx(), own.connectionId)).toMatchObject([
		{ doneAt: expect.any(String) }
	]);
});

test('a deleted product stays for its orders, leaves low stock, and a late update does not bring it back', async () => {
	const product = (at: string) => ({
		id: 77001,
		title: 'Kettle',
		vendor: 'Clay',
		product_type: 'Kitchen',
		status: 'active',
		updated_at: at,
		variants: [
			{
				id: 88001,
				title: 'Default Title',
				sku: 'KETTLE',
				price: '20.00',
				inventory_item_id: 99001,
				inventory_management: 'shopify',
				updated_at: at
			}
		]
	});
	await send(own, 'products/update', product('2026-11-01T10:00:00Z'));
	const scope = { organizationId: own.organization.id, connectionId: own.connectionId };
	await inOrganization(own.organization.id, async (tx) => {
		await upsertLocations(tx, scope, [{ externalId: 'here', name: 'Here', country: 'US', isActive: true }]);
		await recordStock(tx, scope, [
			{
				stockExternalId: '99001',
				locationExternalId: 'here',
				available: 1,
				onHand: 1,
				committed: 0,
				incoming: 0,
				reserved: 0,
				updatedAt: '2026-11-01T10:00:00Z'
			}
		]);
	});
	expect((await lowStock(own.ctx())).count).toBe(1);
	expect((await send(own, 'products/delete', { id: 77001 }, new Date('2026-11-02T10:00:00Z'))).status).toBe(
		200
	);
	const listing = () =>
		inOrganization(
			own.organization.id,
			({ sql }) => sql`select status from listings where external_id = '88001'`
		);
	expect(await listing()).toEqual([{ status: 'deleted' }]);
	expect((await lowStock(own.ctx())).count).toBe(0);
	await send(own, 'products/update', product('2026-11-01T12:00:00Z'));
	expect(await listing()).toEqual([{ status: 'deleted' }]);
	await send(own, 'products/update', product('2026-11-03T12:00:00Z'));
	expect(await listing()).toEqual([{ status: 'active' }]);
});
