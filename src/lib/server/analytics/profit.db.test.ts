import Big from 'big.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ProfitSums, ProfitView } from '#lib/contracts/profit.ts';
import type { Channel } from '#lib/contracts/channels.ts';
import { makeConnection } from '../../../../tests/factories/connection.ts';
import { makeLine, makeOrder } from '../../../../tests/factories/order.ts';
import { makeOrganization, type TestOrganization } from '../../../../tests/factories/organization.ts';
import { addReceipt, removeReceipt, listReceipts, setComponents, setCostMethod } from '../catalog/index.ts';
import { recordTransactions, toChannelTransaction, type ChannelTransactionInput } from '../finances/index.ts';
import { record } from '../live/index.ts';
import { recordOrders, type ChannelOrder } from '../orders/index.ts';
import { askKept } from '../../../../tests/setup/kept-sums.ts';
import { Forbidden } from '../platform/errors.ts';
import { inOrganization } from '../platform/db.ts';
import { catchUp, orderProfit, profit } from './index.ts';
import { recomputedProfit, type Recomputed } from './profit-recomputed.fixture.ts';
import { rebuildOrganization } from './projection/rebuild.ts';

const NOW = new Date('2026-11-20T18:30:00Z');
const CHANNELS_USED: Channel[] = ['amazon', 'shopify', 'walmart'];

interface Shop extends TestOrganization {
	connections: Map<Channel, string>;
	saveOrders(channel: Channel, orders: ChannelOrder[]): Promise<void>;
	saveMoves(channel: Channel, moves: ChannelTransactionInput[]): Promise<void>;
	cost(sku: string, fromDay: string, unitCost: string, currency?: string): Promise<void>;
	productId(sku: string): Promise<string>;
	view(filters?: Partial<Parameters<typeof profit>[1]>): Promise<ProfitView>;
}

async function makeShop(given: { timeZone?: string } = {}): Promise<Shop> {
	const made = await makeOrganization({ timeZone: 'UTC', ...given });
	const { organization } = made;
	const connections = new Map<Channel, string>();
	for (const channel of CHANNELS_USED)
		connections.set(channel, await makeConnection(organization.id, { channel }));
	const place = (channel: Channel) => ({
		organizationId: organization.id,
		connectionId: connections.get(channel)!,
		channel,
		timeZone: organization.timeZone
	});
	const productId = (sku: string) =>
		inOrganization(
			organization.id,
			({ sql }) => sql<{ id: string }[]>`select id from products where sku = ${sku}`
		).then(([row]) => row!.id);
	return {
		...made,
		connections,
		productId,
		saveOrders: (channel, orders) =>
			record(organization.id, async (tx) => {
				const done = await recordOrders(
					tx,
					orders.map((order) => ({ ...place(channel), order }))
				);
				return { result: undefined, events: done.events };
			}),
		saveMoves: (channel, moves) =>
			record(organization.id, async (tx) => {
				const done = await recordTransactions(
					tx,
					moves.map((move) => ({ ...place(channel), transaction: toChannelTransaction(move) }))
				);
				return { result: undefined, events: done.events };
			}),
		cost: async (sku, fromDay, unitCost, currency = 'USD') => {
			const id = await productId(sku);
			await record(organization.id, async (tx) => {
				await tx.sql`insert into product_costs (organization_id, product_id, from_day, unit_cost, currency, source)
					values (${organization.id}, ${id}, ${fromDay}, ${unitCost}, ${currency}, 'person')
					on conflict (product_id, from_day) do update set unit_cost = excluded.unit_cost, currency = excluded.currency`;
				const dimensions = { channel: null, categories: [], locations: [], country: null };
				return {
					result: undefined,
					events: [
						{ kind: 'product', organizationId: organization.id, subjectId: id, productId: id, dimensions }
					]
				};
			});
		},
		async view(filters = {}) {
			await catchUp([organization.id]);
			return profit(
				made.ctx(),
				{
					range: { from: '2026-11-01', to: '2026-11-30' },
					by: 'day',
					channels: [],
					categories: [],
					...filters
				},
				NOW
			);
		}
	};
}

