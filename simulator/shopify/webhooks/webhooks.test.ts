import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { startReceiver, startSimulator, type Received } from '../../testing/start.ts';
import { fixed } from '../../world/money.ts';
import { totalsOf } from '../../world/totals.ts';

const CREATE = 'mutation($t: WebhookSubscriptionTopic!, $s: WebhookSubscriptionInput!) { webhookSubscriptionCreate(topic: $t, webhookSubscription: $s) { webhookSubscription { id topic uri } userErrors { field message } } }'; // prettier-ignore

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.stop();
});

async function start(topics: string[], args: string[] = [], statusOf?: (received: Received) => number) {
	const receiver = await startReceiver(statusOf);
	const server = await startSimulator(...args);
	open.push(server, receiver);
	for (const t of topics) {
		const { body } = await server.graphql(CREATE, { t, s: { uri: receiver.url } });
		expect(body.data.webhookSubscriptionCreate.userErrors).toEqual([]);
	}
	const of = (topic: string) => receiver.received.filter((one) => one.topic === topic);
	return { receiver, server, of };
}

function signatureOf(received: Received, secret: string): string {
	return createHmac('sha256', secret).update(received.raw).digest('base64');
}

describe('webhooks', () => {
	it('signs the raw body and names shop, topic, version and delivery', async () => {
		const { receiver, server, of } = await start(['ORDERS_CREATE', 'INVENTORY_LEVELS_UPDATE']);
		await server.control({ action: 'order', lines: [{ sku: 'AF-BTL-750-SLT', quantity: 2 }], country: 'NO' });
		await receiver.until(() => receiver.received.length === 2);
		const [hook] = of('orders/create');
		expect(hook!.headers['x-shopify-hmac-sha256']).toBe(
			signatureOf(hook!, server.simulator.app.clientSecret)
		);
		expect(hook!.headers).toMatchObject({
			'x-shopify-shop-domain': 'alder-finch.myshopify.com',
			'x-shopify-api-version': '2026-07'
		});
		for (const name of ['webhook-id', 'event-id', 'triggered-at']) {
			expect(hook!.headers[`x-shopify-${name}`]).toBeTruthy();
		}
		const order = server.tenant.shop.orders.at(-1)!;
		expect(hook!.body).toMatchObject({
			name: order.name,
			admin_graphql_api_id: `gid://shopify/Order/${hook!.body.id}`,
			total_price: fixed(totalsOf(order).total),
			financial_status: order.financial.toLowerCase(),
			shipping_address: { country_code: 'NO' },
			line_items: [{ sku: 'AF-BTL-750-SLT', quantity: 2 }]
		});
		expect(Date.parse(hook!.body.created_at)).toBe(order.createdAt);
		expect(of('inventory_levels/update')[0]!.body.available).toBeTypeOf('number');
	});

	it('tells of refunds with lines, and of cancellations', async () => {
		const { receiver, server, of } = await start(['ORDERS_CREATE', 'REFUNDS_CREATE', 'ORDERS_CANCELLED']);
		const one = await server.control({ action: 'order', lines: [{ sku: 'AF-BTL-750-SLT', quantity: 2 }] });
		await server.control({ action: 'refund', order: one.name, kind: 'partial' });
		const two = await server.control({ action: 'order', test: false });
		await server.control({ action: 'cancel', order: two.name });
		await receiver.until(() => of('orders/cancelled').length === 1 && of('refunds/create').length === 2);
		const refund = of('refunds/create').find((r) => one.id.endsWith(String(r.body.order_id)))!.body;
		expect(refund.refund_line_items).toMatchObject([{ quantity: 1, restock_type: 'return' }]);
		expect(refund.transactions[0].kind).toBe('refund');
		expect(of('orders/cancelled')[0]!.body).toMatchObject({ name: two.name, cancel_reason: 'customer', financial_status: 'refunded' }); // prettier-ignore
	});

	it('tries again with the same ids and body', async () => {
		let refusals = 2;
		const { receiver, server } = await start(['ORDERS_CREATE'], ['--speed', '1000'], () => (refusals-- > 0 ? 500 : 200)); // prettier-ignore
		await server.control({ action: 'order' });
		await receiver.until(() => receiver.received.length === 3);
		expect(new Set(receiver.received.map((one) => one.headers['x-shopify-webhook-id'])).size).toBe(1);
		expect(new Set(receiver.received.map((one) => one.raw)).size).toBe(1);
	});

	it('removes the subscription after eight retries', async () => {
		const { receiver, server } = await start(['ORDERS_CREATE'], ['--speed', '100000'], () => 503);
		await server.control({ action: 'order' });
		await receiver.until(() => receiver.received.length === 9);
		await receiver.until(() => server.tenant.subscriptions.length === 0);
		expect(receiver.received.length).toBe(9);
	});

	it('refuses a second subscription, an unprotected address elsewhere, and an unknown topic', async () => {
		const { receiver, server } = await start(['ORDERS_CREATE']);
		const errors = async (t: string, uri: string) => {
			const { body } = await server.graphql(CREATE, { t, s: { uri } });
			return body.data?.webhookSubscriptionCreate.userErrors[0]?.message ?? body.errors?.[0].message;
		};
		expect(await errors('ORDERS_CREATE', receiver.url)).toMatch(/already been taken/);
		expect(await errors('ORDERS_PAID', 'http://example.com/hook')).toMatch(/not supported/);
		expect(await errors('ORDERS_DANCED', receiver.url)).toMatch(/ORDERS_DANCED/);
	});

	it('tells when a bulk operation is finished', async () => {
		const { receiver, server } = await start(['BULK_OPERATIONS_FINISH']);
		await server.bulk('{ orders { nodes { id } } }');
		await receiver.until(() => receiver.received.length === 1);
		expect(receiver.received[0]!.body).toMatchObject({
			status: 'completed',
			type: 'query',
			error_code: null
		});
	});

	it('lives: orders arrive at the rate', async () => {
		const { receiver, of } = await start(['ORDERS_CREATE'], ['--rate', '6000']);
		await receiver.until(() => of('orders/create').length >= 20);
		expect(new Set(of('orders/create').map((one) => one.body.id)).size).toBe(of('orders/create').length);
	});
});

