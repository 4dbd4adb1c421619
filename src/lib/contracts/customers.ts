import { filtersSchema, type Granularity, type Period } from './analytics.ts';
import type { Channel } from './channels.ts';
import { schema, z } from './zod.ts';
import { acquired } from './acquired.ts';
import type { Unidentified, CustomersUnconverted } from './customer-gaps.ts';
import type { Projection } from './customer-projection.ts';

/** The overview: figures of a range of days, and of all customers as of today. */
export const customersQuerySchema = schema(() =>
	z.strictObject({
		range: filtersSchema.shape.range.unwrap().default('last-12-months'),
		by: z.enum(['day', 'week', 'month']).default('month'),
		channels: acquired
	})
);
export type CustomersQuery = z.input<typeof customersQuerySchema>;

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