const rates = (shop: Shop, rows: [currency: string, day: string, rate: string][]) =>
	inOrganization(shop.organization.id, async ({ sql }) => {
		for (const [currency, day, rate] of rows)
			await sql`insert into exchange_rates (organization_id, currency, base, day, rate)
				values (${shop.organization.id}, ${currency}, ${shop.organization.currency}, ${day}, ${rate})`;
	});

const fee = (given: Partial<ChannelTransactionInput> = {}): ChannelTransactionInput => ({
	externalId: 'f1',
	orderExternalId: '1001',
	kind: 'fee',
	amount: '-1.50',
	currency: 'USD',
	postedAt: '2026-11-22T10:00:00Z',
	state: 'settled',
	...given
});

test('from gross to contribution margin: an estimate counts until the channel told, on the day of the order', async () => {
	const shop = await makeShop();
	await shop.saveOrders('amazon', [
		makeOrder({
			shipping: '4.99',
			lines: [makeLine({ gross: '30', quantity: 3, discount: '3' })],
			refunds: [
				{
					externalId: 'r',
					refundedAt: '2026-11-25T00:00:00Z',
					lines: [
						{
							externalId: '1',
							kind: 'item',
							lineExternalId: 'line-1',
							quantity: 1,
							amount: '9',
							restocked: true
						},
						{ externalId: '2', kind: 'shipping', amount: '1.99' }
					]
				}
			]
		})
	]);
	await shop.cost('MUG', '1970-01-01', '2.50');
	await shop.saveMoves('amazon', [
		fee({ externalId: 'e1', state: 'estimated', amount: '-4.05', postedAt: '2026-11-20T10:00:00Z' }),
		fee({ externalId: 'label', kind: 'shipping_label', amount: '-3.20' }),
		fee({ externalId: 'payout', kind: 'payout', amount: '-20' }),
		fee({ externalId: 'storage', kind: 'adjustment', orderExternalId: null, amount: '-0.80' })
	]);
	expect((await shop.view()).totals).toEqual({
		gross: '30',
		discounts: '3',
		refunds: '9',
		net: '18',
		shipping: '3',
		cogs: '5',
		fees: '0',
		feesEstimated: '4.05',
		labels: '3.2',
		labelsEstimated: '0',
		other: '-0.8',
		margin: '7.95',
		marginPercent: '44.1',
		units: 3,
		unitsWithoutCost: 0,
		unitsWithoutReceipt: 0,
		ads: null
	});

	await shop.saveMoves('amazon', [fee({ state: 'deferred', amount: '-4.10' })]);
	expect((await shop.view()).totals).toMatchObject({ fees: '4.1', feesEstimated: '0', margin: '7.9' });
	await shop.saveMoves('amazon', [fee({ amount: '-4.20' }), fee({ amount: '-4.20' })]);
	const settled = await shop.view();
	expect(settled.totals).toMatchObject({ fees: '4.2', feesEstimated: '0', margin: '7.8' });
	expect(settled.series.find((row) => row.at === '2026-11-20')).toEqual({
		at: '2026-11-20',
		net: '27',
		margin: '17.09'
	});
	expect(settled.series.find((row) => row.at === '2026-11-25')).toEqual({
		at: '2026-11-25',
		net: '-9',
		margin: '-8.49'
	});
});

test.each([
	['day', 30, '2026-11-20'],
	['week', 6, '2026-11-16'],
	['month', 1, '2026-11-01']
] as const)('by %s: the buckets add up to the sum', async (by, count, at) => {
	const shop = await makeShop();
	await shop.saveOrders('shopify', [makeOrder()]);
	const view = await shop.view({ by });
	expect(view.series).toHaveLength(count);
	expect(view.series.filter((row) => row.net !== '0')).toEqual([{ at, net: '10', margin: '10' }]);
});

