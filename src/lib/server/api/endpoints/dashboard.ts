import { z } from 'zod';
import { CHANNELS } from '#lib/contracts/channels.ts';
import { filtersSchema } from '#lib/contracts/analytics.ts';
import { dashboard } from '../../analytics/index.ts';
import { lowStock } from '../../inventory/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { endpoint } from '../endpoint.ts';
import { named } from '../names.ts';
import { narrowingQuery } from '../narrowing.ts';
import { periodAnswer, periodQuery, rangeOf } from '../period.ts';
import { SAMPLE } from '../samples.ts';
import { money } from '../shape.ts';
import { lowProduct } from './inventory.ts';

const ALERTS = 50;

const query = z.strictObject({
	...periodQuery,
	...narrowingQuery,
	countries: z.array(z.string().max(100)).max(60).default([]).meta({ description: 'ISO 3166-1 alpha-2.' })
});

const byChannel = Object.fromEntries(CHANNELS.map((channel) => [channel, money().optional()]));

/** The dashboard's figures: what GET dashboard/metrics answers and stream/dashboard sends. */
export const metricsAnswer = named(
	'DashboardMetrics',
	z.strictObject({
		as_of: z.string().meta({ description: 'The instant at which the figures were true.' }),
		position: z.int().meta({
			description: 'Counts every change of the organization: events up to this one are in the figures.'
		}),
		currency: z.string(),
		period: periodAnswer,
		total_revenue: money('Net sales: gross - discounts - refunds.'),
		previous_revenue: money('Net sales of the period before.'),
		gross: money(),
		discounts: money(),
		refunds: money(),
		total_orders: z.int(),
		total_units: z.int(),
		avg_order_value: money('(gross - discounts) / orders with a price.').nullable(),
		revenue_by_channel: z
			.strictObject(byChannel)
			.meta({ description: 'Net sales of each channel that has any.' }),
		top_products: z.array(
			z.strictObject({
				product_id: z.string(),
				sku: z.string(),
				title: z.string(),
				category: z.string().nullable(),
				revenue: money(),
				units: z.int(),
				previous_revenue: money()
			})
		),
		low_stock_alerts: z
			.array(lowProduct)
			.meta({ description: `At most ${ALERTS}, the fewest pieces first.` }),
		low_stock_count: z.int(),
		orders_awaiting_price: z.int().meta({ description: 'Counted in orders, left out of money.' }),
		unconverted: z.array(z.strictObject({ currency: z.string(), orders: z.int() })).meta({
			description: 'Orders whose money waits for an exchange rate; in no sum.'
		})
	})
);

/** The figures of a query, for a request and for streams. */
export async function metricsOf(ctx: Ctx, asked: z.output<typeof query>): Promise<object> {
	const { range: _range, from: _from, to: _to, ...narrowing } = asked;
	const filters = filtersSchema.parse({ ...narrowing, range: rangeOf(asked) });
	const [view, stock] = await Promise.all([dashboard(ctx, filters), lowStock(ctx, { limit: ALERTS })]);
	return {
		...view,
		...view.totals,
		totalRevenue: view.totals.net,
		previousRevenue: view.previous.net,
		totalOrders: view.totals.orders,
		totalUnits: view.totals.units,
		avgOrderValue: view.totals.averageOrder,
		revenueByChannel: Object.fromEntries(view.channels.map(({ channel, net }) => [channel, net])),
		topProducts: view.products.map((product) => ({
			...product,
			revenue: product.net,
			previousRevenue: product.previousNet
		})),
		lowStockAlerts: stock.products,
		lowStockCount: stock.count,
		ordersAwaitingPrice: view.awaitingPrice
	};
}

/** The figures as a stream sends them: of the usual range. */
export const usualMetrics = (ctx: Ctx) => metricsOf(ctx, query.parse({}));

const sample = {
	as_of: '2026-11-20T18:30:00.000Z',
	position: 48120,
	currency: 'USD',
	period: {
		from: '2026-10-22',
		to: '2026-11-20',
		previous_from: '2026-09-22',
		previous_to: '2026-10-21',
		running: true,
		time_zone: 'America/New_York'
	},
	total_revenue: 125430.5,
	previous_revenue: 118200.25,
	gross: 139870.0,
	discounts: 9210.4,
	refunds: 5229.1,
	total_orders: 1843,
	total_units: 2790,
	avg_order_value: 70.89,
	revenue_by_channel: { amazon: 65230.25, shopify: 42100.15, walmart: 18100.1 },
	top_products: [
		{
			product_id: SAMPLE.product,
			sku: 'MUG-BLUE',
			title: 'Mug, blue',
			category: 'Kitchen',
			revenue: 8420.5,
			units: 421,
			previous_revenue: 7210.0
		}
	],
	low_stock_alerts: [
		{
			product_id: SAMPLE.product,
			sku: 'MUG-BLUE',
			title: 'Mug, blue',
			category: 'Kitchen',
			available: 4,
			reorder_point: 10
		}
	],
	low_stock_count: 1,
	orders_awaiting_price: 0,
	unconverted: []
};

const metrics = endpoint({
	method: 'GET',
	path: '/dashboard/metrics',
	name: 'getDashboardMetrics',
	tag: 'Dashboard',
	summary: 'The figures of the dashboard',
	description: 'As of one moment, in the organization’s currency. A refund counts on its own day.',
	permission: 'analytics.read',
	query,
	answer: metricsAnswer,
	examples: [
		{ name: 'The last 30 days', answer: sample },
		{ name: 'A channel’s week', query: { range: 'last-7-days', channels: 'shopify' } },
		{ name: 'Certain days', query: { from: '2026-11-01', to: '2026-11-15' } },
		{ name: 'Half a range', query: { from: '2026-11-01' }, status: 400 }
	],
	handle: ({ ctx, query: asked }) => metricsOf(ctx, asked)
});

export const dashboardEndpoints = [metrics];
