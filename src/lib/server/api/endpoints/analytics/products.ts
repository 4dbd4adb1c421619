import { z } from 'zod';
import { PRODUCT_SORTS, PRODUCTS_PAGE } from '#lib/contracts/product-analytics.ts';
import { productAnalytics } from '../../../analytics/index.ts';
import { endpoint } from '../../endpoint.ts';
import { named } from '../../names.ts';
import { paging, readPage, writePage } from '../../paging.ts';
import { narrowingQuery } from '../../narrowing.ts';
import { periodAnswer, periodQuery, rangeOf } from '../../period.ts';
import { money } from '../../shape.ts';
import { asOf, channel, percent } from './fields.ts';
import { sampleProducts } from './samples.ts';

export const productsEndpoint = endpoint({
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
					previous_net_sales: money('Of the period before, to the same clock time while it is running.'),
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
		{ name: 'Best sellers', answer: sampleProducts },
		{ name: 'The worst margins', query: { sort: 'contribution_margin', order: 'asc', range: 'this-month' } }
	],
	async handle({ ctx, query }) {
		const { range: _r, from: _f, to: _t, cursor, ...rest } = query;
		const sorted = `${query.sort} ${query.order}`;
		const page = readPage(cursor, PRODUCTS_PAGE, sorted);
		const view = await productAnalytics(ctx, { ...rest, page, range: rangeOf(query) });
		const more = page * view.pageSize < view.count;
		return {
			...view,
			data: view.products,
			nextCursor: more ? writePage(page + 1, PRODUCTS_PAGE, sorted) : null
		};
	}
});