test('a changed cost rebuilds no day and is seen at once', async () => {
	const shop = await makeShop();
	await shop.saveOrders('shopify', [makeOrder()]);
	const before = await shop.view();
	expect(before.totals).toMatchObject({ cogs: '0', unitsWithoutCost: 1 });
	await shop.cost('MUG', '2026-11-01', '4');
	expect((await shop.view()).totals).toMatchObject({ cogs: '4', unitsWithoutCost: 0 });
	await shop.cost('MUG', '2026-11-20', '3.333333');
	expect((await shop.view()).totals).toMatchObject({ cogs: '3.3333' });
	await shop.cost('MUG', '2026-11-21', '100');
	expect((await shop.view()).totals).toMatchObject({ cogs: '3.3333' });
});

test('fees that came before their order are not lost, and not counted twice when it comes', async () => {
	const shop = await makeShop();
	await shop.saveMoves('walmart', [fee()]);
	expect((await shop.view()).totals).toMatchObject({ fees: '1.5', net: '0' });
	await shop.saveOrders('walmart', [makeOrder()]);
	const after = await shop.view();
	expect(after.totals).toMatchObject({ fees: '1.5', net: '10', margin: '8.5' });
	expect(after.series.find((row) => row.at === '2026-11-22')).toMatchObject({ margin: '0' });
});

test('money without a rate is told in its own currency and in no sum; with a rate it takes that of the order’s day', async () => {
	const shop = await makeShop();
	const euro = makeOrder({
		currency: 'EUR',
		refunds: [
			{
				externalId: 'r',
				refundedAt: '2026-11-25T00:00:00Z',
				lines: [{ externalId: '1', kind: 'adjustment', amount: '2' }]
			}
		]
	});
	await shop.saveOrders('shopify', [euro]);
	await shop.saveMoves('shopify', [fee({ currency: 'EUR' })]);
	const without = await shop.view();
	expect(without.totals).toMatchObject({ net: '0', fees: '0', cogs: '0' });
	expect(without.unconverted).toEqual([
		{ currency: 'EUR', net: '8', shipping: '0', fees: '1.5', labels: '0', other: '0' }
	]);
	await rates(shop, [
		['EUR', '2026-11-19', '1.1'],
		['EUR', '2026-11-24', '2']
	]);
	const converted = await shop.view();
	expect(converted.unconverted).toEqual([]);
	expect(converted.totals).toMatchObject({ gross: '11', refunds: '2.2', net: '8.8', fees: '1.65' });
	expect(converted.rates).toMatchObject([
		{ currency: 'EUR', lowest: '1.1000000000', highest: '2.0000000000', source: 'manual' }
	]);
});

test('one order: its own waterfall, at the rate of its day; another organization’s order is none', async () => {
	const shop = await makeShop();
	await shop.saveOrders('shopify', [
		makeOrder({ currency: 'EUR', shipping: '2', lines: [makeLine({ gross: '20', quantity: 2 })] }),
		makeOrder({ externalId: 'other', name: '#other' })
	]);
	await shop.cost('MUG', '2026-11-01', '3');
	await shop.saveMoves('shopify', [
		fee({ currency: 'EUR', amount: '-1' }),
		fee({ externalId: 'e', kind: 'shipping_label', state: 'estimated', amount: '-0.5' })
	]);
	await catchUp([shop.organization.id]);
	const [order] = await inOrganization(
		shop.organization.id,
		({ sql }) => sql<{ id: string }[]>`select id from orders where external_id = '1001'`
	);
	expect(await orderProfit(shop.ctx(), order!.id)).toBeNull();
	await rates(shop, [['EUR', '2026-11-19', '1.5']]);
	expect(await orderProfit(shop.ctx(), order!.id)).toMatchObject({
		currency: 'USD',
		sums: {
			gross: '30',
			shipping: '3',
			cogs: '6',
			fees: '1.5',
			labelsEstimated: '0.5',
			margin: '25',
			units: 2
		},
		rate: { currency: 'EUR', rate: '1.5000000000', day: '2026-11-19', source: 'manual' }
	});
	expect(await orderProfit((await makeShop()).ctx(), order!.id)).toBeNull();
	expect(await orderProfit(shop.ctx(), 'no id')).toBeNull();
});

