import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { startReceiver, startSimulator } from '../testing/start.ts';
import { ledgerOf } from '../world/ledger.ts';
import { splitRecord } from './csv.ts';
import { replayShop } from './shop.ts';

const CSV = `invoice,stock_code,description,quantity,invoice_date,unit_price,customer_id,country
1001,85123A,"HEART, ""WHITE""",6,2010-01-15 08:26,2.55,17850,United Kingdom
1001,85123A,"HEART, ""WHITE""",6,2010-01-15 08:27,2.55,17850,United Kingdom
1001,85123a,heart small,3,2010-01-15 08:26,0.005,17850,United Kingdom
1001,M,Manual,-2,2010-01-15 08:26,1.25,17850,United Kingdom
1002,22041,FRAME,1,2010-10-31 01:30,0.001,,EIRE
1003,22041,damaged,-40,2010-07-01 10:00,0.0,,United Kingdom
A1004,B,Adjust bad debt,1,2010-07-02 10:00,-53594.36,,United Kingdom
C1005,85123A,"HEART, ""WHITE""",-2,2010-07-03 23:30,2.55,17850,United Kingdom
C1005,D,Discount,1,2010-07-03 23:30,0.5,17850,United Kingdom
1006,22041,FRAME,5,2010-07-04 09:00,0.0,13000,Unspecified
`;

const folder = mkdtempSync(join(tmpdir(), 'tidemark-replay-'));
const file = join(folder, 'small.csv.gz');
writeFileSync(file, gzipSync(CSV));
afterAll(() => rmSync(folder, { recursive: true }));

const options = { shop: 'retail.myshopify.com', currency: 'GBP', timeZone: 'Europe/London', replayLive: 0 };
const { shop } = await replayShop(file, options);
const named = (name: string) => shop.orders.find((order) => order.name === name)!;

