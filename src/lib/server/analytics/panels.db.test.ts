import fc from 'fast-check';
import { expect, test } from 'vitest';
import { filtersSchema, type DashboardView } from '#lib/contracts/analytics.ts';
import type { Channel } from '#lib/contracts/channels.ts';
import { makeConnection } from '../../../../tests/factories/connection.ts';
import { makeOrder } from '../../../../tests/factories/order.ts';
import { makeOrganization, type TestOrganization } from '../../../../tests/factories/organization.ts';
import { askKept } from '../../../../tests/setup/kept-sums.ts';
import { record } from '../live/index.ts';
import { recordOrders, type ChannelOrderInput } from '../orders/index.ts';
import { inOrganization } from '../platform/db.ts';
import { catchUp, dashboard, trend } from './index.ts';
import { rebuildOrganization } from './projection/rebuild.ts';
import { die } from './killed-round.fixture.ts';
import { recomputed } from './recomputed.fixture.ts';
import { recomputedTrend } from './trends/recomputed.fixture.ts';
import { trendSchema } from '#lib/contracts/trends.ts';

// An order's history: what a channel might tell, in versions that may come late, doubled and in any order.
const CATEGORIES = ['Mugs', "Kid's \\ things", null, 'Tab\there'];
const SKUS = ['MUG', 'HAT', 'BAG', 'PEN', 'CUP'];
const COUNTRIES = [null, 'US', 'DE'];
/** Around the two clock changes of 2026 in New York and Berlin, and today. */
const MOMENTS = [
	'2026-03-08T05:30:00Z',
	'2026-03-08T07:10:00Z',
	'2026-03-29T00:59:59Z',
	'2026-10-25T00:30:00Z',
	'2026-10-25T01:30:00Z',
	'2026-11-01T05:30:00Z',
	'2026-11-01T06:30:00Z',
	'2026-11-19T23:59:00Z',
	'2026-11-20T04:30:00Z',
	'2026-11-20T17:45:00Z',
	'2026-11-13T17:50:00Z'
];
const NOW = new Date('2026-11-20T18:00:00Z');

