import { expect, test } from 'vitest';
import { makeConnection } from '../../../../../tests/factories/connection.ts';
import { makeLine, makeOrder } from '../../../../../tests/factories/order.ts';
import { makeOrganization } from '../../../../../tests/factories/organization.ts';
import { record } from '../../live/index.ts';
import { recordOrders, type ChannelOrder } from '../../orders/index.ts';
import { inOrganization } from '../../platform/db.ts';
import { catchUp, productAnalytics, productDepth, revenue, setAdSpend, trend } from '../index.ts';
import { recomputedProfit } from '../profit-recomputed.fixture.ts';

const NOW = new Date('2026-11-20T18:30:00Z');
const RANGE = { from: '2026-11-01', to: '2026-11-20' };

/** Two channels, four products, two of them on both; the first has no cost, the last was only refunded in the range. */
async function shop() {
	const made = await makeOrganization({ timeZone: 'America/New_York', currency: 'USD' });
	const { organization } = made;
	const ids = {
		shopify: await makeConnection(organization.id),
		amazon: await makeConnection(organization.id, { channel: 'amazon' })
	};
	const save = async (channel: keyof typeof ids, ...orders: ChannelOrder[]) => {
		await record(organization.id, async (tx) => {
			const result = await recordOrders(
				tx,
				orders.map((order) => ({
					organizationId: organization.id,
					connectionId: ids[channel],
					channel,
					timeZone: organization.timeZone,
					order
				}))
			);
			return { result, events: result.events };
		});
	};
	const line = (externalId: string, sku: string, quantity: number, gross: string, category: string) =>
		makeLine({ externalId, listingExternalId: `v-${sku}`, sku, title: sku, quantity, gross, category });
	await save(
		'shopify',
		makeOrder({
			externalId: 'a',
			placedAt: '2026-11-05T10:00:00Z',
			customer: { externalId: 'c1' },
			lines: [line('1', 'MUG', 2, '40', 'Mugs'), line('2', 'HAT', 1, '30', 'Hats')]
		}),
		makeOrder({
			externalId: 'b',
			placedAt: '2026-11-12T10:00:00Z',
			customer: { externalId: 'c1' },
			lines: [line('1', 'MUG', 3, '60', 'Mugs')]
		}),
		makeOrder({
			externalId: 'c',
			placedAt: '2026-10-20T10:00:00Z',
			lines: [line('1', 'OLD', 1, '15', 'Hats'), line('2', 'MUG', 1, '20', 'Mugs')],
			refunds: [
				{
					externalId: 'r',
					refundedAt: '2026-11-10T10:00:00Z',
					total: '15',
					lines: [{ externalId: 'x', kind: 'item', lineExternalId: '1', quantity: 1, amount: '15' }]
				}
			]
		})
	);
	await save(
		'amazon',
		makeOrder({
			externalId: 'd',
			placedAt: '2026-11-13T10:00:00Z',
			lines: [line('1', 'HAT', 4, '120', 'Hats'), line('2', 'PEN', 10, '50', 'Pens')]
		})
	);
	await inOrganization(organization.id, async ({ sql }) => {
		await sql`insert into product_costs (organization_id, product_id, from_day, unit_cost, currency, source)
			select organization_id, id, '1970-01-01', 7, 'USD', 'person' from products where organization_id = ${organization.id} and sku <> 'MUG'`;
		await sql`update listings set external_group_id = 'B00HAT' where organization_id = ${organization.id} and sku = 'HAT' and connection_id = ${ids.amazon}`;
		await sql`insert into channel_traffic (organization_id, connection_id, day, item, sessions, page_views, units) values
			(${organization.id}, ${ids.amazon}, '2026-11-13', 'B00HAT', 80, 100, 4), (${organization.id}, ${ids.amazon}, '2026-10-13', 'B00HAT', 999, 999, 0)`;
		await sql`insert into review_topics (organization_id, connection_id, item, sentiment, topic, mentions)
			values (${organization.id}, ${ids.amazon}, 'B00HAT', 'positive', 'warm', 12)`;
	});
	await catchUp([organization.id]);
	return { ...made, ids };
}

