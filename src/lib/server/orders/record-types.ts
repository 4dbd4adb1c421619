import type { Channel } from '#lib/contracts/channels.ts';
import type { PendingEvent } from '../live/index.ts';
import type { ChannelOrder } from './channel-order.ts';

/** One order to record, with the place it belongs to. */
export interface OrderEntry {
	organizationId: string;
	connectionId: string;
	channel: Channel;
	/** The organization's, IANA. */
	timeZone: string;
	order: ChannelOrder;
}

/**
 * created: new. updated: its content changed. unchanged: nothing about it is new (its version may have moved).
 * stale: a newer version is stored, or stands in the same batch.
 */
export type OrderOutcome = 'created' | 'updated' | 'unchanged' | 'stale';

export interface Recorded {
	/** In the order of the entries. */
	outcomes: { orderId: string; outcome: OrderOutcome }[];
	/** For `live.record`: one per changed order, or one `orders` event for an organization with more than 50. */
	events: PendingEvent[];
}