const money = fc
	.integer({ min: 0, max: 99_999 })
	.map((cents) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`);
const moment = fc.constantFrom(...MOMENTS);
const lineOf = fc.record({
	sku: fc.constantFrom(...SKUS),
	quantity: fc.integer({ min: 0, max: 3 }),
	gross: fc.option(money, { freq: 8 }),
	discount: money,
	isGiftCard: fc.boolean().map((yes) => yes && true)
});
const versionOf = fc.record({
	minute: fc.integer({ min: 0, max: 20 }),
	placedAt: moment,
	priceKnown: fc.integer({ min: 0, max: 4 }).map((n) => n > 0),
	cancelled: fc.constantFrom(null, null, null, 'VOIDED', 'PAID'),
	isTest: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
	lines: fc.array(lineOf, { maxLength: 4 }),
	country: fc.constantFrom(...COUNTRIES),
	customer: fc.constantFrom(null, 'c1', 'c2'),
	refunds: fc.array(
		fc.record({
			refundedAt: moment,
			kind: fc.constantFrom('item' as const, 'shipping' as const, 'adjustment' as const),
			line: fc.integer({ min: 0, max: 4 }),
			amount: money
		}),
		{ maxLength: 2 }
	)
});
const step = fc.oneof(
	{
		weight: 8,
		arbitrary: fc.record({
			do: fc.constant('save' as const),
			shop: fc.integer({ min: 0, max: 1 }),
			connection: fc.integer({ min: 0, max: 2 }),
			order: fc.integer({ min: 0, max: 5 }),
			version: versionOf
		})
	},
	{ weight: 2, arbitrary: fc.record({ do: fc.constant('project' as const) }) },
	{
		weight: 2,
		arbitrary: fc.record({ do: fc.constant('die' as const), writes: fc.integer({ min: 0, max: 5 }) })
	},
	{
		weight: 1,
		arbitrary: fc.record({
			do: fc.constant('category' as const),
			shop: fc.integer({ min: 0, max: 1 }),
			sku: fc.constantFrom(...SKUS),
			category: fc.constantFrom(...CATEGORIES)
		})
	}
);
type Version = typeof versionOf extends fc.Arbitrary<infer T> ? T : never;

const FILTERS: { filters: object; scope?: object }[] = [
	{ filters: { range: { from: '2026-01-01', to: '2026-12-31' }, by: 'month' } },
	{ filters: { range: 'last-30-days', by: 'day' } },
	{ filters: { range: 'last-7-days', by: 'hour' } },
	{ filters: { range: { from: '2026-10-25', to: '2026-10-25' }, by: 'hour' } },
	{ filters: { range: { from: '2026-11-01', to: '2026-11-01' }, by: 'hour' } },
	{
		filters: {
			range: { from: '2026-03-01', to: '2026-04-05' },
			by: 'week',
			categories: ['Mugs', "Kid's \\ things"]
		}
	},
	{ filters: { range: 'year-to-date', by: 'month', categories: [''], channels: ['amazon', 'shopify'] } },
	{ filters: { range: 'last-90-days', by: 'week', countries: ['', 'DE'] } },
	{ filters: { range: 'today', by: 'hour', countries: ['US'], categories: ['Mugs'] } },
	{
		filters: { range: 'last-12-months', by: 'month' },
		scope: { channels: ['walmart'], categories: ['Mugs', 'Tab\there'] }
	}
];

const YEAR = { from: '2026-01-01', to: '2026-12-31' };
const TRENDS: { query: object; scope?: object }[] = [
	{ query: { range: YEAR, by: 'month', dimension: 'channel', compare: 'none' } },
	{ query: { range: 'last-30-days', by: 'day', dimension: 'product', metric: 'orders' } },
	{ query: { range: 'last-7-days', by: 'hour', dimension: 'category', metric: 'orders' } },
	{ query: { range: 'last-30-days', by: 'week', dimension: 'customer', compare: 'year' } },
	{ query: { range: 'year-to-date', by: 'month', dimension: 'customer', metric: 'orders' } },
	{ query: { range: 'last-90-days', by: 'week', dimension: 'country', metric: 'average_order_value' } },
	{ query: { range: 'year-to-date', by: 'month', dimension: 'region', metric: 'units', order: 'asc' } },
	{ query: { range: 'today', by: 'hour', dimension: 'product', metric: 'net_sales' } },
	{ query: { range: YEAR, by: 'week', dimension: 'product', countries: ['US', ''], metric: 'refunds' } },
	{
		query: {
			range: YEAR,
			by: 'month',
			dimension: 'category',
			categories: ['Mugs', ''],
			metric: 'average_order_value'
		}
	},
	{
		query: { range: 'last-12-months', by: 'month', dimension: 'channel', metric: 'orders' },
		scope: { channels: ['amazon', 'walmart'], categories: ['Mugs'] }
	}
];

interface Shop extends TestOrganization {
	connections: { id: string; channel: Channel; currency: string }[];
}

async function makeShop(timeZone: string, currency: string): Promise<Shop> {
	const made = await makeOrganization({ timeZone, currency });
	const connections = [];
	for (const [channel, own] of [
		['amazon', currency],
		['shopify', currency],
		['walmart', 'GBP']
	] as const) {
		connections.push({
			id: await makeConnection(made.organization.id, { channel, currency: own }),
			channel,
			currency: own
		});
	}
	await inOrganization(
		made.organization.id,
		({ sql }) => sql`insert into exchange_rates (organization_id, currency, base, day, rate)
		values (${made.organization.id}, 'GBP', ${currency}, '2026-03-20', '1.3333333333'), (${made.organization.id}, 'GBP', ${currency}, '2026-11-01', '0.7654321')`
	);
	return { ...made, connections };
}

function orderOf(number: number, currency: string, version: Version): ChannelOrderInput {
	const updatedAt = new Date(Date.UTC(2026, 10, 20, 12, version.minute)).toISOString();
	return {
		externalId: `o${number}`,
		name: `#${number}`,
		placedAt: version.placedAt,
		updatedAt,
		currency,
		isTest: version.isTest,
		priceKnown: version.priceKnown,
		financialStatus: version.cancelled ?? 'PAID',
		cancelledAt: version.cancelled ? updatedAt : null,
		status: 'paid',
		customer: version.customer ? { externalId: version.customer } : null,
		address: version.country ? { country: version.country, region: 'R1' } : null,
		lines: version.lines.map((line, position) => ({
			externalId: `l${position}`,
			position,
			sku: line.sku,
			title: line.sku,
			quantity: line.quantity,
			unitPrice: line.gross,
			gross: version.priceKnown ? line.gross : null,
			discount: line.discount,
			isGiftCard: line.isGiftCard,
			category: CATEGORIES[SKUS.indexOf(line.sku) % CATEGORIES.length]!
		})),
		refunds: version.refunds.map((refund, index) => ({
			externalId: `r${index}`,
			refundedAt: refund.refundedAt,
			total: refund.amount,
			lines: [
				{
					externalId: `x${index}`,
					kind: refund.kind,
					lineExternalId: refund.kind === 'item' ? `l${refund.line}` : null,
					quantity: 1,
					amount: refund.amount
				}
			]
		}))
	};
}

async function save(
	shop: Shop,
	connection: Shop['connections'][number],
	order: ChannelOrderInput
): Promise<void> {
	await record(shop.organization.id, async (tx) => {
		const result = await recordOrders(tx, [
			{
				organizationId: shop.organization.id,
				connectionId: connection.id,
				channel: connection.channel,
				timeZone: shop.organization.timeZone,
				order: makeOrder(order)
			}
		]);
		return { result, events: result.events };
	});
}

