import { z } from 'zod';
import { GRANULARITIES } from '#lib/contracts/analytics.ts';
import { CHANNELS } from '#lib/contracts/channels.ts';
import { SEGMENTS } from '#lib/contracts/customers.ts';
import { DIMENSIONS } from '#lib/contracts/metrics/declaration.ts';
import { METRICS } from '#lib/contracts/metrics/index.ts';
import { PRODUCT_SORTS, PRODUCTS_PAGE } from '#lib/contracts/product-analytics.ts';
import { TREND_METRICS } from '#lib/contracts/trends.ts';
import {
	customerCohorts,
	customerSegments,
	customersOverview,
	productAnalytics,
	revenue,
	trend
} from '../../analytics/index.ts';
import { endpoint } from '../endpoint.ts';
import { uuidOr404 } from '../ids.ts';
import { named } from '../names.ts';
import { paging, readPage, writePage } from '../paging.ts';
import { narrowingQuery, periodAnswer, periodQuery, rangeOf } from '../period.ts';
import { amountText, money } from '../shape.ts';

const asOf = {
	as_of: z.string(),
	position: z.int().meta({ description: 'Events up to this one are in the figures.' }),
	currency: z.string()
};
const percent = () => z.number().meta({ description: 'Percent.' }).nullable();
const channel = z.enum(CHANNELS);
const by = z
	.enum(GRANULARITIES)
	.default('day')
	.meta({ description: 'Coarser where the range is too long for it.' });

const sums = {
	gross: money(),
	discounts: money(),
	refunds: money(),
	net: money('gross - discounts - refunds.'),
	shipping: money('What buyers paid for shipping, less what was given back.'),
	cogs: money('Cost of the pieces sold.'),
	fees: money(),
	fees_estimated: money('Fees that the channel has not told yet, as estimated.'),
	labels: money('What shipping cost.'),
	labels_estimated: money(),
	ads: money('Null where nobody has told.').nullable(),
	other: money(),
	margin: money('Contribution margin.'),
	margin_percent: percent(),
	units: z.int(),
	units_without_cost: z.int().meta({ description: 'The margin is too high by their cost.' })
};

const part = z.strictObject({
	count: z.int().meta({ description: 'How many there are; the first of them stand here.' }),
	data: z.array(
		z.strictObject({
			key: z.string(),
			label: z.string(),
			net: money().nullable(),
			previous_net: money().nullable(),
			share: percent()
		})
	)
});

const revenueEndpoint = endpoint({
	method: 'GET',
	path: '/analytics/revenue',
	name: 'getRevenue',
	tag: 'Analytics',
	summary: 'From gross to contribution margin, over time and by everything it can be split by',
	permission: 'analytics.read',
	query: z.strictObject({ ...periodQuery, by, ...narrowingQuery }),
	answer: z.strictObject({
		...asOf,
		period: periodAnswer,
		by: z.enum(GRANULARITIES),
		cost_method: z.enum(['average', 'fifo']),
		totals: named('RevenueSums', z.strictObject(sums)),
		previous: z.strictObject(sums).meta({ description: 'The period before, in whole days.' }),
		series: z.array(
			z.strictObject({ at: z.string(), net: money().nullable(), previous_net: money().nullable() })
		),
		channels: z.array(z.strictObject({ channel, ...sums })),
		categories: part,
		countries: part,
		regions: part,
		customers: part.nullable().meta({ description: 'New against returning; null for members with limits.' })
	}),
	examples: [
		{ name: 'The last 30 days' },
		{ name: 'A channel by week', query: { range: 'last-90-days', by: 'week', channels: 'shopify' } }
	],
	async handle({ ctx, query }) {
		const { range: _r, from: _f, to: _t, ...rest } = query;
		const { profit, sales, ...parts } = await revenue(ctx, { ...rest, range: rangeOf(query) });
		const partOf = (one: typeof parts.categories) => ({
			count: one.groupCount,
			data: one.groups.map((group) => ({ ...group, net: group.value, previousNet: group.previous }))
		});
		return {
			...profit,
			period: sales.period,
			by: sales.by,
			series: sales.series.map(({ at, value, previous }) => ({ at, net: value, previousNet: previous })),
			categories: partOf(parts.categories),
			countries: partOf(parts.countries),
			regions: partOf(parts.regions),
			customers: parts.customers && partOf(parts.customers)
		};
	}
});

