import type { Channel } from './channels.ts';

/** What one side says of a day. `gross`: item sales without tax, before discounts and refunds; a decimal string. */
export interface DayFigures {
	orders: number;
	units: number;
	gross: string;
}

/** The same of a channel; null pieces where it counts none. */
export type ToldFigures = Omit<DayFigures, 'units'> & { units: number | null };

/** Why a channel may count otherwise than we do. */
export const REASONS = {
	pending: 'pending, without a price yet',
	pendingPriced: 'pending: the channel counts their price, and tells it to nobody yet',
	cancelled: 'cancelled before any money was taken',
	excluded: 'test, gift card or replacement orders',
	late: 'came after the channel was asked',
	discounts: 'discounts taken off',
	tax: 'tax counted in',
	refunded: 'refunds taken off the order’s day',
	refundsToday: 'refunds booked on this day taken off',
	zone: 'the day of another time zone'
} as const;
export type ReasonKey = keyof typeof REASONS;

/** One reason with what it moves: added to our figures it leads toward the channel's. */
export interface Reason extends DayFigures {
	key: ReasonKey;
}

export interface ReconciledDay {
	/** In the row's time zone, YYYY-MM-DD. */
	day: string;
	currency: string;
	ours: DayFigures;
	/** Null while the channel was not asked about this day. */
	theirs: ToldFigures | null;
	/** equal; explained: `reasons` together make up the whole difference; open: they are what is possible. */
	verdict: 'equal' | 'explained' | 'open' | 'unread';
	reasons: Reason[];
	readAt: string | null;
}

export interface ReconciledConnection {
	id: string;
	name: string;
	channel: Channel;
	/** IANA; that of the channel's figures. */
	timeZone: string;
	/** Days, newest first. */
	days: ReconciledDay[];
	/** Sums over the days that the channel told, by currency. */
	totals: { currency: string; ours: DayFigures; theirs: ToldFigures }[];
	/** Orders of these days that stand on another day in the organization's own zone. */
	shifted: number;
	/** Why there is no figure of the channel, in a sentence; null when there is one. */
	silence: string | null;
}