test('a viewer reads it, someone without the permission does not', async () => {
	const shop = await makeShop();
	const filters = { range: 'today' as const, by: 'day' as const, channels: [], categories: [] };
	await expect(profit(shop.ctx('viewer'), filters, NOW)).resolves.toBeDefined();
	await expect(profit({ ...shop.ctx(), permissions: new Set() }, filters, NOW)).rejects.toThrow(Forbidden);
});

const day = (number: number) => `2026-11-${String(number).padStart(2, '0')}T12:00:00Z`;

/** Orders of single mugs at 10 USD, one for each day of November given. */
const mugs = (...days: [day: number, quantity: number][]) =>
	days.map(([number, quantity]) =>
		makeOrder({
			externalId: `mugs-${number}`,
			name: `#${number}`,
			placedAt: day(number),
			lines: [makeLine({ gross: String(quantity * 10), quantity })]
		})
	);
const receive = (shop: Shop, receivedOn: string, quantity: number, unitCost: string) =>
	addReceipt(shop.ctx(), { sku: 'MUG', receivedOn, quantity, unitCost, currency: 'USD', note: '' });

test('first in, first out: across channels by day, restated by a late order; pieces without a receipt cost what the period says', async () => {
	const shop = await makeShop();
	await shop.saveOrders('walmart', mugs([3, 2]));
	await shop.saveOrders('amazon', mugs([5, 2], [9, 3]));
	await receive(shop, '2026-11-01', 3, '2');
	await receive(shop, '2026-11-04', 2, '3');
	const byAverage = await shop.view();
	// 2 on the 3rd at 2, 5 later at (3 * 2 + 2 * 3) / 5
	expect(byAverage).toMatchObject({
		costMethod: 'average',
		totals: { cogs: '16', unitsWithoutCost: 0, unitsWithoutReceipt: 0 }
	});
	await setCostMethod(shop.ctx(), { method: 'fifo' });
	await shop.cost('MUG', '1970-01-01', '5');
	// the 3rd takes 2 at 2, the 5th 1 at 2 and 1 at 3, the 9th 1 at 3 and 2 without a receipt
	const channels = async () =>
		(await shop.view()).channels.map((row) => [row.channel, row.cogs, row.unitsWithoutReceipt]);
	expect(await channels()).toEqual([
		['amazon', '18', 2],
		['walmart', '4', 0]
	]);
	await shop.saveOrders('shopify', mugs([2, 1]));
	expect(await channels()).toEqual(
		[
			['shopify', '2', 0],
			['amazon', '21', 3],
			['walmart', '4', 0]
		].sort()
	);
	await receive(shop, '2026-11-09', 10, '1');
	expect((await shop.view()).totals).toMatchObject({ cogs: '15', unitsWithoutReceipt: 0, margin: '65' });
	await setCostMethod(shop.ctx(), { method: 'average' });
	await catchUp([shop.organization.id]);
	await rebuildOrganization(shop.organization.id);
	expect((await shop.view()).totals.unitsWithoutReceipt).toBe(0);
});

