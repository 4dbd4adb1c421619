import type { LiveOrder } from '#lib/contracts/live.ts';

/** Orders in the ticker. */
export const TICKER_ROWS = 7;

/** The newest orders with one more or one changed; newest first, at most `most`. An order older than all of them stays out. */
export function withOrder(rows: readonly LiveOrder[], order: LiveOrder, most: number): LiveOrder[] {
	const known = rows.findIndex(({ id }) => id === order.id);
	if (known >= 0) return rows.with(known, order);
	const place = rows.findIndex(({ placedAt }) => Date.parse(placedAt) <= Date.parse(order.placedAt));
	return rows.toSpliced(place < 0 ? rows.length : place, 0, order).slice(0, most);
}
