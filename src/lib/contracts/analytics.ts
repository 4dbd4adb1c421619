import { schema, z } from './zod.ts';
import { CHANNELS, type Channel } from './channels.ts';

/** Ranges with a name; each is relative to today in the organization's time zone. */
export const RANGES = [
	'today',
	'yesterday',
	'last-7-days',
	'last-30-days',
	'last-90-days',
	'this-month',
	'last-month',
	'year-to-date',
	'last-12-months'
] as const;
export type RangeName = (typeof RANGES)[number];
export const GRANULARITIES = ['hour', 'day', 'week', 'month'] as const;
export type Granularity = (typeof GRANULARITIES)[number];

const day = schema(() =>
	z
		.string()
		.regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'must be a date such as 2026-11-19' })
		.refine((value) => !Number.isNaN(Date.parse(value)) && new Date(value).toISOString().startsWith(value), {
			error: 'is not a day of the calendar'
		})
);

/** What a report is narrowed to. Empty lists mean all. Categories and countries may hold '' for "none told". */
export const filtersSchema = schema(() =>
	z.strictObject({
		range: z.union([z.enum(RANGES), z.strictObject({ from: day, to: day })]).default('last-30-days'),
		by: z.enum(GRANULARITIES).default('day'),
		channels: z.array(z.enum(CHANNELS)).max(3).default([]),
		categories: z.array(z.string().max(200)).max(50).default([]),
		/** ISO codes, or the channel's word for a place that has none. */
		countries: z.array(z.string().max(100)).max(60).default([]),
		regions: z.array(z.string().max(20)).max(60).default([])
	})
);
export type Filters = z.output<typeof filtersSchema>;

/** Sums over a period. Money: decimal strings in the organization's currency. */
export interface Totals {
	gross: string;
	discounts: string;
	refunds: string;
	/** gross - discounts - refunds */
	net: string;
	orders: number;
	units: number;
	/** Net of discounts per priced order: (gross - discounts) / orders with a price; null without any. */
	averageOrder: string | null;
}

/** Days are in the organization's time zone, ends included; the previous period is the same elapsed part. */
export interface Period {
	from: string;
	to: string;
	previousFrom: string;
	previousTo: string;
	/** True while `to` is today: the last bucket is partial. */
	running: boolean;
	timeZone: string;
}

export interface Bucket {
	/** Local start: '2026-11-19' or '2026-11-19T14:00' for hours (with offset suffix when a clock change repeats an hour). */
	at: string;
	net: string;
	orders: number;
	units: number;
	/** As in `Totals`. */
	averageOrder: string | null;
	byChannel: Partial<Record<Channel, string>>;
	previousNet: string | null;
}

export interface ChannelShare {
	channel: Channel;
	net: string;
	orders: number;
	previousNet: string;
}

export interface TopProduct {
	productId: string;
	sku: string;
	title: string;
	category: string | null;
	net: string;
	units: number;
	previousNet: string;
	byChannel: Partial<Record<Channel, string>>;
}

/** Everything the dashboard shows, as of one position of the outbox. */
export interface DashboardView {
	/** Outbox position that the figures include: the stream continues from here. */
	position: number;
	/** ISO instant at which the figures were true. */
	asOf: string;
	currency: string;
	period: Period;
	/** How `series` is cut: what was asked, or coarser where the range is too long for it (hours: 7 days). */
	by: Granularity;
	totals: Totals;
	previous: Totals;
	series: Bucket[];
	channels: ChannelShare[];
	products: TopProduct[];
	/** Orders in the range whose channel has not told a price; counted in orders and units, left out of money. */
	awaitingPrice: number;
	/** Money in the range that waits for an exchange rate. */
	unconverted: { currency: string; orders: number }[];
	/** Values present in the data, for the filter menus. */
	options: { channels: Channel[]; categories: string[]; countries: string[]; regions: string[] };
}
