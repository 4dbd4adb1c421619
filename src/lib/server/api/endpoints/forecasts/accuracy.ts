import { z } from 'zod';
import { CHANNELS } from '#lib/contracts/channels.ts';
import { ACCURACY_SORTS } from '#lib/contracts/forecast-pages.ts';
import { LEVELS } from '#lib/contracts/forecasts.ts';
import { accuracyReport } from '../../../forecasting/index.ts';
import { endpoint } from '../../endpoint.ts';
import { paging, readPage, writePage } from '../../paging.ts';
import { SAMPLE } from '../../samples.ts';
import { figures, sampleFigures } from './fields.ts';

export const accuracyEndpoint = endpoint({
	method: 'GET',
	path: '/forecast/accuracy',
	name: 'getForecastAccuracy',
	tag: 'Forecasts',
	summary: 'How far forecasts of the past were off',
	description:
		'Judged are the 30 days after each of several past origins, by models that knew no later day. `pooled` adds up the misses and units of all series of the level.',
	permission: 'analytics.read',
	query: z.strictObject({
		level: z.enum(LEVELS).default('product'),
		search: z
			.string()
			.trim()
			.max(100)
			.default('')
			.meta({ description: 'Part of a title, or the beginning of a SKU.' }),
		sort: z.enum(ACCURACY_SORTS).default('units'),
		direction: z.enum(['asc', 'desc']).default('desc'),
		...paging
	}),
	answer: z.strictObject({
		pooled: figures.nullable(),
		count: z.int(),
		no_better_than_naive: z.int(),
		unjudged: z.int().meta({ description: 'With a forecast, but too short a past to be judged.' }),
		origins: z.array(z.string()),
		data: z.array(
			z.strictObject({
				level: z.enum(LEVELS),
				product_id: z.string().nullable(),
				channel: z.enum(CHANNELS).nullable(),
				category: z.string().nullable(),
				sku: z.string().nullable(),
				title: z.string().nullable(),
				units: z.number().meta({ description: 'Sold on the judged days.' }),
				figures,
				naive_wape: z.number().nullable(),
				best_model: z.string().nullable()
			})
		),
		next_cursor: z.string().nullable()
	}),
	examples: [
		{
			name: 'Products, those that sell most first',
			answer: {
				pooled: sampleFigures,
				count: 1,
				no_better_than_naive: 0,
				unjudged: 0,
				origins: ['2026-08-17', '2026-09-16', '2026-10-16'],
				data: [
					{
						level: 'product',
						product_id: SAMPLE.product,
						channel: null,
						category: 'Kitchen',
						sku: 'MUG-BLUE',
						title: 'Mug, blue',
						units: 1976,
						figures: sampleFigures,
						naive_wape: 0.47,
						best_model: 'prophet'
					}
				],
				next_cursor: null
			}
		},
		{ name: 'Channels', query: { level: 'channel' } }
	],
	async handle({ ctx, query: { cursor, limit, ...query } }) {
		const sorted = `${query.level} ${query.sort} ${query.direction}`;
		const page = readPage(cursor, limit, sorted);
		const report = await accuracyReport(ctx, { ...query, page, limit });
		return {
			...report,
			data: report.rows.map((row) => ({ ...row, best_model: row.winner })),
			next_cursor: page * limit < report.count ? writePage(page + 1, limit, sorted) : null
		};
	}
});
