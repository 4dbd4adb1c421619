import { schema, z } from './zod.ts';
import { CHANNELS, type Channel } from './channels.ts';
import { filtersSchema, type Granularity, type Period } from './analytics.ts';

/** Which customers: by the channel of their first order. Empty means all. */
const acquired = schema(() => z.array(z.enum(CHANNELS)).max(3).default([]));

/** The overview: figures of a range of days, and of all customers as of today. */
export const customersQuerySchema = schema(() =>
	z.strictObject({
		range: filtersSchema.shape.range.unwrap().default('last-12-months'),
		by: z.enum(['day', 'week', 'month']).default('month'),
		channels: acquired
	})
);
export type CustomersQuery = z.input<typeof customersQuerySchema>;

/** The cohort matrix: so many months of first orders up to `until` (a month such as 2026-11; the present one), by the channel of the first order. */
export const cohortsQuerySchema = schema(() =>
	z.strictObject({
		months: z.coerce.number().int().min(1).max(60).default(12),
		until: z
			.string()
			.regex(/^(19|20)\d{2}-(0[1-9]|1[0-2])$/, { error: 'must be a month such as 2026-11' })
			.optional(),
		channels: acquired
	})
);
export type CohortsQuery = z.input<typeof cohortsQuerySchema>;

export const SEGMENTS = [
	'champions',
	'loyal',
	'potential_loyalists',
	'new',
	'promising',
	'need_attention',
	'about_to_sleep',
	'at_risk',
	'cannot_lose',
	'hibernating'
] as const;
export type SegmentName = (typeof SEGMENTS)[number];

export const segmentsQuerySchema = schema(() => z.strictObject({ channels: acquired }));
export type SegmentsQuery = z.input<typeof segmentsQuerySchema>;

/** The list of customers. `search`: beginning of a name, a family name or an e-mail address. */
export const customerListSchema = schema(() =>
	z.strictObject({
		search: z.string().trim().max(100).default(''),
		segments: z.array(z.enum(SEGMENTS)).max(SEGMENTS.length).default([]),
		channels: acquired,
		sort: z.enum(['spent', 'orders', 'last', 'first']).default('spent'),
		page: z.coerce.number().int().min(1).max(10_000).default(1)
	})
);
export type CustomerListQuery = z.input<typeof customerListSchema>;
export const CUSTOMERS_A_PAGE = 50;

/** Orders that lead to no customer: in no figure about customers. */
export interface Unidentified {
	/** All counted orders of the range. */
	orders: number;
	/** Of them without a buyer we could know again. */
	unidentified: number;
	byChannel: { channel: Channel; orders: number; unidentified: number }[];
}

/** Money that waits for an exchange rate; in no sum. */
export interface CustomersUnconverted {
	currency: string;
	net: string;
}

/** Sums of a bucket of days. New: orders of the day of a customer's first order, less their refunds; returning: every later one. */
export interface NewAndReturning {
	at: string;
	newNet: string;
	returningNet: string;
	/** Guests and buyers that the channel does not name. */
	unidentifiedNet: string;
	newCustomers: number;
	newOrders: number;
	returningOrders: number;
}

/** Customers of one channel of first order. Money in the organization's currency. */
export interface ChannelEconomics {
	channel: Channel;
	/** All customers ever, and what they have spent so far on average, refunds taken off. */
	customers: number;
	realisedLtv: string | null;
	/** Customers whose first order is in the range. */
	newCustomers: number;
	/** Ad spend of the range; null where none is entered. */
	spend: string | null;
	/** Spend / new customers; null where either is unknown. */
	cac: string | null;
	/** Expected spending of a customer in the first twelve months; null without enough history. */
	projectedLtv: string | null;
	/** Projected LTV / CAC, and the same with LTV at the channel's contribution margin of the range; two decimals. */
	ltvToCac: string | null;
	marginToCac: string | null;
}

/** How a projection would have done. `asOf`: what it knew. */
export interface BackTest {
	asOf: string;
	months: number;
	cohorts: number;
	/** Spending of these cohorts in the months after. */
	projected: string;
	actual: string;
	/** Sum of absolute errors over cohorts / actual, in percent; one decimal. */
	errorPercent: string | null;
	/** The same, had every cohort gone on as in its last three months. */
	naiveErrorPercent: string | null;
}

export interface Projection {
	method: 'chain-ladder';
	horizonMonths: 12;
	/** Mean spending of a customer in the first twelve months, over the cohorts of the last twelve; null without enough history. */
	ltv: string | null;
	/** Cumulative spending per customer by months since the first order, 0 to 12. */
	curve: { month: number; perCustomer: string; cohorts: number }[];
	backTest: BackTest | null;
}

