import { afterAll, beforeAll, expect, test } from 'vitest';
import { payloadOf } from '../../simulator/shopify/webhooks/payload.ts';
import { cancelOrder, editOrder, refundOrder } from '../../simulator/world/changes.ts';
import { decideKind, figuresByDay } from '../../src/lib/server/orders/index.ts';
import { shopifyClient } from '../../src/lib/server/channels/shopify/client.ts';
import { completeOrders } from '../../src/lib/server/channels/shopify/complete-orders.ts';
import { pages } from '../../src/lib/server/channels/shopify/discover.ts';
import { parseGraphqlOrder, parseRestOrder } from '../../src/lib/server/channels/shopify/parse-order.ts';
import { ORDERS_PAGE } from '../../src/lib/server/channels/shopify/queries.ts';
import { startShop, type SimulatedShop } from './simulated-shop.ts';

let sim: SimulatedShop;
beforeAll(async () => {
	sim = await startShop('--months', '2', '--orders-per-day', '12', '--now', '2026-11-20T12:00:00Z');
	const { shop } = sim.simulator.tenants[0]!;
	const at = Date.parse('2026-11-20T11:00:00Z');
	for (const order of shop.orders.slice(-40)) editOrder(shop, order, at);
	for (const [index, order] of shop.orders.slice(-120, -40).entries()) {
		refundOrder(
			shop,
			order,
			at,
			(['partial', 'shipping', 'discrepancy', 'no_restock', 'full'] as const)[index % 5]!
		);
		if (index % 7 === 0) cancelOrder(shop, order, at, index % 2 === 0);
	}
}, 60_000);
afterAll(() => sim.stop());

async function* graphqlOrders() {
	const client = shopifyClient({
		shop: sim.shop,
		baseUrl: sim.baseUrl,
		credentials: {
			kind: 'access_token',
			accessToken: sim.accessToken,
			clientSecret: sim.clientSecret,
			previousSecret: null
		}
	});
	for await (const { nodes } of pages(client, ORDERS_PAGE, 'orders', { first: 10, lines: 5, query: null })) {
		await completeOrders(client, nodes);
		yield* nodes;
	}
}

test('an order means the same whether a page or a webhook brought it', async () => {
	const { shop } = sim.simulator.tenants[0]!;
	const byName = new Map(shop.orders.map((order) => [order.name, order]));
	let compared = 0;
	let refunded = 0;
	let edited = 0;
	for await (const node of graphqlOrders()) {
		const paged = parseGraphqlOrder(node, 'poll');
		const row = byName.get(paged.name)!;
		const body = payloadOf(shop, { topic: 'orders/updated', order: row });
		const hooked = parseRestOrder(body, '{}');
		expect({ ...hooked, payload: '', source: '' }).toEqual({ ...paged, payload: '', source: '' });
		compared++;
		if (row.refunds.length > 0) refunded++;
		if (row.edited) edited++;
		// every part of a refund is accounted for
		for (const refund of paged.refunds) {
			const parts = refund.lines.reduce(
				(sum, line) => sum + Math.round(Number(line.amount) * 100) + Math.round(Number(line.tax) * 100),
				0
			);
			expect(parts).toBe(Math.round(Number(refund.total) * 100));
		}
		// what the buyer pays is its parts
		if (decideKind(paged) === 'sale') {
			const lines = paged.lines.reduce(
				(sum, line) => sum + Math.round(Number(line.gross) * 100) - Math.round(Number(line.discount) * 100),
				0
			);
			const rest = Math.round(Number(paged.shipping) * 100) + Math.round(Number(paged.tax) * 100);
			// a cent of a removed line's tax may fall on either side of the rounding
			expect(Math.abs(lines + rest - Math.round(Number(paged.total) * 100)), paged.name).toBeLessThanOrEqual(
				row.edited ? 1 : 0
			);
			expect(figuresByDay({ ...paged, kind: 'sale', priceKnown: true }, shop.zone).length).toBeGreaterThan(0);
		}
	}
	expect(compared).toBe(shop.orders.length);
	expect(refunded).toBeGreaterThan(20);
	expect(edited).toBeGreaterThan(3);
});
