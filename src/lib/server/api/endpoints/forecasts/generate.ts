import { z } from 'zod';
import { MODELS } from '#lib/contracts/forecast-views.ts';
import type { Horizon } from '#lib/contracts/forecasts.ts';
import { spreadOf, totalOver } from '#lib/contracts/scenarios.ts';
import { generateForecast, productForecast } from '../../../forecasting/index.ts';
import { endpoint } from '../../endpoint.ts';
import { uuidOr404 } from '../../ids.ts';
import { askingFor } from '../../issue-words.ts';
import { SAMPLE } from '../../samples.ts';
import { horizonDays, said, sampleSaid, written } from './fields.ts';

export const generateEndpoint = endpoint({
	method: 'POST',
	path: '/forecast/generate',
	name: 'generateForecast',
	tag: 'Forecasts',
	summary: 'Forecast a product by a model',
	description:
		'Answers from the stored models of the last run where they know the newest day, in milliseconds; else it is made now, within seconds. It is not kept: the nightly run makes the forecasts that stay and that add up over levels.',
	permission: 'forecasts.manage',
	body: z.strictObject({
		product_id: z.string(askingFor('Send the id of a product.')).max(100),
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
