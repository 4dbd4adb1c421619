import type { Channel } from './channels.ts';

/** Where an event came from, so that a stream can be filtered: an event reaches a subscriber whose scope covers it. */
export interface EventDimensions {
	channel: Channel | null;
	categories: string[];
	locations: string[];
	country: string | null;
}

/**
 * By how much an order changed the figures of one day. Amounts are decimal strings in `currency` (the shop's);
 * a refund moves the refund's day. `orders` and `units` count sales only.
 */
export interface DayDelta {
	/** In the organization's time zone, YYYY-MM-DD. */
	day: string;
	currency: string;
	orders: number;
	units: number;
	gross: string;
	discounts: string;
	refunds: string;
	net: string;
}

/** A row of the ticker and of the order list. Amounts are decimal strings in `currency`; null while the channel has not told a price. */
export interface LiveOrder {
	id: string;
	name: string;
	channel: Channel;
	kind: string;
	status: string;
	placedAt: string;
	summary: string;
	units: number;
	total: string | null;
	net: string | null;
	currency: string;
	city: string | null;
	country: string | null;
	region: string | null;
}

/** What travels over an event stream; `position` is the SSE id. */
export type LiveEvent = { position: number; at: string; dimensions: EventDimensions } & (
	| { kind: 'order'; change: 'created' | 'updated'; order: LiveOrder; deltas: DayDelta[]; days: string[] }
	/** Many orders of one commit (a backfill page): no deltas, the page asks again. `days` are all days they touch, before and after; `orderIds` is empty on the wire. */
	| { kind: 'orders'; orderIds: string[]; days: string[] }
	| { kind: 'stock'; productId: string; sku: string; available: number }
	| { kind: 'product'; productId: string }
	| { kind: 'connection'; connectionId: string; status: string; freshAt: string | null; run: LiveRun | null }
	| { kind: 'rates' }
);

/** Progress of a sync run, for the page that shows it. */
export interface LiveRun {
	id: string;
	kind: string;
	status: string;
	progress: Record<
		string,
		{ done: number; total: number | null; written: number; unchanged: number; dead: number }
	>;
	startedAt: string | null;
}
