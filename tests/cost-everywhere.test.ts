import { expect, test } from 'vitest';
import { filtersSchema } from '../src/lib/contracts/analytics.ts';
import { productAnalyticsSchema } from '../src/lib/contracts/product-analytics.ts';
import { revenueSchema } from '../src/lib/contracts/revenue.ts';
import { trendSchema } from '../src/lib/contracts/trends.ts';
import {
	catchUp,
	dashboard,
	orderProfit,
	productAnalytics,
	productDepth,
	profit,
	revenue,
	trend
} from '../src/lib/server/analytics/index.ts';
import { removeCost, setCost } from '../src/lib/server/catalog/index.ts';
import { record } from '../src/lib/server/live/index.ts';
import { recordOrders, type ChannelOrder } from '../src/lib/server/orders/index.ts';
import { inOrganization } from '../src/lib/server/platform/db.ts';
import { exportTrend } from '../src/lib/server/reporting/index.ts';
import { send } from './api/client.ts';
import { makeConnection } from './factories/connection.ts';
import { makeLine, makeOrder } from './factories/order.ts';
import { makeOrganization, type TestOrganization } from './factories/organization.ts';
import { addMember, makePerson, PASSWORD } from './factories/person.ts';

const range = { from: '2026-01-01', to: '2026-01-31' };
const NOW = new Date('2026-01-28T12:00:00Z');

const sale = (updatedAt: string, refunds: Parameters<typeof makeOrder>[0] = {}): ChannelOrder =>
	makeOrder({
		placedAt: '2026-01-05T10:00:00Z',
		updatedAt,
		total: '60',
		lines: [makeLine({ quantity: 3, unitPrice: '20', gross: '60' })],
		...refunds
	});

/** Net sales and contribution margin as every page, export and answer of the API tells them. */
async function everywhere(made: TestOrganization, token: string, orderId: string, productId: string) {
	const ctx = made.ctx();
	await catchUp([made.organization.id]);
	const metric = (name: 'net_sales' | 'contribution_margin') => trendSchema.parse({ metric: name, range });
	const inAll = async (name: 'net_sales' | 'contribution_margin') =>
		Number((await trend(ctx, metric(name), NOW)).total.value);
	const byProduct = { ...metric('contribution_margin'), dimension: 'product' as const };
	const inCsv = async (group: string) => {
		const { csv } = await exportTrend(ctx, byProduct, NOW);
		const rows = csv.split('\r\n').map((row) => row.split(','));
		return rows.filter((row) => row[2] === group).reduce((sum, row) => sum + Number(row[6]), 0);
	};
	const api = async (path: string) => {
		const got = await send(`/analytics/${path}from=${range.from}&to=${range.to}`, { token });
		expect([path, got.status]).toEqual([path, 200]);
		return got.json;
	};
	const figures = ({ net, margin }: { net: unknown; margin: unknown }) => ({
		net: Number(net),
		margin: Number(margin)
	});
	const earned = await profit(ctx, filtersSchema.parse({ range }), NOW);
	const performance = (await productAnalytics(ctx, productAnalyticsSchema.parse({ range }), NOW))
		.products[0]!;
	const depth = await productDepth(ctx, productId, range, NOW);
	const one = (await orderProfit(ctx, orderId, NOW))!;
	const told = { revenue: await api('revenue?'), product: (await api('products?')).data[0] };
	const trended = await api('trends?metric=contribution_margin&');
	return {
		profit: figures(earned.totals),
		'profit by product': figures(earned.products[0]!),
		'profit by channel': figures(earned.channels[0]!),
		'profit over time': figures({
			net: earned.series.reduce((sum, { net }) => sum + Number(net), 0),
			margin: earned.series.reduce((sum, { margin }) => sum + Number(margin), 0)
		}),
		revenue: figures((await revenue(ctx, revenueSchema.parse({ range }), NOW)).profit.totals),
		'dashboard, trend': {
			net: Number((await dashboard(ctx, filtersSchema.parse({ range }), NOW)).totals.net),
			margin: await inAll('contribution_margin')
		},
		'trend, csv': { net: await inAll('net_sales'), margin: await inCsv('All') },
		'csv by product': { net: await inAll('net_sales'), margin: await inCsv('Mug') },
		performance: figures({ net: performance.netSales, margin: performance.margin }),
		depth: figures({ net: depth.performance.netSales, margin: depth.performance.margin }),
		'depth over time': figures({
			net: depth.series.reduce((sum, { netSales }) => sum + Number(netSales), 0),
			margin: depth.series.reduce((sum, { margin }) => sum + Number(margin), 0)
		}),
		order: figures(one.sums),
		'api: revenue': figures(told.revenue.totals),
		'api: products': figures({ net: told.product.net_sales, margin: told.product.margin }),
		'api: revenue and trend': figures({ net: told.revenue.totals.net, margin: trended.total.value })
	};
}

test('a changed cost and a late refund are in every panel, export and answer of the API, and they agree', async () => {
	const made = await makeOrganization();
	const person = await makePerson();
	await addMember(made, person, 'owner');
	const { json } = await send('/auth/login', {
		body: { email: person.email, password: PASSWORD, organization_id: made.organization.id }
	});
	const connectionId = await makeConnection(made.organization.id);
	const save = (order: ChannelOrder) =>
		record(made.organization.id, async (tx) => {
			const place = { organizationId: made.organization.id, connectionId, timeZone: 'UTC' };
			const { events, outcomes } = await recordOrders(tx, [{ ...place, channel: 'shopify', order }]);
			return { result: outcomes[0]!.orderId, events };
		});
	const orderId = await save(sale('2026-01-05T10:00:00Z'));
	const productId = await inOrganization(
		made.organization.id,
		({ sql }) => sql<{ id: string }[]>`select id from products`
	).then(([row]) => row!.id);
	const expectAll = async (net: number, margin: number) => {
		const told = await everywhere(made, json.access_token, orderId, productId);
		expect(told).toEqual(Object.fromEntries(Object.keys(told).map((where) => [where, { net, margin }])));
	};
	const cost = (unitCost: string, fromDay = '') =>
		setCost(made.ctx(), { productId, fromDay, unitCost, currency: 'USD' });

	await expectAll(60, 60);
	await cost('7.25');
	await expectAll(60, 60 - 3 * 7.25);
	await cost('9.5');
	await expectAll(60, 60 - 3 * 9.5);
	await cost('4', '2026-01-05');
	await expectAll(60, 60 - 3 * 4);
	await save(
		sale('2026-01-20T08:00:00Z', {
			status: 'partially_refunded',
			refunds: [
				{
					externalId: 'r1',
					refundedAt: '2026-01-20T08:00:00Z',
					lines: [{ externalId: 'rl1', kind: 'item', lineExternalId: 'line-1', quantity: 1, amount: '20' }]
				}
			]
		})
	);
	await expectAll(40, 40 - 3 * 4);
	await removeCost(made.ctx(), { productId, fromDay: '2026-01-05' });
	await expectAll(40, 40 - 3 * 9.5);
}, 120_000);