/** The customers overview, as of one position of the outbox. */
export interface CustomersView {
	position: number;
	asOf: string;
	currency: string;
	period: Period;
	by: Exclude<Granularity, 'hour'>;
	/** All customers as of now. */
	customers: number;
	/** Customers with at least two orders, and their share in percent, one decimal. */
	repeatCustomers: number;
	repeatRate: string | null;
	/** Net sales of all customers over all time / customers. */
	realisedLtv: string | null;
	ordersPerCustomer: string | null;
	/** Days to the second order, of those who placed one. */
	secondOrder: {
		customers: number;
		medianDays: number | null;
		buckets: { from: number; to: number | null; customers: number }[];
	};
	range: {
		newCustomers: number;
		/** Customers with an order in the range and their first one before it. */
		returningCustomers: number;
		newNet: string;
		returningNet: string;
		unidentifiedNet: string;
		newOrders: number;
		returningOrders: number;
	};
	previous: { newCustomers: number; returningCustomers: number; newNet: string; returningNet: string };
	series: NewAndReturning[];
	channels: ChannelEconomics[];
	spend: { total: string | null; cac: string | null; ltvToCac: string | null };
	projection: Projection;
	unidentified: Unidentified;
	unconverted: CustomersUnconverted[];
}

export interface CohortCell {
	/** Months after the first order's month: 0 is that month. */
	month: number;
	/** Customers of the cohort with an order in this month. */
	active: number;
	/** active / customers in percent, one decimal. */
	retention: string;
	/** What the cohort spent in this month, refunds taken off. */
	revenue: string;
	/** Spent per customer of the cohort, up to this month. */
	cumulative: string;
	/** True while the month is not over. */
	running: boolean;
}

export interface Cohort {
	/** The first order's month, its first day. */
	month: string;
	customers: number;
	revenue: string;
	ltv: string;
	/** Realised so far and expected up to twelve months after the first order; null without enough history. */
	projectedLtv: string | null;
	repeatRate: string;
	cells: CohortCell[];
}

/** Monthly cohorts, oldest first, as of one position of the outbox. */
export interface CohortsView {
	position: number;
	asOf: string;
	currency: string;
	timeZone: string;
	/** First days of the first and last month of first orders shown, and of the present month. */
	first: string;
	last: string;
	present: string;
	cohorts: Cohort[];
	/** Share of customers who ordered again, by months since the first order, over all cohorts shown that are so old. */
	average: { month: number; retention: string; customers: number }[];
	projection: Projection;
	unidentified: Unidentified;
	unconverted: CustomersUnconverted[];
}

export interface Segment {
	segment: SegmentName;
	customers: number;
	orders: number;
	net: string;
	/** Net / customers. */
	average: string;
	/** Median of days since the last order. */
	daysSinceLast: number;
}

/** RFM segments of all customers as of today. */
export interface SegmentsView {
	position: number;
	asOf: string;
	currency: string;
	today: string;
	customers: number;
	segments: Segment[];
	/** Customers by recency score (5 is newest) and frequency score. */
	grid: { recency: number; frequency: number; customers: number; segment: SegmentName }[];
	/** What the scores mean: upper ends of the fifths. */
	limits: { recencyDays: number[]; orders: number[]; net: string[] };
	unidentified: Unidentified;
	unconverted: CustomersUnconverted[];
}

export interface RfmScores {
	recency: number;
	frequency: number;
	monetary: number;
	segment: SegmentName;
}

export interface ListedCustomer extends RfmScores {
	id: string;
	/** Null where the channel tells none, or it was erased. */
	name: string | null;
	email: string | null;
	country: string | null;
	channels: Channel[];
	orders: number;
	/** Net sales over all time. */
	net: string;
	firstDay: string;
	lastDay: string;
}

export interface CustomerPage {
	position: number;
	asOf: string;
	currency: string;
	customers: ListedCustomer[];
	count: number;
	page: number;
	pageSize: number;
	/** The search found more people than it looks at; a longer word finds the rest. */
	searchCut: boolean;
	unidentified: Unidentified;
}

export interface CustomerOrder {
	id: string;
	name: string;
	channel: Channel;
	kind: string;
	status: string;
	placedAt: string;
	summary: string;
	/** Net sales of the order over all its days, in `currency`; null while the price is unknown. */
	net: string | null;
	currency: string;
}

/** One person over all connections. */
export interface CustomerView {
	position: number;
	asOf: string;
	currency: string;
	id: string;
	name: string | null;
	email: string | null;
	country: string | null;
	/** How each connection knows them. */
	records: {
		id: string;
		channel: Channel;
		connectionId: string;
		connectionName: string;
		externalId: string;
		name: string | null;
		email: string | null;
		orders: number;
	}[];
	/** Null where orders of this buyer cannot be told apart from others’, or none counts. */
	figures:
		| (RfmScores & {
				orders: number;
				net: string;
				averageOrder: string | null;
				firstDay: string;
				lastDay: string;
				daysSinceLast: number;
				secondAfterDays: number | null;
				/** Mean days between orders. */
				meanDaysBetween: number | null;
				byChannel: { channel: Channel; orders: number; net: string }[];
				byMonth: { month: string; orders: number; net: string }[];
				unconverted: CustomersUnconverted[];
		  })
		| null;
	/** Newest first, at most 100; `moreOrders` beyond. */
	orders: CustomerOrder[];
	moreOrders: number;
	timeline: {
		at: string;
		kind: 'first_order' | 'order' | 'refund';
		orderId: string;
		orderName: string;
		channel: Channel;
		amount: string | null;
		currency: string;
	}[];
}