test('products equal a recomputation, best and worst first, page by page', async () => {
	const { organization, ctx } = await shop();
	const view = await productAnalytics(ctx('analyst'), { range: RANGE }, NOW);
	const wanted = await recomputedProfit(organization, RANGE);
	expect(view.count).toBe(4);
	expect(view.products.map(({ sku }) => sku)).toEqual(['HAT', 'MUG', 'PEN', 'OLD']);
	for (const row of view.products) {
		const sums = wanted.products.get(row.productId)!;
		expect([row.sku, row.units]).toEqual([row.sku, sums.units]);
		expect(Number(row.netSales)).toBeCloseTo(
			sums.gross.minus(sums.discounts).minus(sums.refunds).toNumber(),
			4
		);
	}
	expect(view.products[0]).toMatchObject({
		sessions: 80,
		conversion: '5.0',
		velocity: '0.25',
		trend: null,
		channels: ['amazon', 'shopify']
	});
	expect(view.products[3]).toMatchObject({ sku: 'OLD', netSales: '-15', returnRate: null, units: 0 });
	const worst = await productAnalytics(
		ctx('viewer'),
		{ range: RANGE, sort: 'contribution_margin', order: 'asc' },
		NOW
	);
	expect(worst.products[0]!.sku).toBe('OLD');
	expect((await productAnalytics(ctx('viewer'), { range: RANGE, page: 2 }, NOW)).products).toEqual([]);
	await expect(productAnalytics(ctx('viewer'), { range: RANGE, sort: 'luck' }, NOW)).rejects.toMatchObject({
		status: 400
	});
	await expect(productAnalytics({ ...ctx(), permissions: new Set() }, {}, NOW)).rejects.toMatchObject({
		status: 403
	});
});

test('a manager sees their channels and categories only', async () => {
	const { ctx } = await shop();
	const limited = ctx('manager', { channels: ['amazon'], categories: ['Hats'] });
	const view = await productAnalytics(limited, { range: RANGE }, NOW);
	expect(view.products.map(({ sku, netSales }) => [sku, netSales])).toEqual([['HAT', '120']]);
	const pen = (await productAnalytics(ctx(), { range: RANGE }, NOW)).products.find(
		(row) => row.sku === 'PEN'
	);
	await expect(productDepth(limited, pen!.productId, RANGE, NOW)).rejects.toMatchObject({ status: 404 });
	await expect(productDepth(ctx(), 'no id', RANGE, NOW)).rejects.toMatchObject({ status: 404 });
	await expect(productDepth((await shop()).ctx(), pen!.productId, RANGE, NOW)).rejects.toMatchObject({
		status: 404
	});
	expect((await revenue(limited, { range: RANGE }, NOW)).customers).toBeNull();
	await expect(trend(limited, { range: RANGE, dimension: 'customer' }, NOW)).rejects.toMatchObject({
		status: 403
	});
});

test('one product in depth adds up to its row', async () => {
	const { ctx } = await shop();
	const [hat] = (await productAnalytics(ctx(), { range: RANGE }, NOW)).products;
	const depth = await productDepth(ctx(), hat!.productId, RANGE, NOW);
	expect(depth.performance).toMatchObject({
		netSales: '150',
		units: 5,
		margin: hat!.margin,
		available: null
	});
	expect(depth.series.reduce((sum, row) => sum + row.units, 0)).toBe(5);
	expect(depth.channels.map(({ channel, net }) => [channel, net])).toEqual([
		['amazon', '120'],
		['shopify', '30']
	]);
	expect(depth.reviews).toMatchObject([{ topic: 'warm', sentiment: 'positive', mentions: 12 }]);
});

