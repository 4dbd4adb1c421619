import { filtersSchema, type Period } from './analytics.ts';
import type { Channel } from './channels.ts';
import type { ProfitSums } from './profit.ts';
import { schema, z } from './zod.ts';

/** What products can be ordered by; `trend` is the change of units against the period before. */
export const PRODUCT_SORTS = [
	'net_sales',
	'units',
	'contribution_margin',
	'contribution_margin_percent',
	'velocity',
	'sell_through',
	'days_of_cover',
	'conversion',
	'return_rate',
	'average_price',
	'trend'
] as const;
export type ProductSort = (typeof PRODUCT_SORTS)[number];
export const PRODUCTS_PAGE = 25;

/** How products do: best first, or worst. Empty lists mean all. */
export const productAnalyticsSchema = schema(() =>
	z.strictObject({
		range: filtersSchema.shape.range,
		channels: filtersSchema.shape.channels,
		categories: filtersSchema.shape.categories,
		sort: z.enum(PRODUCT_SORTS).default('net_sales'),
		order: z.enum(['desc', 'asc']).default('desc'),
		page: z.number().int().min(1).max(2000).default(1)
	})
);
export type ProductAnalyticsQuery = z.output<typeof productAnalyticsSchema>;

/** One product over a range. Decimal strings; percents have one decimal; null where it cannot be told. */
export interface ProductPerformance {
	productId: string;
	sku: string;
	title: string;
	category: string | null;
	netSales: string;
	previousNetSales: string;
	units: number;
	previousUnits: number;
	margin: string;
	marginPercent: string | null;
	unitsWithoutCost: number;
	averagePrice: string | null;
	previousAveragePrice: string | null;
	/** Pieces per day of the range, two decimals. */
	velocity: string;
	/** Pieces now; null where no stock is told. */
	available: number | null;
	sellThrough: string | null;
	daysOfCover: string | null;
	sessions: number | null;
	conversion: string | null;
	returnRate: string | null;
	/** Change of units in percent; null from nothing. */
	trend: string | null;
	channels: Channel[];
}

/** A page of products, as of one outbox position; at most 25. Products that sold, were refunded or cost something in the range. */
export interface ProductAnalyticsView {
	position: number;
	asOf: string;
	currency: string;
	period: Period;
	/** Days of the range that have begun. */
	days: number;
	products: ProductPerformance[];
	count: number;
	page: number;
	pageSize: number;
	sort: ProductSort;
	order: 'desc' | 'asc';
}

/** What reviews of a product talk about, as Amazon sums them up. */
export interface ReviewTopic {
	topic: string;
	sentiment: 'positive' | 'negative';
	mentions: number | null;
	occurrence: string | null;
	starImpact: string | null;
	snippets: string[];
}

/** One product in depth: figures, its course by week, what it is worth per channel, stock and reviews. */
export interface ProductDepthView {
	performance: ProductPerformance;
	period: Period;
	asOf: string;
	currency: string;
	/** By bucket of the range. Prices and percents null where nothing was sold. */
	series: {
		at: string;
		units: number;
		netSales: string;
		margin: string;
		marginPercent: string | null;
		averagePrice: string | null;
		returnRate: string | null;
	}[];
	by: 'day' | 'week' | 'month';
	channels: (ProfitSums & { channel: Channel })[];
	/** Pieces by place. */
	stock: { location: string; channel: Channel | null; available: number; incoming: number | null }[];
	reviews: ReviewTopic[];
}