describe('faults', () => {
	it('F16 throttles every third call', async () => {
		const { server } = await start([], ['--fault', 'F16']);
		const codes = [];
		for (let i = 0; i < 3; i++) {
			codes.push(
				(await server.graphql('{ orders(first: 50) { nodes { id } } }')).body.errors?.[0].extensions.code
			);
		}
		expect(codes).toEqual([undefined, undefined, 'THROTTLED']);
	});

	it('F17 delivers three times with one id', async () => {
		const { receiver, server } = await start(['ORDERS_CREATE'], ['--fault', 'F17']);
		await server.control({ action: 'order' });
		await receiver.until(() => receiver.received.length === 3);
		expect(new Set(receiver.received.map((one) => one.headers['x-shopify-webhook-id'])).size).toBe(1);
	});

	it('F18 lets the update overtake the creation, then repeats the stale creation', async () => {
		const { receiver, server, of } = await start(['ORDERS_CREATE', 'ORDERS_UPDATED'], ['--fault', 'F18']);
		await server.control({ action: 'order' });
		await receiver.until(() => of('orders/create').length === 2);
		expect(receiver.received.map((one) => one.topic)).toEqual([
			'orders/updated',
			'orders/create',
			'orders/create'
		]);
		const [update, first, second] = receiver.received;
		expect(Date.parse(update!.body.updated_at)).toBeGreaterThan(Date.parse(first!.body.updated_at));
		expect(first!.headers['x-shopify-triggered-at']! <= update!.headers['x-shopify-triggered-at']!).toBe(
			true
		);
		expect(second!.raw).toBe(first!.raw);
	});

	it('F19 sends one good webhook beside three bad ones', async () => {
		const { receiver, server } = await start(['ORDERS_CREATE'], ['--fault', 'F19'], (one) => {
			return one.headers['x-shopify-hmac-sha256'] === signatureOf(one, 'shh') ? 200 : 401;
		});
		server.simulator.app.clientSecret = 'shh';
		await server.control({ action: 'order' });
		await receiver.until(() => receiver.received.length === 4);
		await receiver.until(() => server.simulator.deliverer.stats().forgedRefused === 3);
		expect(server.simulator.deliverer.stats()).toMatchObject({ delivered: 1, forgedAccepted: 0 });
	});

	it('F20 loses deliveries and deletes the subscriptions', async () => {
		const { server } = await start(['ORDERS_CREATE'], ['--fault', 'F20']);
		await server.control({ action: 'order' });
		const { body } = await server.graphql('{ webhookSubscriptions(first: 5) { nodes { id } } }');
		expect(body.data.webhookSubscriptions.nodes).toEqual([]);
	});

	it('F21 refunds and edits new orders soon', async () => {
		const { receiver, server, of } = await start(['REFUNDS_CREATE', 'ORDERS_EDITED'], ['--fault', 'F21', '--speed', '100']); // prettier-ignore
		const lines = [
			{ sku: 'AF-BTL-750-SLT', quantity: 2 },
			{ sku: 'AF-CHF-18-WNT', quantity: 1 }
		];
		await server.control({ action: 'order', count: 8, lines });
		await receiver.until(() => of('refunds/create').length >= 4 && of('orders/edited').length >= 2);
		const edited = of('orders/edited')[0]!.body;
		const left = edited.line_items.map((line: { current_quantity: number }) => line.current_quantity);
		expect(left.reduce((sum: number, n: number) => sum + n, 0)).toBeLessThan(3);
		const refunds = of('refunds/create').map((one) => one.body);
		expect(refunds.some((refund) => refund.restock === false)).toBe(true);
	});

	it('F22, F23, F25 shape new orders', async () => {
		const { receiver, server } = await start(['ORDERS_CREATE'], ['--fault', 'F22,F25']);
		await server.control({ action: 'order' });
		await receiver.until(() => receiver.received.length === 1);
		const { body } = receiver.received[0]!;
		expect(body.line_items.length).toBe(180);
		expect(body.total_price_set.presentment_money.currency_code).toBe('EUR');
		expect(body.total_price_set.shop_money.currency_code).toBe('USD');
		await server.control({ action: 'faults', on: ['F23'], off: ['F22', 'F25'] });
		const kinds = await server.control({ action: 'order', count: 6 });
		expect(kinds.orders.filter((order: { test: boolean }) => order.test).length).toBe(2);
	});

	it('F26 makes tokens short-lived', async () => {
		const { server } = await start([], ['--fault', 'F26']);
		const { clientId, clientSecret } = server.simulator.app;
		const { body } = await server.call('/admin/oauth/access_token', { client_id: clientId, client_secret: clientSecret, grant_type: 'client_credentials' }); // prettier-ignore
		expect(body.expires_in).toBe(20);
	});

	it('F37 speaks of tomorrow', async () => {
		const { receiver, server } = await start(['ORDERS_CREATE'], ['--fault', 'F37']);
		await server.control({ action: 'order' });
		await receiver.until(() => receiver.received.length === 1);
		expect(receiver.received[0]!.headers['x-shopify-api-version']).toBe('2026-10');
		expect(receiver.received[0]!.body.financial_status).toBe('settled_later');
		const reply = await server.graphql('{ orders(first: 1) { nodes { id displayFulfillmentStatus } } }');
		expect(reply.headers.get('x-shopify-api-version')).toBe('2026-10');
		expect(reply.body.data.orders.nodes[0].displayFulfillmentStatus).toBe('HANDED_TO_COURIER_DRONE');
	});

	it('F38 says goodbye and dies', async () => {
		const { receiver, server } = await start(['APP_UNINSTALLED']);
		await server.control({ action: 'faults', on: ['F38'] });
		await receiver.until(() => receiver.received.length === 3);
		expect(receiver.received.map((one) => one.topic).sort()).toEqual(['app/uninstalled', 'customers/redact', 'shop/redact']); // prettier-ignore
		expect((await server.graphql('{ shop { id } }')).status).toBe(401);
	});

	it('signs with the secret before a rotation until told otherwise', async () => {
		const { receiver, server } = await start(['ORDERS_CREATE']);
		const { clientSecret, previousSecret } = await server.control({ action: 'rotate-secret' });
		await server.control({ action: 'order' });
		await receiver.until(() => receiver.received.length === 1);
		expect(receiver.received[0]!.headers['x-shopify-hmac-sha256']).toBe(signatureOf(receiver.received[0]!, previousSecret)); // prettier-ignore
		expect(clientSecret).not.toBe(previousSecret);
	});
});
