import type { Channel } from './channels.ts';
import type { CustomersUnconverted } from './customer-gaps.ts';
import type { RfmScores } from './customer-segments.ts';
import type { LiveOrder } from './live.ts';

/** `net`: net sales of the order over all its days, in `currency`; null while the price is unknown. */
export type CustomerOrder = Pick<
	LiveOrder,
	'id' | 'name' | 'channel' | 'kind' | 'status' | 'placedAt' | 'summary' | 'net' | 'currency'
>;

/** A customer as one connection knows them; `orders`: those that count as sales. */
export interface CustomerRecord {
	id: string;
	channel: Channel;
	connectionId: string;
	connectionName: string;
	externalId: string;
	name: string | null;
	email: string | null;
	orders: number;
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
	records: CustomerRecord[];
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
