import { schema, z } from './zod.ts';

/** Days ahead that can be asked for. */
export const HORIZONS = [30, 60, 90] as const;
export type Horizon = (typeof HORIZONS)[number];

/** What a series of units is summed over. `product_channel` is one SKU on one channel. */
export const LEVELS = ['shop', 'channel', 'category', 'product', 'product_channel'] as const;
export type Level = (typeof LEVELS)[number];

/** Expected units a day from a day on, with the ranges that hold in 80 and 95 of 100 cases. Units are floats, never money. */
export interface BandView {
	/** YYYY-MM-DD in the organization's zone: the first day that is forecast. */
	from: string;
	point: number[];
	lo80: number[];
	hi80: number[];
	lo95: number[];
	hi95: number[];
}

/** Units sold a day; null is a day that is not known (out of stock, no record). */
export interface SoldView {
	from: string;
	units: (number | null)[];
}

/** A sum over the days asked for. */
export interface TotalView {
	units: number;
	lo80: number;
	hi80: number;
	lo95: number;
	hi95: number;
}

const day = schema(() =>
	z
		.string({ error: 'Choose a day.' })
		.trim()
		.refine((value) => /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)), {
			error: 'Use a day such as 2026-11-26.'
		})
);

const number = (words: string) =>
	z.preprocess(
		(value) => {
			if (typeof value !== 'string') return value;
			const text = value.trim().replace(',', '.');
			return text === '' ? undefined : Number(text);
		},
		z.number({ error: words })
	);

/** A figure that a person puts beside the model's: `units` is the sum over the days, both included. */
export const overrideSchema = schema(() =>
	z
		.strictObject({
			productId: z.uuid({ error: 'Choose a product.' }),
			fromDay: day,
			toDay: day,
			units: number('Enter how many units.').pipe(
				z
					.number()
					.min(0, { error: 'Units cannot be below 0.' })
					.max(1e9, { error: 'That is more than can be meant.' })
			),
			reason: z
				.string({ error: 'Say why.' })
				.trim()
				.min(3, { error: 'Say why, in a few words: others will ask.' })
				.max(500, { error: 'Keep it under 500 characters.' })
		})
		.refine(({ fromDay, toDay }) => fromDay <= toDay, {
			path: ['toDay'],
			error: 'The last day is before the first.'
		})
);
export type OverrideInput = z.output<typeof overrideSchema>;

export interface OverrideView {
	id: string;
	fromDay: string;
	toDay: string;
	/** The person's figure over the days, and the model's at the moment it was set (null: there was none). */
	units: number;
	modelUnits: number | null;
	reason: string;
	/** The member's name; null once they left. */
	by: string | null;
	at: string;
	/** active: holds. replaced: a newer one took its days. undone: taken back. */
	state: 'active' | 'replaced' | 'undone';
	endedBy: string | null;
	endedAt: string | null;
	/** What was sold on its days, once all of them are over; null before, or where a day is unknown. */
	sold: number | null;
}

/** A promotion of some days: `lift` is the share sold on top, .5 for half as much again. */
const promotion = schema(() =>
	z
		.strictObject({
			fromDay: day,
			toDay: day,
			lift: z.number().min(-0.9).max(9)
		})
		.refine(({ fromDay, toDay }) => fromDay <= toDay, {
			path: ['toDay'],
			error: 'The last day is before the first.'
		})
);

/** What if: demand rises by a share, promotions on some days, goods take so many days to arrive. */
export const scenarioSchema = schema(() =>
	z.strictObject({
		uplift: z.number().min(-0.9).max(9).default(0),
		promotions: z.array(promotion).max(10).default([]),
		leadDays: z.number().int().min(1).max(90).default(14),
		/** How sure one wants to be that stock lasts through the lead time. */
		service: z.number().min(0.5).max(0.995).default(0.95)
	})
);
export type Scenario = z.output<typeof scenarioSchema>;

export const scenarioInputSchema = schema(() =>
	z.strictObject({
		productId: z.uuid(),
		name: z
			.string({ error: 'Give it a name.' })
			.trim()
			.min(1, { error: 'Give it a name.' })
			.max(80, { error: 'Keep the name under 80 characters.' }),
		scenario: scenarioSchema
	})
);

export interface ScenarioView {
	id: string;
	name: string;
	scenario: Scenario;
	by: string | null;
	at: string;
	/** Kept by the person who asks: only they can remove it. */
	own: boolean;
}
