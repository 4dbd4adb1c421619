import { z } from './zod.ts';

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

const day = z
	.string({ error: 'Choose a day.' })
	.trim()
	.refine((value) => /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)), {
		error: 'Use a day such as 2026-11-26.'
	});

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
export const overrideSchema = z
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
	});
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
const promotion = z
	.strictObject({
		fromDay: day,
		toDay: day,
		lift: z.number().min(-0.9).max(9)
	})
	.refine(({ fromDay, toDay }) => fromDay <= toDay, {
		path: ['toDay'],
		error: 'The last day is before the first.'
	});

/** What if: demand rises by a share, promotions on some days, goods take so many days to arrive. */
export const scenarioSchema = z.strictObject({
	uplift: z.number().min(-0.9).max(9).default(0),
	promotions: z.array(promotion).max(10).default([]),
	leadDays: z.number().int().min(1).max(90).default(14),
	/** How sure one wants to be that stock lasts through the lead time. */
	service: z.number().min(0.5).max(0.995).default(0.95)
});
export type Scenario = z.output<typeof scenarioSchema>;

export const scenarioInputSchema = z.strictObject({
	productId: z.uuid(),
	name: z
		.string({ error: 'Give it a name.' })
		.trim()
		.min(1, { error: 'Give it a name.' })
		.max(80, { error: 'Keep the name under 80 characters.' }),
	scenario: scenarioSchema
});

export interface ScenarioView {
	id: string;
	name: string;
	scenario: Scenario;
	by: string | null;
	at: string;
	/** Kept by the person who asks: only they can remove it. */
	own: boolean;
}

/** How good forecasts of the past were; shares, not percent. Null where a figure would mean nothing, `NOTES` of the page say why. */
export interface AccuracyView {
	/** Origins and days that could be judged. */
	origins: number;
	days: number;
	wape: number | null;
	mae: number;
	/** Where no judged day sold nothing and a day sells well. */
	mape: number | null;
	/** Where there are ups and downs to explain. */
	r2: number | null;
	mase: number | null;
	bias: number | null;
	cover80: number;
	cover95: number;
	/** The last known week repeated, on the same days. */
	naiveWape: number | null;
	/** 1 - wape / naiveWape. */
	skill: number | null;
}

/** Where training stands, for a bar that survives a reload. */
export interface RunView {
	id: string;
	kind: 'train' | 'refresh';
	status: 'queued' | 'running' | 'done' | 'failed';
	/** 0 to 1; null while the end is unknown. */
	progress: number | null;
	/** In words: what is done now. */
	step: string | null;
	startedAt: string | null;
	finishedAt: string | null;
	secondsLeft: number | null;
	error: string | null;
}

/** One series of a level with its figures: the shop, a channel, a category. */
export interface LevelView {
	level: Level;
	key: string;
	title: string;
	total: TotalView;
	/** Units of as many days before; null where too many of them are unknown. */
	before: number | null;
	accuracy: AccuracyView | null;
}

export interface OverviewView {
	horizon: Horizon;
	/** The last day the forecasts know; null before the first training. */
	origin: string | null;
	trainedAt: string | null;
	refreshedAt: string | null;
	levels: LevelView[];
	/** The chosen one of `levels`, drawn. */
	chosen: (LevelView & { sold: SoldView; said: BandView }) | null;
	products: number;
	noBetterThanNaive: number;
}

export const PRODUCT_SORTS = ['units', 'wape', 'skill', 'trend', 'title'] as const;
export type ProductSort = (typeof PRODUCT_SORTS)[number];

export interface ListedForecast {
	productId: string;
	sku: string;
	title: string;
	category: string | null;
	units: number;
	lo80: number;
	hi80: number;
	/** With what people set in place of the model's days; null where nobody did. */
	planned: number | null;
	before: number | null;
	/** Units by week, the last twelve full ones. */
	weeks: (number | null)[];
	wape: number | null;
	skill: number | null;
	method: string;
}

/** What was said at the end of `origin`, and what then happened. */
export interface PastView {
	origin: string;
	said: BandView;
	/** On the days of `said`; null is unknown. */
	sold: (number | null)[];
	/** The last week known at the origin, repeated. */
	naive: number[];
	wape: number | null;
	naiveWape: number | null;
}

/** A model's own record on the same days as the mixture's. */
export interface ModelView {
	method: string;
	/** Its share in the mixture; null where it is not in it. */
	weight: number | null;
	wape: number | null;
	bias: number | null;
}

export interface ProductForecastView {
	productId: string;
	sku: string;
	title: string;
	category: string | null;
	horizon: Horizon;
	/** The last day known. */
	origin: string;
	/** When the models of this forecast were trained, and the forecast was made. */
	trainedAt: string | null;
	madeAt: string;
	method: string;
	sold: SoldView;
	said: BandView;
	total: TotalView;
	before: number | null;
	/** Days of the last `horizon` of which nothing is known. */
	unknownDays: number;
	/** Days with a record since its first sale. */
	knownDays: number;
	accuracy: AccuracyView | null;
	models: ModelView[];
	past: PastView[];
	/** Pieces available now on active locations; null where no channel tells stock. */
	stock: number | null;
	channels: { channel: string; units: number; lo80: number; hi80: number }[];
}

/** A page of SKUs, as the list is asked for. */
export const forecastListSchema = z.strictObject({
	search: z.string().trim().max(100).default(''),
	sort: z.enum(PRODUCT_SORTS).default('units'),
	direction: z.enum(['asc', 'desc']).default('desc'),
	horizon: z.literal(HORIZONS).default(30),
	page: z.number().int().min(1).max(10_000).default(1)
});
export type ForecastListInput = z.output<typeof forecastListSchema>;

export const ACCURACY_SORTS = [
	'units',
	'wape',
	'mae',
	'mase',
	'bias',
	'cover80',
	'cover95',
	'skill',
	'title'
] as const;

export const accuracyQuerySchema = z.strictObject({
	level: z.enum(LEVELS).default('product'),
	search: z.string().trim().max(100).default(''),
	sort: z.enum(ACCURACY_SORTS).default('units'),
	direction: z.enum(['asc', 'desc']).default('desc'),
	page: z.number().int().min(1).max(10_000).default(1)
});
export type AccuracyQuery = z.output<typeof accuracyQuerySchema>;

export interface AccuracyRow extends AccuracyView {
	level: Level;
	key: string;
	title: string;
	/** Under the title: the SKU. */
	sub: string | null;
	/** Sold on the judged days. */
	units: number;
	/** The model it was made by. */
	method: string;
}

export interface AccuracyReport {
	rows: AccuracyRow[];
	count: number;
	/** Over all series of the level together: sums of misses over sums of units. */
	pooled: AccuracyView | null;
	noBetterThanNaive: number;
	/** Too short a past to be judged. */
	unjudged: number;
	/** Days of each judged forecast, and the origins they were made at. */
	days: number;
	origins: string[];
	/** Ours and the naive one's WAPE of up to 500 series, for the picture of both. */
	dots: { key: string; title: string; naive: number; ours: number }[];
}
