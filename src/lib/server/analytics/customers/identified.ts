import { CHANNELS, type Channel } from '#lib/contracts/channels.ts';
import type { CustomersUnconverted, Unidentified } from '#lib/contracts/customer-gaps.ts';
import { ask } from '../ask.ts';
import { exact } from '../exact.ts';
import { sales } from '../queries/sales.ts';
import { within, type Asked } from './asked.ts';
import { identified } from './queries/range.ts';
import { customersUnconverted } from './queries/totals.ts';

/** Orders and money that lead to no customer, by bucket. */
export interface LeftOut {
	unidentified: Unidentified;
	/** Net sales of no known customer by bucket, in 10^-14. */
	net: Map<string, bigint>;
}

/**
 * All sales of the days less those of known customers: guests, and buyers whom the channel does not name (Amazon’s). By the channel
 * of the order.
 */
export async function leftOut(
	{ ctx, at, money, shape }: Asked,
	from: string,
	to: string,
	channels: readonly Channel[]
): Promise<LeftOut> {
	const range = { ...money, from, to };
	const [all, known] = await Promise.all([
		ask(ctx, sales, at, within(channels), shape, range),
		ask(ctx, identified, at, within([]), shape, range)
	]);
	const wanted = known.filter((row) => channels.length === 0 || channels.includes(row.channel as Channel));
	const net = new Map<string, bigint>();
	const add = (bucket: string, amount: bigint) => net.set(bucket, (net.get(bucket) ?? 0n) + amount);
	for (const row of all) add(row.at, exact(row.gross) - exact(row.discounts) - exact(row.refunds));
	for (const row of wanted) add(row.at, -exact(row.net));
	const count = (rows: readonly { channel: string; orders: number }[], channel: Channel) =>
		rows.reduce((sum, row) => sum + (row.channel === channel ? row.orders : 0), 0);
	const byChannel = CHANNELS.map((channel) => ({
		channel,
		orders: count(all, channel),
		// facts may be a batch ahead of the rollups for a moment
		unidentified: Math.max(0, count(all, channel) - count(wanted, channel))
	})).filter(({ orders }) => orders > 0);
	return {
		net,
		unidentified: {
			orders: byChannel.reduce((sum, row) => sum + row.orders, 0),
			unidentified: byChannel.reduce((sum, row) => sum + row.unidentified, 0),
			byChannel
		}
	};
}

/** Money of customers that waits for an exchange rate. */
export function unconvertedOf(
	{ ctx, at, money, shape }: Asked,
	channels: readonly Channel[]
): Promise<CustomersUnconverted[]> {
	return ask(ctx, customersUnconverted, at, within(channels), shape, money);
}
