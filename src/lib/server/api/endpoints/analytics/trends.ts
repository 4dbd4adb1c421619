import { z } from 'zod';
import { GRANULARITIES } from '#lib/contracts/analytics.ts';
import { DIMENSIONS } from '#lib/contracts/metrics/declaration.ts';
import { PRODUCTS_PAGE } from '#lib/contracts/product-analytics.ts';
import { TREND_METRICS } from '#lib/contracts/trends.ts';
import { trend } from '../../../analytics/index.ts';
import { endpoint } from '../../endpoint.ts';
import { uuidOr404 } from '../../ids.ts';
import { paging, readPage, writePage } from '../../paging.ts';
import { narrowingQuery } from '../../narrowing.ts';
import { periodAnswer, periodQuery, rangeOf } from '../../period.ts';
import { amountText } from '../../shape.ts';
import { asOf, by, percent } from './fields.ts';
import { sampleTrend } from './samples.ts';

const value = z.number().nullable();

export const trendsEndpoint = endpoint({
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
		{
			name: 'Net sales by channel',
			query: { dimension: 'channel', from: '2026-11-19', to: '2026-11-20' },
			answer: sampleTrend
		},
		{ name: 'Orders against last year', query: { metric: 'orders', compare: 'year', range: 'last-7-days' } },
		{
			name: 'A split that is not known',
			query: { metric: 'channel_fees', dimension: 'country' },
			status: 400
		}
	],
	async handle({ ctx, query }) {
		const { range: _r, from: _f, to: _t, cursor, product_id: productId, dimension, ...rest } = query;
		const sorted = `${query.metric} ${dimension} ${query.order}`;
		const page = readPage(cursor, PRODUCTS_PAGE, sorted);
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
			nextCursor: page * view.pageSize < view.groupCount ? writePage(page + 1, PRODUCTS_PAGE, sorted) : null
		};
	}
});
