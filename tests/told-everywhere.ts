import { parse } from 'csv-parse/sync';
import { expect } from 'vitest';
import { filtersSchema } from '../src/lib/contracts/analytics.ts';
import { productAnalyticsSchema } from '../src/lib/contracts/product-analytics.ts';
import { revenueSchema } from '../src/lib/contracts/revenue.ts';
import { trendSchema, type TrendMetric } from '../src/lib/contracts/trends.ts';
import {
	customerCohorts,
	customersOverview,
	customerSegments,
	dashboard,
	getCustomer,
	listCustomers,
	orderProfit,
	productAnalytics,
	productDepth,
	profit,
	revenue,
	trend
} from '../src/lib/server/analytics/index.ts';
import { countOrders, exportOrders, getOrder, listOrders } from '../src/lib/server/orders/index.ts';
import type { Ctx } from '../src/lib/server/platform/ctx.ts';
import { exportTrend, listGoals, previewReport } from '../src/lib/server/reporting/index.ts';
import { send } from './api/client.ts';

/** January, seen from its end; a report that goes out in February is about it. */
const range = { from: '2026-01-01', to: '2026-01-31' };
const NOW = new Date('2026-01-28T12:00:00Z');
const FEBRUARY = new Date('2026-02-02T12:00:00Z');

/** The one order of an organization, with everything it belongs to. */
export interface Sold {
	ctx: Ctx;
	token: string;
	orderId: string;
	productId: string;
	customerId: string;
	reportId: string;
}

/** What a place tells of the order: its margin only where it tells one. */
export type Told = Record<string, { net: number; margin?: number }>;

const sum = <Row>(rows: readonly Row[], of: (row: Row) => unknown) =>
	rows.reduce((all, row) => all + Number(of(row)), 0);
const figures = ({ net, margin }: { net: unknown; margin: unknown }) => ({
	net: Number(net),
	margin: Number(margin)
});
const records = (csv: string): Record<string, string>[] => parse(csv, { bom: true, columns: true });

/** Net sales and contribution margin of an organization's one order, as every page, export and answer of the API tells them. */
export async function toldEverywhere(sold: Sold): Promise<Told> {
	const parts = await Promise.all([
		ofProfit(sold),
		ofTrends(sold),
		ofOrders(sold),
		ofCustomers(sold),
		ofApi(sold)
	]);
	return Object.assign({}, ...parts);
}

async function ofProfit({ ctx, orderId, productId }: Sold): Promise<Told> {
	const earned = await profit(ctx, filtersSchema.parse({ range }), NOW);
	const { profit: sums, sales, ...parts } = await revenue(ctx, revenueSchema.parse({ range }), NOW);
	const [performance] = (await productAnalytics(ctx, productAnalyticsSchema.parse({ range }), NOW)).products;
	const depth = await productDepth(ctx, productId, range, NOW);
	const seen = await dashboard(ctx, filtersSchema.parse({ range }), NOW);
	return {
		profit: figures(earned.totals),
		'profit by product': figures(earned.products[0]!),
		'profit by channel': figures(earned.channels[0]!),
		'profit over time': {
			net: sum(earned.series, (at) => at.net),
			margin: sum(earned.series, (at) => at.margin)
		},
		'profit of the order': figures((await orderProfit(ctx, orderId, NOW))!.sums),
		revenue: figures(sums.totals),
		'revenue over time': { net: sum(sales.series, (at) => at.value) },
		...Object.fromEntries(
			Object.entries(parts).map(([name, part]) => [
				`revenue, ${name}`,
				{ net: sum(part!.groups, (group) => group.value) }
			])
		),
		'product performance': figures({ net: performance!.netSales, margin: performance!.margin }),
		'product page': figures({ net: depth.performance.netSales, margin: depth.performance.margin }),
		'product page over time': {
			net: sum(depth.series, (at) => at.netSales),
			margin: sum(depth.series, (at) => at.margin)
		},
		dashboard: { net: Number(seen.totals.net) },
		'dashboard over time': {
			net: sum(seen.series, (at) => at.net)
		},
		'dashboard, channels': { net: sum(seen.channels, (row) => row.net) },
		'dashboard, products': { net: sum(seen.products, (row) => row.net) }
	};
}