const products = endpoint({
	method: 'GET',
	path: '/analytics/products',
	name: 'getProductAnalytics',
	tag: 'Analytics',
	summary: 'How products do, best or worst first',
	description: `At most ${PRODUCTS_PAGE} on a page. Stock is of now, whatever the range.`,
	permission: 'analytics.read',
	query: z.strictObject({
		...periodQuery,
		...narrowingQuery,
		sort: z.enum(PRODUCT_SORTS).default('net_sales'),
		order: z.enum(['desc', 'asc']).default('desc'),
		cursor: paging.cursor
	}),
	answer: z.strictObject({
		...asOf,
		period: periodAnswer,
		count: z.int(),
		data: z.array(
			named(
				'ProductPerformance',
				z.strictObject({
					product_id: z.string(),
					sku: z.string(),
					title: z.string(),
					category: z.string().nullable(),
					channels: z.array(channel),
					net_sales: money(),
					previous_net_sales: money(),
					units: z.int(),
					previous_units: z.int(),
					margin: money(),
					margin_percent: percent(),
					units_without_cost: z.int(),
					average_price: money().nullable(),
					velocity: z.number().meta({ description: 'Pieces a day.' }),
					available: z.int().nullable().meta({ description: 'Null where no stock is told.' }),
					sell_through: percent(),
					days_of_cover: z.number().nullable(),
					sessions: z.int().nullable(),
					conversion: percent(),
					return_rate: percent(),
					trend: percent()
				})
			)
		),
		next_cursor: z.string().nullable()
	}),
	examples: [
		{ name: 'Best sellers' },
		{ name: 'The worst margins', query: { sort: 'contribution_margin', order: 'asc', range: 'this-month' } }
	],
	async handle({ ctx, query }) {
		const { range: _r, from: _f, to: _t, cursor, ...rest } = query;
		const page = readPage(cursor, PRODUCTS_PAGE);
		const view = await productAnalytics(ctx, { ...rest, page, range: rangeOf(query) });
		const more = page * view.pageSize < view.count;
		return { ...view, data: view.products, nextCursor: more ? writePage(page + 1, PRODUCTS_PAGE) : null };
	}
});

const projection = z.strictObject({
	method: z.literal('chain-ladder'),
	horizon_months: z.literal(12),
	ltv: money(
		'Mean spending of a customer in the first twelve months; null without enough history.'
	).nullable(),
	curve: z.array(z.strictObject({ month: z.int(), per_customer: money(), cohorts: z.int() })),
	back_test: z
		.strictObject({
			as_of: z.string(),
			months: z.int(),
			cohorts: z.int(),
			projected: money(),
			actual: money(),
			error_percent: percent(),
			naive_error_percent: percent()
		})
		.nullable()
		.meta({ description: 'How the method would have done.' })
});
const unidentified = z
	.strictObject({ orders: z.int(), unidentified: z.int() })
	.meta({ description: 'Orders whose buyer cannot be known again: in no figure about customers.' });
const segmentFields = {
	segment: z.enum(SEGMENTS),
	customers: z.int(),
	orders: z.int(),
	net: money(),
	average: money(),
	days_since_last: z.number().meta({ description: 'Median.' })
};