async function changeCategory(shop: Shop, sku: string, category: string | null): Promise<void> {
	await record(shop.organization.id, async (tx) => {
		const changed = await tx.sql<{ id: string }[]>`update products set category = ${category}
			where organization_id = ${shop.organization.id} and sku = ${sku} and category is distinct from ${category} returning id`;
		const dimensions = { channel: null, categories: [], locations: [], country: null };
		return {
			result: null,
			events: changed.map(({ id }) => ({
				kind: 'product' as const,
				organizationId: shop.organization.id,
				subjectId: id,
				productId: id,
				dimensions
			}))
		};
	});
}

async function compare(shop: Shop, at: string): Promise<void> {
	for (const { filters, scope } of FILTERS) {
		const parsed = filtersSchema.parse(filters);
		const ctx = shop.ctx('manager', scope ?? null);
		const seen = await dashboard(ctx, parsed, NOW);
		const wanted = await recomputed(shop.organization, parsed, scope ?? null, seen);
		expect(pick(seen), `${at} ${shop.organization.timeZone} ${JSON.stringify(filters)}`).toEqual(wanted);
	}
}

async function compareTrends(shop: Shop, run: number): Promise<void> {
	// a third of them each time: together they take longer than all other panels
	for (const { query, scope } of TRENDS.filter((_, index) => (index + run) % 3 === 0)) {
		const parsed = trendSchema.parse(query);
		const seen = await trend(shop.ctx('manager', scope ?? null), parsed, NOW);
		const wanted = await recomputedTrend(shop.organization, parsed, scope ?? null, seen);
		const where = `run ${run} ${shop.organization.timeZone} ${JSON.stringify(query)}`;
		const byKey = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1);
		const groups = seen.groups.map(({ key, value, previous, values }) => ({ key, value, previous, values }));
		// of people, the rollup knows what they spent and not how many pieces: a group of orders without a price may be left out
		const told = (all: typeof groups) =>
			parsed.dimension === 'customer'
				? all.filter(({ values }) => values.some((one) => Number(one) !== 0))
				: all;
		expect(told(groups).toSorted(byKey), where).toEqual(told(wanted.groups).toSorted(byKey));
		if (parsed.dimension !== 'customer') expect(seen.groupCount, where).toBe(wanted.groups.length);
		const values = seen.groups.map((group) => Number(group.value));
		const sign = parsed.order === 'asc' ? 1 : -1;
		expect(values, where).toEqual(values.toSorted((a, b) => (a - b) * sign));
		// an order that holds several groups stands in each of them, and once in the total
		const several = /orders|average/.test(parsed.metric) && /product|category/.test(parsed.dimension ?? '');
		if (!several) expect(seen.total, where).toEqual({ value: wanted.total, previous: wanted.previous });
	}
}

/** Long enough for sums of days to be kept. */
const KEPT = filtersSchema.parse({ range: { from: '2026-01-01', to: '2026-12-31' }, by: 'month' });

const pick = ({
	totals,
	previous,
	series,
	channels,
	products,
	awaitingPrice,
	unconverted
}: DashboardView) => ({ totals, previous, series, channels, products, awaitingPrice, unconverted });

test('after any sequence of creates, updates, refunds, cancellations, kills and replays, every panel equals PostgreSQL', async () => {
	let run = 0;
	await fc.assert(
		fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), async (steps) => {
			run++;
			const shops = [await makeShop('America/New_York', 'USD'), await makeShop('Europe/Berlin', 'EUR')];
			for (const one of steps) {
				if (one.do === 'save') {
					const connection = shops[one.shop]!.connections[one.connection]!;
					await save(shops[one.shop]!, connection, orderOf(one.order, connection.currency, one.version));
				} else if (one.do === 'category') await changeCategory(shops[one.shop]!, one.sku, one.category);
				else if (one.do === 'die') await die(shops, one.writes);
				else {
					await catchUp(shops.map((shop) => shop.organization.id));
					// what is kept here must not be believed any more after the next step
					for (const shop of shops) await askKept(() => dashboard(shop.ctx(), KEPT, NOW));
				}
			}
			await catchUp(shops.map((shop) => shop.organization.id));
			for (const shop of shops) {
				await compare(shop, `run ${run}`);
				await compareTrends(shop, run);
			}
			if (run % 4 === 0) {
				await rebuildOrganization(shops[0]!.organization.id);
				await compare(shops[0]!, `run ${run} rebuilt`);
			}
		}),
		{ numRuns: Number(process.env.PANEL_RUNS ?? 12), endOnFailure: true }
	);
}, 480_000);