async function ofTrends({ ctx, reportId }: Sold): Promise<Told> {
	const of = async (metric: TrendMetric) =>
		Number((await trend(ctx, trendSchema.parse({ metric, range }), NOW)).total.value);
	const csv = async (metric: TrendMetric, group: string) => {
		const told = await exportTrend(ctx, trendSchema.parse({ metric, range, dimension: 'product' }), NOW);
		return sum(
			records(told.csv).filter((row) => row.group === group),
			(row) => row.value
		);
	};
	const { text } = await previewReport(ctx, reportId, FEBRUARY);
	const mailed = (name: string) => Number(new RegExp(`${name}: \\$([\\d.]+)`).exec(text)?.[1]);
	return {
		trend: { net: await of('net_sales'), margin: await of('contribution_margin') },
		'trend, csv': { net: await csv('net_sales', 'All'), margin: await csv('contribution_margin', 'All') },
		'trend, csv of the product': {
			net: await csv('net_sales', 'Mug'),
			margin: await csv('contribution_margin', 'Mug')
		},
		goal: { net: Number((await listGoals(ctx, NOW))[0]!.value) },
		'report by mail': { net: mailed('Net sales'), margin: mailed('Contribution margin') }
	};
}

async function ofOrders({ ctx, orderId }: Sold): Promise<Told> {
	let csv = '';
	for await (const piece of await exportOrders(ctx)) csv += piece;
	return {
		orders: { net: sum((await listOrders(ctx)).orders, (order) => order.net) },
		'orders, sum': { net: sum((await countOrders(ctx)).net!, (row) => row.amount) },
		'orders, csv': { net: sum(records(csv), (row) => row.net) },
		'order page': { net: Number((await getOrder(ctx, orderId)).net) }
	};
}

async function ofCustomers({ ctx, customerId }: Sold): Promise<Told> {
	const overview = await customersOverview(ctx, { range }, NOW);
	const { newNet, returningNet, unidentifiedNet } = overview.range;
	const { cohorts } = await customerCohorts(ctx, {}, NOW);
	const { figures: own, orders } = await getCustomer(ctx, customerId, NOW);
	return {
		customers: { net: Number(newNet) + Number(returningNet) + Number(unidentifiedNet) },
		'customers over time': {
			net: sum(
				overview.series,
				(at) => Number(at.newNet) + Number(at.returningNet) + Number(at.unidentifiedNet)
			)
		},
		'lifetime value': { net: Number(overview.realisedLtv) },
		'lifetime value by channel': { net: Number(overview.channels[0]!.realisedLtv) },
		cohorts: { net: sum(cohorts, (cohort) => cohort.revenue) },
		'cohorts, cells': { net: sum(cohorts, (cohort) => sum(cohort.cells, (cell) => cell.revenue)) },
		'cohorts, lifetime value': { net: Number(cohorts.at(-1)!.ltv) },
		segments: { net: sum((await customerSegments(ctx, {}, NOW)).segments, (segment) => segment.net) },
		'customer list': { net: Number((await listCustomers(ctx, {}, NOW)).customers[0]!.net) },
		'customer page': { net: Number(own!.net) },
		'customer page, months': { net: sum(own!.byMonth, (month) => month.net) },
		'customer page, orders': { net: sum(orders, (order) => order.net) }
	};
}

async function ofApi({ token, orderId }: Sold): Promise<Told> {
	const get = async (path: string) => {
		const got = await send(path, { token });
		expect([path, got.status]).toEqual([path, 200]);
		return got;
	};
	const about = async (path: string) =>
		(await get(`/${path}${path.includes('?') ? '&' : '?'}from=${range.from}&to=${range.to}`)).json;
	const metrics = await about('dashboard/metrics');
	const product = (await about('analytics/products')).data[0];
	const customers = await about('analytics/customers');
	const { cohorts } = (await get('/analytics/cohorts?months=60')).json;
	const trended = async (metric: TrendMetric) =>
		(await about(`analytics/trends?metric=${metric}`)).total.value;
	return {
		'api: metrics': { net: metrics.total_revenue },
		'api: metrics by channel': { net: metrics.revenue_by_channel.shopify },
		'api: top products': { net: metrics.top_products[0].revenue },
		'api: revenue': figures((await about('analytics/revenue')).totals),
		'api: products': figures({ net: product.net_sales, margin: product.margin }),
		'api: trends': { net: await trended('net_sales'), margin: await trended('contribution_margin') },
		'api: customers': {
			net: customers.range.new_net + customers.range.returning_net + customers.range.unidentified_net
		},
		'api: lifetime value': { net: customers.realised_ltv },
		'api: segments': { net: sum(customers.segments as { net: number }[], (segment) => segment.net) },
		'api: cohorts': { net: sum(cohorts as { revenue: number }[], (cohort) => cohort.revenue) },
		'api: orders': { net: sum((await get('/orders')).json.data as { net: number }[], (order) => order.net) },
		'api: order': { net: (await get(`/orders/${orderId}`)).json.net },
		'api: orders, csv': { net: sum(records((await get('/orders/export')).text), (row) => row.net) }
	};
}
