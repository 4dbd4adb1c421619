import { HORIZONS, LEVELS, type BandView, type Level, type SoldView } from './forecasts.ts';
import { schema, z } from './zod.ts';

/** What can be asked for by name: the mixture learned from the past, the fixed one (Prophet 40, LSTM 40, ARIMA 20), or one engine. */
export const MODELS = ['ensemble', 'fixed', 'prophet', 'lstm', 'arima', 'ets', 'theta'] as const;
export type Model = (typeof MODELS)[number];

/** Which series: the fields a level needs. The shop needs none, a SKU on a channel both. */
export const seriesSchema = schema(() =>
	z
		.strictObject({
			level: z.enum(LEVELS),
			productId: z.uuid().optional(),
			channel: z.string().min(1).max(40).optional(),
			category: z.string().min(1).max(200).optional()
		})
		.refine(
			({ level, productId, channel, category }) =>
				(level === 'product' || level === 'product_channel') === (productId !== undefined) &&
				(level === 'channel' || level === 'product_channel') === (channel !== undefined) &&
				(level === 'category') === (category !== undefined),
			{ error: 'A product needs its id, a channel and a category their name, the whole shop nothing.' }
		)
);
export type SeriesRef = z.output<typeof seriesSchema>;

/** `limit` and `offset` page through SKUs, those with the most expected units first. */
export const listSchema = schema(() =>
	z.strictObject({
		level: z.enum(LEVELS),
		productId: z.uuid().optional(),
		category: z.string().min(1).max(200).optional(),
		search: z.string().trim().max(100).optional(),
		limit: z.number().int().min(1).max(1000).default(100),
		offset: z.number().int().min(0).max(1_000_000).default(0)
	})
);

const horizon = schema(() =>
	z
		.number({ error: 'The horizon is 30, 60 or 90 days.' })
		.refine((days): days is (typeof HORIZONS)[number] => (HORIZONS as readonly number[]).includes(days), {
			error: 'The horizon is 30, 60 or 90 days.'
		})
);

/** `retrain` fits and weighs this SKU anew; without it a stored model answers when there is one. */
export const generateSchema = schema(() =>
	z.strictObject({
		productId: z.uuid({ error: 'Choose a product.' }),
		horizon: horizon.default(30),
		model: z.enum(MODELS).default('ensemble'),
		retrain: z.boolean().default(false)
	})
);

export const requestRunSchema = schema(() =>
	z.strictObject({
		kind: z.enum(['train', 'refresh'])
	})
);

/** Which series a row is about, with the words people know it by. */
export interface SeriesName {
	level: Level;
	productId: string | null;
	sku: string | null;
	title: string | null;
	category: string | null;
	channel: string | null;
}

/** Why a forecast is what it is, where it is not an ordinary one. */
export type ForecastNote =
	/** No sales on record: 0, with nothing to learn from. */
	| 'no_sales'
	/** Fewer than 60 known days. */
	| 'short_history'
	/** Too new to say anything by itself: drawn to what others of its category sold when they were new. */
	| 'from_category'
	/** In the past the mixture was not better than repeating last week. */
	| 'not_better_than_naive';

export interface ForecastView {
	series: SeriesName;
	/** The last day known when it was made, organization's zone. */
	origin: string;
	madeAt: string;
	model: Model;
	/** The training whose weights it uses. */
	version: number;
	seed: number;
	/** stored: made by a run before; made: made for this request. */
	source: 'stored' | 'made';
	/** 90 days, or the horizon asked for. */
	band: BandView;
	/** The last 400 days sold; null where out of stock. */
	sold: SoldView;
	/** Share of each engine in the mixture; sums to 1. */
	weights: Record<string, number>;
	/** What each engine says by itself. */
	byModel: Record<string, number[]>;
	notes: ForecastNote[];
}

/** A line of a list: sums over 30, 60 and 90 days. */
export interface ForecastRow {
	series: SeriesName;
	origin: string;
	units30: number;
	units60: number;
	units90: number;
	/** Units sold in the 30 days before; null where no day of them is known. */
	sold30: number | null;
	/** Null where nothing could be judged. */
	wape: number | null;
	skill: number | null;
	notes: ForecastNote[];
}

/** How far forecasts of the past were off. Shares, not percent; null where the figure has no meaning for the series. */
export interface AccuracyFigures {
	/** Sum of absolute errors over the sum of units: days, and weeks. */
	wape: number | null;
	wapeWeek: number | null;
	/** Units a day. */
	mae: number | null;
	/** Over days with sales; null where more than a tenth of the days have none: a percentage of nothing means nothing. */
	mape: number | null;
	/** 1 - squared errors / squared deviations of what was sold; null under 28 judged days or where sales hardly vary. */
	r2: number | null;
	/** Mean absolute error against repeating the last week within the known history; under 1 is better than that. */
	mase: number | null;
	/** (forecast - sold) / sold of totals: below 0 is too little. */
	bias: number | null;
	cover80: number | null;
	cover95: number | null;
	/** 1 - error / error of the seasonal naive on the same days. Not above 0: not better than repeating last week. */
	skill: number | null;
	/** Days judged. */
	days: number;
}

/** One forecast of the past beside what happened. It was made of no day after its origin. */
export interface PastForecast {
	origin: string;
	said: BandView;
	sold: (number | null)[];
}

export interface AccuracyView {
	series: SeriesName;
	version: number;
	trainedAt: string;
	figures: AccuracyFigures;
	/** WAPE of each single method on the same days, for "which model won and why". */
	byModel: Record<string, number>;
	/** The single method with the least error, null where nothing could be judged. */
	winner: string | null;
	weights: Record<string, number>;
	past: PastForecast[];
	notes: ForecastNote[];
}

/** Accuracy over all series of each level, units added up. */
export interface AccuracySummary {
	level: Level;
	series: number;
	/** Series that were not better than the seasonal naive. */
	worseThanNaive: number;
	figures: AccuracyFigures;
}

export type RunStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

export interface RunView {
	id: string;
	kind: 'train' | 'refresh' | 'on-demand';
	status: RunStatus;
	/** series: SKUs and sums done of all; network: trainings done; finish: weighing and adding up. */
	progress: { step: 'waiting' | 'reading' | 'series' | 'finish' | 'done'; done: number; total: number };
	version: number;
	seed: number;
	queuedAt: string;
	startedAt: string | null;
	finishedAt: string | null;
	/** A sentence for people. */
	error: string | null;
	cpuSeconds: number | null;
	peakMb: number | null;
}

export interface RunsView {
	/** The one at work or waiting. */
	active: RunView | null;
	lastTrain: RunView | null;
	lastRefresh: RunView | null;
	/** When the next ones are due. */
	nextTrain: string;
	nextRefresh: string;
}