describe('replay', () => {
	it('makes one order object of each invoice, in the order of time', () => {
		expect(shop.orders.map((order) => order.name)).toEqual([
			'1001',
			'1003',
			'A1004',
			'C1005',
			'1006',
			'1002'
		]);
		expect(shop.orders.map((order) => order.n)).toEqual([1, 2, 3, 4, 5, 6]);
	});

	it('keeps equal rows apart, SKUs case-sensitive, and rounds half-up after multiplying', () => {
		const { lines } = named('1001');
		expect(lines.map((line) => [line.sku, line.quantity, line.gross])).toEqual([
			['85123A', 6, 1530],
			['85123A', 6, 1530],
			['85123a', 3, 2],
			['M', 0, 0]
		]);
		expect(lines[3]!.attributes).toEqual([
			['adjustment_quantity', '-2'],
			['adjustment_unit_price', '1.25']
		]);
		expect(lines[0]!.variant).not.toBe(lines[2]!.variant);
		expect(lines[0]!.title).toBe('HEART, "WHITE"');
		expect(named('1002').lines[0]!.gross).toBe(0);
	});

	it('reads London time, takes the first of several, and the first of a doubled hour', () => {
		expect(new Date(named('1001').createdAt).toISOString()).toBe('2010-01-15T08:26:00.000Z');
		expect(new Date(named('1002').createdAt).toISOString()).toBe('2010-10-31T00:30:00.000Z');
		expect(new Date(named('C1005').createdAt).toISOString()).toBe('2010-07-03T22:30:00.000Z');
	});

	it('makes a C invoice a refund in which nothing is sold', () => {
		const order = named('C1005');
		expect(order.lines.map((line) => line.quantity)).toEqual([0, 0]);
		expect(order.refunds.length).toBe(1);
		expect(order.refunds[0]!.createdAt).toBe(order.processedAt);
		expect(order.refunds[0]!.lines.map((line) => [line.quantity, line.subtotal])).toEqual([
			[2, 510],
			[-1, -50]
		]);
	});

	it('makes nothing of adjustments', () => {
		for (const name of ['1003', 'A1004']) {
			expect(named(name).lines.every((line) => line.quantity === 0)).toBe(true);
			expect(named(name).refunds).toEqual([]);
		}
		expect(named('A1004').lines[0]!.attributes).toContainEqual(['adjustment_unit_price', '-53594.36']);
	});

	it('knows guests, customers and countries', () => {
		expect(named('1002').customer).toBeNull();
		expect(shop.customers.map((customer) => [customer.lastName, customer.orders])).toEqual([
			['17850', 1],
			['13000', 1]
		]);
		expect(named('1002').address).toMatchObject({ countryCode: 'IE', country: 'EIRE' });
		expect(named('1006').address).toMatchObject({ countryCode: null, country: 'Unspecified' });
	});

	it('has a ledger of sales and refunds by day', () => {
		const days = ledgerOf(shop, 'Europe/London').filter((day) => day.orders > 0 || day.refunds !== '0.00');
		expect(
			days.map(({ day, orders, units, gross, refunds }) => [day, orders, units, gross, refunds])
		).toEqual([
			['2010-01-15', 1, 15, '30.62', '0.00'],
			['2010-07-03', 0, 0, '0.00', '4.60'],
			['2010-07-04', 1, 5, '0.00', '0.00'],
			['2010-10-31', 1, 1, '0.00', '0.00']
		]);
	});

	it('is served as Shopify would', async () => {
		const server = await startSimulator('--replay', file);
		const { body } = await server.graphql(
			`{ orders(first: 1, query: "name:C1005") { nodes { name totalRefundedSet { shopMoney { amount currencyCode } }
				lineItems(first: 5) { nodes { quantity customAttributes { key value } originalUnitPriceSet { shopMoney { amount } } } }
				refunds { processedAt refundLineItems(first: 5) { nodes { quantity subtotalSet { shopMoney { amount } } } } } } } }`
		);
		await server.stop();
		expect(body.errors).toBeUndefined();
		const order = body.data.orders.nodes[0];
		expect(order.totalRefundedSet.shopMoney).toEqual({ amount: '4.6', currencyCode: 'GBP' });
		expect(order.refunds[0].refundLineItems.nodes.map((node: { quantity: number }) => node.quantity)).toEqual(
			[2, -1]
		);
	});

	it('can be sent as webhooks instead, in the order of the file', async () => {
		const receiver = await startReceiver();
		const server = await startSimulator('--replay', file, '--replay-live', '60000');
		expect(server.simulator.replayLive!.state()).toMatchObject({ sent: 0, waiting: true });
		for (const topic of ['REFUNDS_CREATE', 'ORDERS_CREATE']) {
			await server.graphql(
				'mutation($t: WebhookSubscriptionTopic!, $s: WebhookSubscriptionInput!) { webhookSubscriptionCreate(topic: $t, webhookSubscription: $s) { userErrors { message } } }',
				{ t: topic, s: { uri: receiver.url } }
			);
		}
		await receiver.until(() => receiver.received.length === 7);
		await server.stop();
		await receiver.stop();
		const names = receiver.received.filter((r) => r.topic === 'orders/create').map((r) => r.body.name);
		expect(names.sort()).toEqual(['1001', '1002', '1003', '1006', 'A1004', 'C1005']);
		const refund = receiver.received.find((r) => r.topic === 'refunds/create')!.body;
		expect(refund.refund_line_items.map((line: { subtotal: string }) => line.subtotal)).toEqual([
			'5.10',
			'-0.50'
		]);
	});

	it.each([
		['a,b\n1,2\n', /lacks the columns invoice/],
		[CSV.replace(',6,2010', ',six,2010'), /Line 2: quantity "six"/],
		[CSV.replace('2010-01-15 08:26', '15/01/2010'), /Line 2: invoice_date/],
		['', /is empty/]
	])('refuses a bad file and says where', async (text, message) => {
		const bad = join(folder, 'bad.csv');
		writeFileSync(bad, text);
		await expect(replayShop(bad, options)).rejects.toThrow(message);
	});
});

it('splits quoted records', () => {
	expect(splitRecord('a,"b ""c"", d",,e')).toEqual(['a', 'b "c", d', '', 'e']);
});