test('a returned piece goes back to the receipt last taken from, on the day of its return', async () => {
	const shop = await makeShop();
	await shop.saveOrders('shopify', mugs([3, 2], [20, 2]));
	await setCostMethod(shop.ctx(), { method: 'fifo' });
	await receive(shop, '2026-11-01', 1, '2');
	await receive(shop, '2026-11-02', 5, '3');
	expect((await shop.view()).totals).toMatchObject({ cogs: '11' });
	const refund = (number: number, quantity: number) => ({
		externalId: `r${number}`,
		refundedAt: day(number),
		lines: [
			{
				externalId: '1',
				kind: 'item' as const,
				lineExternalId: 'line-1',
				quantity,
				amount: '10',
				restocked: true
			}
		]
	});
	await shop.saveOrders('shopify', [
		makeOrder({
			externalId: 'mugs-3',
			name: '#3',
			placedAt: day(3),
			updatedAt: '2026-12-01T00:00:00Z',
			lines: [makeLine({ gross: '20', quantity: 2 })],
			refunds: [refund(10, 2)]
		})
	]);
	// back on the 10th: 3 and 2; the 20th takes 2 and 3 again
	const view = await shop.view();
	expect(view.totals).toMatchObject({ cogs: '5', unitsWithoutReceipt: 0 });
	const margins = Object.fromEntries(view.series.map((row) => [row.at, row.margin]));
	expect(margins['2026-11-03']).toBe('15');
	expect(margins['2026-11-10']).toBe('-5');
	expect(margins['2026-11-20']).toBe('15');
	const [order] = await inOrganization(
		shop.organization.id,
		({ sql }) => sql<{ id: string }[]>`select id from orders where external_id = 'mugs-3'`
	);
	expect((await orderProfit(shop.ctx(), order!.id))!.sums).toMatchObject({
		cogs: '0',
		units: 2,
		unitsWithoutCost: 0
	});
});

const cents = (max: number) => fc.integer({ min: 0, max }).map((value) => (value / 100).toFixed(2));
const dayOfNovember = fc
	.integer({ min: 1, max: 30 })
	.map((day) => `2026-11-${String(day).padStart(2, '0')}T05:30:00Z`);
