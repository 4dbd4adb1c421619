import type { Channel } from './channels.ts';
import type { CustomersUnconverted } from './customer-gaps.ts';
import type { RfmScores } from './customer-segments.ts';

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