test('revenue: the parts add up, new and returning are told apart, ads are part of the margin', async () => {
	const { ctx } = await shop();
	const before = await revenue(ctx(), { range: RANGE, by: 'day' }, NOW);
	expect(before.sales.total.value).toBe('285');
	expect(before.profit.totals).toMatchObject({ net: '285', ads: null });
	const sum = (part: { groups: { value: string | null }[] }) =>
		part.groups.reduce((total, group) => total + Number(group.value), 0);
	for (const part of [before.categories, before.countries, before.regions, before.customers!])
		expect(sum(part)).toBe(285);
	expect(before.customers!.groups.map(({ key, value }) => [key, value])).toEqual([
		['guest', '155'],
		['new', '70'],
		['returning', '60']
	]);
	await setAdSpend(ctx('owner'), {
		day: '2026-11-12',
		channel: 'shopify',
		platform: '',
		amount: '25.50',
		currency: 'USD'
	});
	const after = await revenue(ctx(), { range: RANGE, by: 'day' }, NOW);
	expect(after.profit.totals.ads).toBe('25.5');
	expect(Number(before.profit.totals.margin) - Number(after.profit.totals.margin)).toBeCloseTo(25.5, 4);
	expect(after.profit.channels.map(({ channel, ads }) => [channel, ads])).toEqual([
		['amazon', null],
		['shopify', '25.5']
	]);
	const margin = await trend(
		ctx(),
		{ range: RANGE, metric: 'contribution_margin', dimension: 'channel', compare: 'none' },
		NOW
	);
	expect(margin.total.value).toBe(after.profit.totals.margin);
	expect(margin.groups.map(({ key, value }) => [key, value])).toEqual(
		after.profit.channels
			.map(({ channel, margin: value }) => [channel, value])
			.sort((a, b) => Number(b[1]) - Number(a[1]))
	);
});

test('a running day is compared up to the same clock time, in the list and on the product’s page', async () => {
	const made = await makeOrganization({ timeZone: 'America/New_York', currency: 'USD' });
	const connectionId = await makeConnection(made.organization.id);
	const sold: [placedAt: string, quantity: number][] = [
		['2026-11-13T15:00:00Z', 8],
		['2026-11-19T15:00:00Z', 1],
		['2026-11-19T18:29:59Z', 2],
		['2026-11-19T18:30:00Z', 16],
		['2026-11-20T15:00:00Z', 6]
	];
	await record(made.organization.id, async (tx) => {
		const result = await recordOrders(
			tx,
			sold.map(([placedAt, quantity], index) => ({
				organizationId: made.organization.id,
				connectionId,
				channel: 'shopify' as const,
				timeZone: 'America/New_York',
				order: makeOrder({
					externalId: String(index),
					placedAt,
					lines: [makeLine({ quantity, gross: String(quantity * 10), listingExternalId: 'v1' })]
				})
			}))
		);
		return { result, events: result.events };
	});
	await catchUp([made.organization.id]);
	const told = async (range: 'today' | 'yesterday' | 'last-7-days') => {
		const [row] = (await productAnalytics(made.ctx(), { range }, NOW)).products;
		const { performance } = await productDepth(made.ctx(), row!.productId, range, NOW);
		for (const one of [performance, row!]) expect(Number(one.previousNetSales)).toBe(10 * one.previousUnits);
		expect(performance.previousUnits).toBe(row!.previousUnits);
		return [row!.units, row!.previousUnits, row!.trend];
	};
	expect(await told('today')).toEqual([6, 3, '100.0']);
	expect(await told('yesterday')).toEqual([19, 0, null]);
	expect(await told('last-7-days')).toEqual([25, 8, '212.5']);
	const [cut] = (
		await productAnalytics(made.ctx(), { range: 'last-7-days' }, new Date('2026-11-20T14:00:00Z'))
	).products;
	expect(cut!.previousUnits).toBe(0);
});