const customers = endpoint({
	method: 'GET',
	path: '/analytics/customers',
	name: 'getCustomerAnalytics',
	tag: 'Analytics',
	summary: 'Lifetime value, repeat purchases, acquisition cost and segments',
	description:
		'A customer is a person over all connections, by the channel of the first order. Customers, rates and lifetime values are of all time; new customers, spend and CAC of the range. Members with limits see no customers.',
	permission: 'customers.read',
	query: z.strictObject({
		...periodQuery,
		by: z.enum(['day', 'week', 'month']).default('month'),
		channels: narrowingQuery.channels
	}),
	answer: z.strictObject({
		...asOf,
		period: periodAnswer,
		by: z.enum(['day', 'week', 'month']),
		customers: z.int(),
		repeat_customers: z.int(),
		repeat_rate: percent(),
		realised_ltv: money().nullable(),
		orders_per_customer: z.number().nullable(),
		second_order: z.strictObject({
			customers: z.int(),
			median_days: z.number().nullable(),
			buckets: z.array(z.strictObject({ from: z.int(), to: z.int().nullable(), customers: z.int() }))
		}),
		range: z.strictObject({
			new_customers: z.int(),
			returning_customers: z.int(),
			new_net: money(),
			returning_net: money(),
			unidentified_net: money(),
			new_orders: z.int(),
			returning_orders: z.int()
		}),
		series: z.array(
			z.strictObject({
				at: z.string(),
				new_net: money(),
				returning_net: money(),
				unidentified_net: money(),
				new_customers: z.int(),
				new_orders: z.int(),
				returning_orders: z.int()
			})
		),
		channels: z.array(
			z.strictObject({
				channel,
				customers: z.int(),
				realised_ltv: money().nullable(),
				new_customers: z.int(),
				spend: money().nullable(),
				cac: money().nullable(),
				projected_ltv: money().nullable(),
				ltv_to_cac: z.number().nullable(),
				margin_to_cac: z.number().nullable()
			})
		),
		spend: z.strictObject({
			total: money().nullable(),
			cac: money().nullable(),
			ltv_to_cac: z.number().nullable()
		}),
		projection,
		segments: z
			.array(z.strictObject(segmentFields))
			.meta({ description: 'RFM, of all customers as of today.' }),
		unidentified
	}),
	examples: [{ name: 'The last 12 months', query: { range: 'last-12-months' } }],
	async handle({ ctx, query }) {
		const { by: step, channels } = query;
		const [view, { segments }] = await Promise.all([
			customersOverview(ctx, { by: step, channels, range: rangeOf(query) }),
			customerSegments(ctx, { channels })
		]);
		return { ...view, segments };
	}
});

const cohorts = endpoint({
	method: 'GET',
	path: '/analytics/cohorts',
	name: 'getCohorts',
	tag: 'Analytics',
	summary: 'Monthly cohorts: who came again, and what they spent',
	permission: 'customers.read',
	query: z.strictObject({
		months: z
			.int()
			.min(1)
			.max(60)
			.default(12)
			.meta({ description: 'The latest so many months of first orders.' }),
		channels: narrowingQuery.channels
	}),
	answer: z.strictObject({
		...asOf,
		time_zone: z.string(),
		first: z.string(),
		last: z.string(),
		cohorts: z.array(
			named(
				'Cohort',
				z.strictObject({
					month: z.string().meta({ description: 'First day of the month of the first order.' }),
					customers: z.int(),
					revenue: money(),
					ltv: money(),
					projected_ltv: money().nullable(),
					repeat_rate: z.number(),
					cells: z.array(
						z.strictObject({
							month: z.int().meta({ description: '0 is the month of the first order.' }),
							active: z.int(),
							retention: z.number().meta({ description: 'active / customers in percent.' }),
							revenue: money(),
							cumulative: money('Spent per customer up to this month.'),
							running: z.boolean()
						})
					)
				})
			)
		),
		average: z.array(z.strictObject({ month: z.int(), retention: z.number(), customers: z.int() })),
		projection,
		unidentified
	}),
	examples: [
		{ name: 'A year of cohorts' },
		{ name: 'Of Shopify', query: { months: '6', channels: 'shopify' } }
	],
	handle: ({ ctx, query }) => customerCohorts(ctx, query)
});

const value = z.number().nullable();

