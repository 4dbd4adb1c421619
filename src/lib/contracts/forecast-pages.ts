import type { AccuracyFigures, ForecastNote } from './forecast-views.ts';
import {
	HORIZONS,
	LEVELS,
	type BandView,
	type Horizon,
	type Level,
	type SoldView,
	type TotalView
} from './forecasts.ts';
import { schema, z } from './zod.ts';

const page = schema(() => z.number().int().min(1).max(10_000).default(1));
const search = schema(() => z.string().trim().max(100).default(''));
const direction = schema(() => z.enum(['asc', 'desc']).default('desc'));
const horizon = schema(() => z.literal(HORIZONS).default(30));

/** One series of a level with its figures: the shop, a channel, a category. `key` is the channel's or category's name. */
export interface LevelView {
	level: Level;
	key: string;
	units: number;
	/** Units of as many days before, unknown days counted as the others; null where most are unknown. */
	before: number | null;
	accuracy: AccuracyFigures | null;
}

export const overviewSchema = schema(() =>
	z.strictObject({
		level: z.enum(['shop', 'channel', 'category']).default('shop'),
		key: z.string().max(200).default(''),
		horizon
	})
);

export interface OverviewView {
	horizon: Horizon;
	/** The last day the forecasts know; null before the first training. */
	origin: string | null;
	trainedAt: string | null;
	madeAt: string | null;
	levels: LevelView[];
	/** The chosen one of `levels`, drawn; the first where the chosen one is not there. */
	chosen: (LevelView & { total: TotalView; sold: SoldView; said: BandView }) | null;
	/** Products with a forecast, and those of them whose past was not better than repeating the last week. */
	products: number;
	noBetterThanNaive: number;
}

export const PRODUCT_SORTS = ['units', 'wape', 'skill', 'trend', 'title'] as const;
export type ProductSort = (typeof PRODUCT_SORTS)[number];

export const productListSchema = schema(() =>
	z.strictObject({
		search,
		sort: z.enum(PRODUCT_SORTS).default('units'),
		direction,
		horizon,
		page
	})
);
export type ProductListInput = z.output<typeof productListSchema>;

export interface ListedForecast {
	productId: string;
	/** Set where the member sees this channel of the product only. */
	channel: string | null;
	sku: string;
	title: string;
	category: string | null;
	units: number;
	lo80: number;
	hi80: number;
	/** With what people set in place of the model's days; null where nobody did. */
	planned: number | null;
	before: number | null;
	/** Units by week, the last twelve; null where a day of the week is unknown. */
	weeks: (number | null)[];
	wape: number | null;
	skill: number | null;
	notes: ForecastNote[];
}

/** What was said at the end of `origin`, and what then happened. */
export interface PastView {
	origin: string;
	/** said: stood on the page then. replayed: made later, by models that knew no day after the origin. */
	kind: 'said' | 'replayed';
	said: BandView;
	/** On the days of `said` that are over; null is unknown. */
	sold: (number | null)[];
	/** The last week known at the origin, repeated; null where it is not known. */
	naive: (number | null)[];
	wape: number | null;
	naiveWape: number | null;
}

/** A model's own record on the same days as the mixture's. */
export interface ModelView {
	method: string;
	/** Its share in the mixture; null where it is not in it. */
	weight: number | null;
	wape: number | null;
}

export const productForecastSchema = schema(() =>
	z.strictObject({
		productId: z.uuid({ error: 'Choose a product.' }),
		horizon
	})
);

export interface ProductForecastView {
	productId: string;
	/** Set where the member sees this channel of the product only. */
	channel: string | null;
	sku: string;
	title: string;
	category: string | null;
	horizon: Horizon;
	/** The last day known. */
	origin: string;
	trainedAt: string | null;
	madeAt: string;
	sold: SoldView;
	/** 90 days; the page shows `horizon` of them, lead times may reach further. */
	said: BandView;
	total: TotalView;
	before: number | null;
	/** Days of the last `horizon` of which nothing is known. */
	unknownDays: number;
	notes: ForecastNote[];
	accuracy: AccuracyFigures | null;
	/** The single model with the least error. */
	winner: string | null;
	models: ModelView[];
	past: PastView[];
	/** Pieces available now on active locations; null where no channel tells stock or the member may not see it. */
	stock: number | null;
	channels: { channel: string; units: number }[];
}

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
export type AccuracySort = (typeof ACCURACY_SORTS)[number];

export const accuracyQuerySchema = schema(() =>
	z.strictObject({
		level: z.enum(LEVELS).default('product'),
		search,
		sort: z.enum(ACCURACY_SORTS).default('units'),
		direction,
		page,
		limit: z.number().int().min(1).max(200).default(50)
	})
);
export type AccuracyQuery = Omit<z.output<typeof accuracyQuerySchema>, 'limit'>;

export interface AccuracyRow {
	level: Level;
	productId: string | null;
	channel: string | null;
	category: string | null;
	sku: string | null;
	title: string | null;
	/** Sold on the judged days. */
	units: number;
	figures: AccuracyFigures;
	naiveWape: number | null;
	winner: string | null;
}

export interface AccuracyReport {
	rows: AccuracyRow[];
	count: number;
	pageSize: number;
	/** Over all series of the level together: sums of misses over sums of units. */
	pooled: AccuracyFigures | null;
	noBetterThanNaive: number;
	/** With a forecast, but too short a past to be judged, or nothing sold on the judged days. */
	unjudged: number;
	origins: string[];
	judgedAt: string | null;
	/** Ours and the naive one's WAPE of the 500 series that sold most. */
	dots: { key: string; title: string; naive: number; ours: number }[];
}
