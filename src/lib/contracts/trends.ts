import { filtersSchema, type Granularity, type Period } from './analytics.ts';
import { DIMENSIONS, type Dimension, type MetricUnit } from './metrics/declaration.ts';
import { metricOf, type MetricId } from './metrics/index.ts';
import { schema, z } from './zod.ts';

/** Figures that can be followed over time. */
export const TREND_METRICS = [
	'net_sales',
	'gross_sales',
	'discounts',
	'refunds',
	'orders',
	'units',
	'average_order_value',
	'contribution_margin',
	'contribution_margin_percent',
	'cost_of_goods',
	'channel_fees',
	'shipping_income',
	'shipping_cost',
	'ad_spend',
	'adjustments',
	'return_rate',
	'average_price'
] as const satisfies readonly MetricId[];
export type TrendMetric = (typeof TREND_METRICS)[number];

/** Those that come out of the profit of whole days: by channel, category and product, in steps of a day or more. */
const OF_PROFIT: ReadonlySet<TrendMetric> = new Set<TrendMetric>([
	'contribution_margin',
	'contribution_margin_percent',
	'cost_of_goods',
	'channel_fees',
	'shipping_income',
	'shipping_cost',
	'ad_spend',
	'adjustments',
	'return_rate',
	'average_price'
]);
export const isOfProfit = (metric: TrendMetric): boolean => OF_PROFIT.has(metric);

/** Whether a metric can be split by a dimension. */
export function splits(metric: TrendMetric, dimension: Dimension): boolean {
	return metricOf(metric).dimensions.includes(dimension);
}

/** Groups on one page of the list. */
export const TREND_PAGE = 20;

/** A metric over time. Empty lists mean all; `dimension` null is the total alone. */
export const trendSchema = schema(() =>
	z
		.strictObject({
			metric: z.enum(TREND_METRICS).default('net_sales'),
			dimension: z.enum(DIMENSIONS).nullable().default(null),
			compare: z.enum(['previous', 'year', 'none']).default('previous'),
			...filtersSchema.shape,
			products: z.array(z.uuid()).max(50).default([]),
			/** Highest first, or lowest. */
			order: z.enum(['desc', 'asc']).default('desc'),
			page: z.number().int().min(1).max(500).default(1)
		})
		.superRefine((query, context) => {
			const { metric, dimension } = query;
			if (dimension && !splits(metric, dimension))
				context.addIssue({
					code: 'custom',
					path: ['dimension'],
					message: `${metricOf(metric).name} cannot be split by ${dimension}.`
				});
			if (isOfProfit(metric) && query.countries.length + query.regions.length > 0)
				context.addIssue({
					code: 'custom',
					path: ['countries'],
					message: `${metricOf(metric).name} is not known by country or region.`
				});
		})
);
export type TrendQuery = z.output<typeof trendSchema>;

/** One value beside the one it is compared with; decimal strings, null where there is none (an average of nothing). */
export interface Compared {
	value: string | null;
	previous: string | null;
}

export interface TrendGroup extends Compared {
	/** The channel, category, product id, country code, `US-CA` for regions, new, returning or guest; '' where none is told. */
	key: string;
	/** In words, as far as the server knows them. */
	label: string;
	/** The SKU of a product. */
	detail: string | null;
	/** Percent of the total, one decimal; null where parts do not add up to it. */
	share: string | null;
	/** By bucket, as `series`. */
	values: (string | null)[];
}

/** A metric over time as of one outbox position. */
export interface TrendView {
	position: number;
	asOf: string;
	currency: string;
	metric: TrendMetric;
	unit: MetricUnit;
	dimension: Dimension | null;
	/** What was asked, or coarser where the range is too long for it. */
	by: Granularity;
	/** `previousFrom` and `previousTo` are what it is compared with. */
	period: Period;
	compare: 'previous' | 'year' | 'none';
	total: Compared;
	series: (Compared & { at: string })[];
	groups: TrendGroup[];
	groupCount: number;
	page: number;
	pageSize: number;
	/** Currencies whose money waits for an exchange rate and is in no sum. */
	unconverted: string[];
}
