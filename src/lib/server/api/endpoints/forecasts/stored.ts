import { z } from 'zod';
import type { ProductForecastView } from '#lib/contracts/forecast-pages.ts';
import type { Horizon } from '#lib/contracts/forecasts.ts';
import { productForecast, productOverrides } from '../../../forecasting/index.ts';
import type { Ctx } from '../../../platform/ctx.ts';
import { NotFound } from '../../../platform/errors.ts';
import { endpoint } from '../../endpoint.ts';
import { idParams, uuidOr404 } from '../../ids.ts';
import { named } from '../../names.ts';
import { SAMPLE } from '../../samples.ts';
import { figures, horizonDays, said, sampleFigures, sampleSaid, written } from './fields.ts';

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

/** By the address of forecasts. */
export const byForecastEndpoint = endpoint({
	...answerOf,
	method: 'GET',
	path: '/forecast/products/{id}',
	name: 'getForecast',
	summary: 'The stored forecast of a product',
	description: 'Made every night; with how far its past was off and what people set beside it.',
	examples
});

/** By the address of the product. */
export const byProductEndpoint = endpoint({
	...answerOf,
	method: 'GET',
	path: '/products/{id}/forecast',
	name: 'getProductForecast',
	summary: 'The stored forecast of a product, by the product',
	description: 'The same as GET forecast/products/{id}.',
	examples
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