const sku = fc.constantFrom('A', 'B', 'C', 'KIT');
const currency = fc.constantFrom('USD', 'USD', 'EUR', 'JPY');
const anOrder = fc.record({
	number: fc.integer({ min: 1, max: 4 }),
	channel: fc.constantFrom(...CHANNELS_USED),
	placedAt: dayOfNovember,
	currency,
	shipping: cents(999),
	priceKnown: fc.boolean().map((value) => value || true),
	cancelled: fc.integer({ min: 0, max: 5 }).map((value) => value === 0),
	lines: fc.array(
		fc.record({
			sku,
			quantity: fc.integer({ min: 1, max: 5 }),
			gross: cents(9999),
			discount: cents(500),
			gift: fc.integer({ min: 0, max: 6 }).map((n) => n === 0)
		}),
		{
			minLength: 1,
			maxLength: 4
		}
	),
	refunds: fc.array(
		fc.record({
			refundedAt: dayOfNovember,
			kind: fc.constantFrom('item' as const, 'shipping' as const, 'adjustment' as const),
			line: fc.integer({ min: 0, max: 3 }),
			quantity: fc.constant<number>(1),
			amount: cents(2000),
			restocked: fc.boolean()
		}),
		{ maxLength: 2 }
	)
});
const aMove = fc.record({
	number: fc.integer({ min: 1, max: 9 }),
	channel: fc.constantFrom(...CHANNELS_USED),
	order: fc.integer({ min: 0, max: 5 }),
	sku: fc.option(fc.constantFrom('A', 'B', 'X')),
	kind: fc.constantFrom(
		'fee' as const,
		'fee' as const,
		'shipping_label' as const,
		'refund_fee' as const,
		'adjustment' as const,
		'payout' as const,
		'tax' as const
	),
	state: fc.constantFrom('estimated' as const, 'deferred' as const, 'settled' as const),
	amount: fc.integer({ min: -3000, max: 500 }).map((value) => (value / 100).toFixed(2)),
	currency,
	postedAt: dayOfNovember
});
const aCost = fc.record({
	sku: fc.constantFrom('A', 'B', 'C'),
	fromDay: fc.integer({ min: 1, max: 28 }).map((day) => `2026-11-${String(day).padStart(2, '0')}`),
	unitCost: fc.integer({ min: 0, max: 999_999 }).map((value) => (value / 100_000).toFixed(6)),
	currency: fc.constantFrom('USD', 'EUR', 'JPY')
});
const aReceipt = fc.record({
	sku: fc.constantFrom('A', 'A', 'B', 'C'),
	receivedOn: fc
		.integer({ min: -10, max: 28 })
		.map((day) => new Date(Date.UTC(2026, 10, day)).toISOString().slice(0, 10)),
	quantity: fc.integer({ min: 1, max: 8 }),
	unitCost: fc.integer({ min: 0, max: 999_999 }).map((value) => (value / 100_000).toFixed(6)),
	currency: fc.constantFrom('USD', 'USD', 'EUR', 'JPY')
});
const step = fc.oneof(
	{ weight: 5, arbitrary: anOrder.map((order) => ({ do: 'order' as const, order })) },
	{ weight: 5, arbitrary: aMove.map((move) => ({ do: 'move' as const, move })) },
	{ weight: 3, arbitrary: aCost.map((cost) => ({ do: 'cost' as const, cost })) },
	{ weight: 4, arbitrary: aReceipt.map((receipt) => ({ do: 'receipt' as const, receipt })) },
	{ weight: 1, arbitrary: fc.nat(9).map((index) => ({ do: 'unreceive' as const, index })) },
	{
		weight: 1,
		arbitrary: fc.constantFrom('fifo', 'fifo', 'average').map((method) => ({ do: 'method' as const, method }))
	},
	{
		weight: 1,
		arbitrary: fc.constantFrom('A2B1', 'A1C3', 'C1').map((parts) => ({ do: 'kit' as const, parts }))
	},
	{ weight: 2, arbitrary: fc.constant({ do: 'project' as const }) },
	{ weight: 1, arbitrary: fc.constant({ do: 'rebuild' as const }) }
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

test(
	'whatever is recorded in whatever order, profit equals PostgreSQL recomputed row by row',
	{ timeout: 240_000 },
	() =>
		fc.assert(
			fc.asyncProperty(
				fc.constantFrom('fifo', 'average'),
				fc.array(step, { minLength: 6, maxLength: 32 }),
				holds
			),
			{ numRuns: 15 }
		)
);

/** Few products, many pieces, receipts and returns: what takes from receipts meets. */
const dense = fc.record({
	number: fc.integer({ min: 1, max: 6 }),
	channel: fc.constantFrom(...CHANNELS_USED),
	placedAt: dayOfNovember,
	sku: fc.constantFrom('A', 'A', 'B', 'KIT'),
	quantity: fc.integer({ min: 1, max: 5 }),
	returns: fc.array(fc.record({ refundedAt: dayOfNovember, quantity: fc.integer({ min: 1, max: 3 }) }), {
		maxLength: 2
	})
});
const stockStep: fc.Arbitrary<Step> = fc.oneof(
	{
		weight: 6,
		arbitrary: dense.map(({ sku, quantity, returns, ...order }): Step => ({
			do: 'order',
			order: {
				...order,
				currency: 'USD',
				shipping: '0',
				priceKnown: true,
				cancelled: false,
				lines: [{ sku, quantity, gross: '20', discount: '0', gift: false }],
				refunds: returns.map((one) => ({ ...one, kind: 'item', line: 0, amount: '3', restocked: true }))
			}
		}))
	},
	{ weight: 4, arbitrary: aReceipt.map((receipt): Step => ({ do: 'receipt', receipt })) },
	{ weight: 1, arbitrary: fc.nat(9).map((index): Step => ({ do: 'unreceive', index })) },
	{ weight: 1, arbitrary: aCost.map((cost): Step => ({ do: 'cost', cost })) },
	{
		weight: 1,
		arbitrary: fc.constantFrom('A2B1', 'A1C3', 'C1').map((parts): Step => ({ do: 'kit', parts }))
	},
	{ weight: 3, arbitrary: fc.constant<Step>({ do: 'project' }) },
	{ weight: 1, arbitrary: fc.constant<Step>({ do: 'rebuild' }) }
);

test(
	'first in, first out, with many receipts, returns and bundles, equals pieces put on shelves one by one',
	{ timeout: 240_000 },
	() =>
		fc.assert(
			fc.asyncProperty(fc.constant('fifo'), fc.array(stockStep, { minLength: 12, maxLength: 40 }), holds),
			{ numRuns: 12 }
		)
);

async function holds(method: string, steps: Step[]): Promise<void> {
	const shop = await makeShop({ timeZone: 'America/New_York' });
	await rates(shop, [
		['EUR', '2026-10-01', '1.0873'],
		['EUR', '2026-11-12', '1.1234567891'],
		['JPY', '2026-11-10', '0.0066']
	]);
	await seedProducts(shop);
	if (method === 'fifo') await setCostMethod(shop.ctx(), { method });
	let version = 0;
	for (const one of steps) {
		version++;
		if (one.do === 'order') await shop.saveOrders(one.order.channel, [orderOf(one.order, version)]);
		if (one.do === 'move') await shop.saveMoves(one.move.channel, [moveOf(one.move)]);
		if (one.do === 'cost')
			await shop.cost(one.cost.sku, one.cost.fromDay, one.cost.unitCost, one.cost.currency);
		if (one.do === 'receipt') await addReceipt(shop.ctx(), one.receipt);
		if (one.do === 'unreceive') {
			const { receipts } = await listReceipts(shop.ctx());
			const chosen = receipts[one.index % Math.max(1, receipts.length)];
			if (chosen) await removeReceipt(shop.ctx(), { receiptId: chosen.id });
		}
		if (one.do === 'method') await setCostMethod(shop.ctx(), { method: one.method });
		if (one.do === 'kit') await setKit(shop, one.parts);
		// what is kept here must not be believed any more after the next step
		if (one.do === 'project') await askKept(() => shop.view());
		if (one.do === 'rebuild') {
			await catchUp([shop.organization.id]);
			await rebuildOrganization(shop.organization.id);
		}
	}
	for (const [from, to] of [
		['2026-11-01', '2026-11-30'],
		['2026-11-09', '2026-11-14']
	] as const) {
		const live = await shop.view({ range: { from, to } });
		const view = await askKept(() => shop.view({ range: { from, to } }));
		expect({ ...view, asOf: '' }).toEqual({ ...live, asOf: '' });
		const told = await recomputedProfit(shop.organization, { from, to });
		expect(figures(view.totals)).toEqual(asFigures(told.total));
		expect(Object.fromEntries(view.channels.map((row) => [row.channel, figures(row)]))).toEqual(
			present(told.channels)
		);
		expect(Object.fromEntries(view.products.map((row) => [row.productId ?? '', figures(row)]))).toEqual(
			present(told.products)
		);
		for (const row of view.unconverted) expect(told.unconverted).toContain(row.currency);
		const perDay = view.series.reduce((sum, row) => sum.plus(row.margin), Big(0));
		expect(perDay.minus(view.totals.margin).abs().lt('0.01')).toBe(true);
	}
}

/** Products A to C with listings on each channel, and a kit of two A and one B. */
async function seedProducts(shop: Shop): Promise<void> {
	for (const channel of CHANNELS_USED)
		await shop.saveOrders(channel, [
			makeOrder({
				externalId: 'seed',
				placedAt: '2026-01-01T00:00:00Z',
				lines: ['A', 'B', 'C', 'KIT'].map((name, position) =>
					makeLine({
						externalId: name,
						position,
						sku: name,
						title: name,
						listingExternalId: `${channel}-${name}`
					})
				)
			})
		]);
	const [kit, a, b] = await Promise.all(['KIT', 'A', 'B'].map((name) => shop.productId(name)));
	await inOrganization(
		shop.organization.id,
		({ sql }) => sql`insert into product_components (organization_id, bundle_id, component_id, quantity)
			values (${shop.organization.id}, ${kit!}, ${a!}, 2), (${shop.organization.id}, ${kit!}, ${b!}, 1)`
	);
}

/** What the kit is made of, as letters and numbers. */
async function setKit(shop: Shop, parts: string): Promise<void> {
	const components = [...parts.matchAll(/([ABC])(\d)/g)].map(async ([, name, quantity]) => ({
		productId: await shop.productId(name!),
		quantity: Number(quantity)
	}));
	await setComponents(shop.ctx(), {
		bundleId: await shop.productId('KIT'),
		components: await Promise.all(components)
	});
}

function orderOf(
	given: typeof anOrder extends fc.Arbitrary<infer T> ? T : never,
	version: number
): ChannelOrder {
	return makeOrder({
		externalId: `o${given.number}`,
		name: `#${given.number}`,
		placedAt: given.placedAt,
		updatedAt: new Date(Date.UTC(2026, 11, 1) + version * 1000).toISOString(),
		currency: given.currency,
		shipping: given.shipping,
		status: given.cancelled ? 'cancelled' : 'paid',
		cancelledAt: given.cancelled ? given.placedAt : null,
		financialStatus: given.cancelled ? 'VOIDED' : 'PAID',
		lines: given.lines.map((line, position) =>
			makeLine({
				externalId: `l${position}`,
				position,
				sku: line.sku,
				title: line.sku,
				listingExternalId: `${given.channel}-${line.sku}`,
				quantity: line.quantity,
				gross: line.gross,
				discount: line.discount,
				isGiftCard: line.gift
			})
		),
		refunds: given.refunds.map((refund, index) => ({
			externalId: `r${index}`,
			refundedAt: refund.refundedAt,
			lines: [
				{
					externalId: '1',
					kind: refund.kind,
					lineExternalId: refund.kind === 'item' ? `l${refund.line % given.lines.length}` : null,
					quantity: refund.kind === 'item' ? refund.quantity : 0,
					amount: refund.amount,
					restocked: refund.restocked && refund.kind === 'item'
				}
			]
		}))
	});
}

function moveOf(given: typeof aMove extends fc.Arbitrary<infer T> ? T : never): ChannelTransactionInput {
	return {
		externalId: `m${given.number}`,
		orderExternalId: given.order === 0 ? null : `o${given.order}`,
		sku: given.sku,
		kind: given.kind,
		amount: given.amount,
		currency: given.currency,
		postedAt: given.postedAt,
		state: given.state
	};
}

const NAMES = [
	'gross',
	'discounts',
	'refunds',
	'shipping',
	'cogs',
	'fees',
	'feesEstimated',
	'labels',
	'labelsEstimated',
	'other'
] as const;

const figures = (sums: ProfitSums) =>
	Object.fromEntries(
		[...NAMES, 'units', 'unitsWithoutCost', 'unitsWithoutReceipt' as const].map((name) => [
			name,
			String(sums[name as keyof ProfitSums])
		])
	);

function asFigures(sums: Recomputed) {
	const rounded = (value: Big) => {
		const text = value.round(4, Big.roundHalfUp).toFixed();
		return text === '-0' ? '0' : text;
	};
	return Object.fromEntries([
		...NAMES.map((name) => [name, rounded(sums[name])]),
		['units', String(sums.units)],
		['unitsWithoutCost', String(sums.unitsWithoutCost)],
		['unitsWithoutReceipt', String(sums.unitsWithoutReceipt)]
	]);
}

function present(all: ReadonlyMap<string, Recomputed>) {
	return Object.fromEntries(
		[...all]
			.filter(([, sums]) => NAMES.some((name) => !sums[name].eq(0)) || sums.units !== 0)
			.map(([key, sums]) => [key, asFigures(sums)])
	);
}
