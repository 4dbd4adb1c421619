import { z } from 'zod';
import type { BandView, Horizon, TotalView } from '#lib/contracts/forecasts.ts';
import { dayAfter, firstDays } from '#lib/contracts/scenarios.ts';
import { named } from '../../names.ts';
import { SAMPLE } from '../../samples.ts';

export const horizonDays = z
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

export const said = {
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

export const figures = named(
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

const sampleRange = { lower_80: 12.1, upper_80: 21.4, lower_95: 9.8, upper_95: 25.2 };

export const sampleSaid = {
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

export const sampleFigures = {
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

/** Units with three decimals: more would promise what no model knows. */
const units = (value: number) => Math.round(value * 1000) / 1000;

const ranges = (one: Omit<TotalView, 'units'>) => ({
	lower_80: units(one.lo80),
	upper_80: units(one.hi80),
	lower_95: units(one.lo95),
	upper_95: units(one.hi95)
});

/** What an answer says of a band: its sum, and each day of the horizon. */
export function written(band: BandView, total: TotalView, horizon: Horizon, intervals: boolean) {
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
