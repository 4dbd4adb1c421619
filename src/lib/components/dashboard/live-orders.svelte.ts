import type { LiveEvent, LiveOrder } from '#lib/contracts/live.ts';
import { TICKER_ROWS, withOrder } from './ticker-rows.ts';

/** The ticker's rows: the newest orders, kept still while someone reads them. */
export function liveOrders(
	rendered: readonly LiveOrder[],
	matches: (event: LiveEvent & { kind: 'order' }) => boolean
) {
	let rows = $state.raw<readonly LiveOrder[]>(rendered);
	let fresh = $state.raw<readonly string[]>([]);
	let held = $state.raw<readonly LiveOrder[]>([]);
	let paused = false;

	function show(order: LiveOrder): void {
		const next = withOrder(rows, order, TICKER_ROWS);
		const arrived = next.some(({ id }) => id === order.id) && !rows.some(({ id }) => id === order.id);
		rows = next;
		if (arrived) fresh = [...fresh, order.id].slice(-TICKER_ROWS);
	}

	return {
		get rows() {
			return rows;
		},
		get fresh() {
			return fresh;
		},
		get waiting() {
			return held.length;
		},
		take(event: LiveEvent): void {
			if (event.kind !== 'order' || !matches(event)) return;
			if (paused) held = [...held.filter(({ id }) => id !== event.order.id), event.order].slice(-100);
			else show(event.order);
		},
		pause(next: boolean): void {
			paused = next;
			if (paused) return;
			held.forEach(show);
			held = [];
		}
	};
}
