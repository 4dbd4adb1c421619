import { z } from 'zod';
import { CHANNELS } from '#lib/contracts/channels.ts';
import { ACCURACY_SORTS, type ProductForecastView } from '#lib/contracts/forecast-pages.ts';
import { MODELS } from '#lib/contracts/forecast-views.ts';
import { LEVELS, type BandView, type Horizon, type TotalView } from '#lib/contracts/forecasts.ts';
import { dayAfter, firstDays, spreadOf, totalOver } from '#lib/contracts/scenarios.ts';
import {
	accuracyReport,
	generateForecast,
	productForecast,
	productOverrides
} from '../../forecasting/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { NotFound } from '../../platform/errors.ts';
import { endpoint } from '../endpoint.ts';
import { idParams, uuidOr404 } from '../ids.ts';
import { named } from '../names.ts';
import { paging, readPage, writePage } from '../paging.ts';
import { SAMPLE } from '../samples.ts';

const horizonDays = z
	.int({ error: 'must be 30, 60 or 90.' })
	.min(30, { error: 'must be 30, 60 or 90.' })
	.max(90, { error: 'must be 30, 60 or 90.' })
	.multipleOf(30, { error: 'must be 30, 60 or 90.' })
	.default(30);

const range = { lower_80: z.number(), upper_80: z.number(), lower_95: z.number(), upper_95: z.number() };
const interval = z.strictObject(range).nullable();

const day = named(
	'ForecastDay',
	z.strictObject({
		day: z.string(),
		units: z.number().meta({ description: 'Expected. A fraction is a chance of a piece.' }),
		interval: interval.meta({
			description: 'Ranges in which 80 and 95 of 100 days end. Null where intervals were not asked for.'
		})
	})
);

const notes = z.array(z.enum(['no_sales', 'short_history', 'from_category', 'not_better_than_naive']));

const said = {
	product_id: z.string(),
	sku: z.string(),
	title: z.string(),
	horizon_days: z.int(),
	origin: z.string().meta({ description: 'The last day known, in the organization’s time zone.' }),
	made_at: z.string(),
	total_predicted_units: z.number(),
	total_interval: interval.meta({
		description:
			'Of the sum: narrower than the sum of the days’ ranges, as far as days of the past missed independently.'
	}),
	days: z.array(day),
	notes: notes.meta({ description: 'Why the figure is not an ordinary one.' })
};

const figures = named(
	'ForecastAccuracy',
	z.strictObject({
		wape: z.number().nullable().meta({ description: 'Sum of absolute errors of days over units sold.' }),
		wape_week: z.number().nullable(),
		mae: z.number().nullable().meta({ description: 'Units a day.' }),
		mape: z.number().nullable().meta({ description: 'Null where too many days sold nothing.' }),
		r2: z.number().nullable(),
		mase: z.number().nullable(),
		bias: z.number().nullable().meta({ description: '(forecast - sold) / sold of totals.' }),
		cover80: z.number().nullable().meta({ description: 'Share of days inside the 80% range.' }),
		cover95: z.number().nullable(),
		skill: z
			.number()
			.nullable()
			.meta({ description: '1 - error / error of repeating the last week. 0 or less: no better than that.' }),
		days: z.int().meta({ description: 'Days judged.' })
	})
);

const stored = named(
	'ProductForecast',
	z.strictObject({
		...said,
		trained_at: z.string().nullable(),
		sold_before: z.number().nullable().meta({ description: 'Units of as many days before.' }),
		accuracy: figures.nullable().meta({ description: 'Null where its past is too short to be judged.' }),
		best_model: z.string().nullable().meta({ description: 'The single model with the least error.' }),
		overrides: z
			.array(
				z.strictObject({
					from_day: z.string(),
					to_day: z.string(),
					units: z.number(),
					model_units: z.number().nullable(),
					reason: z.string(),
					by: z.string().nullable(),
					at: z.string()
				})
			)
			.meta({ description: 'Figures that people set beside the model’s and that hold. Not in `days`.' })
	})
);

const sampleRange = { lower_80: 12.1, upper_80: 21.4, lower_95: 9.8, upper_95: 25.2 };
const sampleSaid = {
	product_id: SAMPLE.product,
	sku: 'MUG-BLUE',
	title: 'Mug, blue',
	horizon_days: 30,
	origin: '2026-11-20',
	made_at: '2026-11-21T10:02:11.000Z',
	total_predicted_units: 503.4,
	total_interval: { lower_80: 451.2, upper_80: 556.9, lower_95: 424.6, upper_95: 588.1 },
	days: [{ day: '2026-11-21', units: 16.7, interval: sampleRange }],
	notes: []
};
const sampleFigures = {
	wape: 0.34,
	wape_week: 0.17,
	mae: 5.6,
	mape: 0.41,
	r2: 0.22,
	mase: 0.81,
	bias: -0.03,
	cover80: 0.81,
	cover95: 0.95,
	skill: 0.27,
	days: 120
};
const sampleStored = {
	...sampleSaid,
	trained_at: '2026-11-15T11:20:40.000Z',
	sold_before: 471,
	accuracy: sampleFigures,
	best_model: 'prophet',
	overrides: [
		{
			from_day: '2026-11-27',
			to_day: '2026-11-30',
			units: 120,
			model_units: 84.2,
			reason: 'Gift guide in print',
			by: 'Devon Hart',
			at: '2026-11-18T17:05:00.000Z'
		}
	]
};