const trends = endpoint({
	method: 'GET',
	path: '/analytics/trends',
	name: 'getTrend',
	tag: 'Analytics',
	summary: 'Any metric over time by any dimension, beside the period or the year before',
	description:
		'`unit` says what the values are: amounts have the currency’s digits. A metric that cannot be split by the dimension answers 400 and says so; GET /analytics/metrics lists what each can be split by.',
	permission: 'analytics.read',
	query: z.strictObject({
		metric: z.enum(TREND_METRICS).default('net_sales'),
		dimension: z.enum(DIMENSIONS).optional(),
		compare: z.enum(['previous', 'year', 'none']).default('previous'),
		...periodQuery,
		by,
		...narrowingQuery,
		countries: z.array(z.string().max(100)).max(60).default([]),
		product_id: z.string().max(100).optional(),
		order: z.enum(['desc', 'asc']).default('desc'),
		cursor: paging.cursor
	}),
	refusals: { 404: 'There is no such product.' },
	answer: z.strictObject({
		...asOf,
		metric: z.string(),
		unit: z.enum(['money', 'count', 'percent', 'days', 'ratio']),
		dimension: z.string().nullable(),
		compare: z.enum(['previous', 'year', 'none']),
		by: z.enum(GRANULARITIES),
		period: periodAnswer,
		total: z.strictObject({ value, previous: value }),
		series: z.array(z.strictObject({ at: z.string(), value, previous: value })),
		groups: z.array(
			z.strictObject({
				key: z.string(),
				label: z.string(),
				value,
				previous: value,
				share: percent(),
				values: z.array(value).meta({ description: 'By bucket, as `series`.' })
			})
		),
		group_count: z.int(),
		unconverted: z.array(z.string()).meta({ description: 'Currencies whose money waits for a rate.' }),
		next_cursor: z.string().nullable().meta({ description: 'For the next groups.' })
	}),
	examples: [
		{ name: 'Net sales by channel', query: { dimension: 'channel' } },
		{ name: 'Orders against last year', query: { metric: 'orders', compare: 'year', range: 'last-7-days' } },
		{
			name: 'A split that is not known',
			query: { metric: 'channel_fees', dimension: 'country' },
			status: 400
		}
	],
	async handle({ ctx, query }) {
		const { range: _r, from: _f, to: _t, cursor, product_id: productId, dimension, ...rest } = query;
		const page = readPage(cursor, PRODUCTS_PAGE);
		const view = await trend(ctx, {
			...rest,
			range: rangeOf(query),
			dimension: dimension ?? null,
			products: productId === undefined ? [] : [uuidOr404(productId, 'This product')],
			page
		});
		const text = (amount: string | null) =>
			amount !== null && view.unit === 'money' ? amountText(amount, view.currency) : amount;
		const told = <Given extends { value: string | null; previous: string | null }>(one: Given) => ({
			...one,
			value: text(one.value),
			previous: text(one.previous)
		});
		return {
			...view,
			total: told(view.total),
			series: view.series.map(told),
			groups: view.groups.map((group) => ({ ...told(group), values: group.values.map(text) })),
			nextCursor: page * view.pageSize < view.groupCount ? writePage(page + 1, PRODUCTS_PAGE) : null
		};
	}
});

const metrics = endpoint({
	method: 'GET',
	path: '/analytics/metrics',
	name: 'listMetrics',
	tag: 'Analytics',
	summary: 'What each figure means',
	description:
		'The one list that pages, exports and this API read: definition, formula, unit, and what it can be split by.',
	permission: 'analytics.read',
	answer: z.strictObject({
		data: z.array(
			named(
				'Metric',
				z.strictObject({
					id: z.string(),
					name: z.string(),
					definition: z.string(),
					formula: z.string(),
					unit: z.enum(['money', 'count', 'percent', 'days', 'ratio']),
					dimensions: z.array(z.enum(DIMENSIONS)),
					source: z.string(),
					exact: z.boolean(),
					note: z.string().nullable()
				})
			)
		)
	}),
	examples: [
		{
			name: 'All figures',
			answer: {
				data: [
					{
						id: 'net_sales',
						name: 'Net sales',
						definition: 'Item prices without tax, less discounts and refunds.',
						formula: 'gross sales - discounts - refunds',
						unit: 'money',
						dimensions: ['channel', 'product', 'category', 'country', 'region', 'customer'],
						source: 'Orders and refunds of all channels',
						exact: true,
						note: null
					}
				]
			}
		}
	],
	handle: () => ({ data: METRICS })
});

export const analyticsEndpoints = [revenueEndpoint, products, customers, cohorts, trends, metrics];