const generate = endpoint({
	method: 'POST',
	path: '/forecast/generate',
	name: 'generateForecast',
	tag: 'Forecasts',
	summary: 'Forecast a product by a model',
	description:
		'Answers from the stored models of the last run where they know the newest day, in milliseconds; else it is made now, within seconds. It is not kept: the nightly run makes the forecasts that stay and that add up over levels.',
	permission: 'forecasts.manage',
	body: z.strictObject({
		product_id: z.string({ error: 'Send the id of a product.' }).max(100),
		horizon_days: horizonDays,
		model: z
			.enum(MODELS)
			.default('ensemble')
			.meta({ description: 'ensemble: learned weights. fixed: Prophet 40, LSTM 40, ARIMA 20.' }),
		include_confidence_intervals: z.boolean().default(true)
	}),
	answer: z.strictObject({
		...said,
		model: z.enum(MODELS),
		version: z.int().meta({ description: 'The training whose weights it uses.' }),
		source: z
			.enum(['stored', 'made'])
			.meta({ description: 'Whether a run made it before, or this request did.' })
	}),
	refusals: {
		404: 'There is no such product.',
		409: 'The model cannot say anything of this product: a bundle, or too short a history.'
	},
	examples: [
		{
			name: 'A month of a product',
			body: { product_id: SAMPLE.product, horizon_days: 30, include_confidence_intervals: true },
			answer: { ...sampleSaid, model: 'ensemble', version: 7, source: 'stored' }
		},
		{
			name: 'Without ranges',
			body: { product_id: SAMPLE.product, horizon_days: 90, include_confidence_intervals: false }
		},
		{
			name: 'A horizon that is not offered',
			body: { product_id: SAMPLE.product, horizon_days: 45 },
			status: 400
		}
	],
	async handle({ ctx, body }) {
		const productId = uuidOr404(body.product_id, 'This product');
		const horizon = body.horizon_days as Horizon;
		const made = await generateForecast(ctx, { productId, horizon, model: body.model });
		const { forecast } = await productForecast(ctx, { productId, horizon });
		const total = totalOver(made.band, horizon, spreadOf(forecast?.past ?? [], horizon));
		return {
			...made,
			...made.series,
			...written(made.band, total, horizon, body.include_confidence_intervals)
		};
	}
});

const answerOf = {
	tag: 'Forecasts',
	permission: 'analytics.read',
	params: idParams,
	query: z.strictObject({ horizon_days: horizonDays }),
	answer: stored,
	refusals: { 404: 'There is no such product, or it has no forecast yet.' },
	handle: ({ ctx, params, query }: { ctx: Ctx; params: { id: string }; query: { horizon_days: number } }) =>
		storedForecast(ctx, params.id, query.horizon_days as Horizon)
} as const;
const examples = [
	{ name: 'A month', params: { id: SAMPLE.product }, answer: sampleStored },
	{ name: 'A quarter', params: { id: SAMPLE.product }, query: { horizon_days: '90' } },
	{ name: 'Of a product without one', params: { id: SAMPLE.unusedProduct }, status: 404 }
];

const byForecast = endpoint({
	...answerOf,
	method: 'GET',
	path: '/forecast/products/{id}',
	name: 'getForecast',
	summary: 'The stored forecast of a product',
	description: 'Made every night; with how far its past was off and what people set beside it.',
	examples
});

const byProduct = endpoint({
	...answerOf,
	method: 'GET',
	path: '/products/{id}/forecast',
	name: 'getProductForecast',
	summary: 'The stored forecast of a product, by the product',
	description: 'The same as GET forecast/products/{id}.',
	examples
});

const accuracy = endpoint({
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
		const page = readPage(cursor, limit);
		const report = await accuracyReport(ctx, { ...query, page, limit });
		return {
			...report,
			data: report.rows.map((row) => ({ ...row, best_model: row.winner })),
			next_cursor: page * limit < report.count ? writePage(page + 1, limit) : null
		};
	}
});

async function storedForecast(ctx: Ctx, id: string, horizon: Horizon) {
	const productId = uuidOr404(id, 'This product');
	const { forecast } = await productForecast(ctx, { productId, horizon });
	if (!forecast) throw new NotFound('A forecast of this product');
	const overrides = await productOverrides(ctx, forecast.productId);
	return {
		...forecast,
		sold_before: forecast.before,
		best_model: forecast.winner,
		overrides: overrides.filter(({ state }) => state === 'active'),
		...written(forecast.said, forecast.total, horizon, true)
	} satisfies Partial<ProductForecastView> & Record<string, unknown>;
}

/** Units with three decimals: more would promise what no model knows. */
const units = (value: number) => Math.round(value * 1000) / 1000;
const ranges = (one: Omit<TotalView, 'units'>) => ({
	lower_80: units(one.lo80),
	upper_80: units(one.hi80),
	lower_95: units(one.lo95),
	upper_95: units(one.hi95)
});

function written(band: BandView, total: TotalView, horizon: Horizon, intervals: boolean) {
	const { from, point, lo80, hi80, lo95, hi95 } = firstDays(band, horizon);
	return {
		horizon_days: horizon,
		total_predicted_units: units(total.units),
		total_interval: intervals ? ranges(total) : null,
		days: point.map((value, h) => ({
			day: dayAfter(from, h),
			units: units(value),
			interval: intervals ? ranges({ lo80: lo80[h]!, hi80: hi80[h]!, lo95: lo95[h]!, hi95: hi95[h]! }) : null
		}))
	};
}

export const forecastEndpoints = [generate, byForecast, byProduct, accuracy];
