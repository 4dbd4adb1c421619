import type { Change } from '../world/model.ts';
import { MINUTE } from '../world/time.ts';
import type { Replay } from './shop.ts';

const TICK = 20;

export type ReplayLive = ReturnType<typeof createReplayLive>;

/**
 * Sends the invoices of a replayed file as webhooks, oldest first, `perMinute` of them a minute. It waits until someone
 * has subscribed to new orders: an invoice sent before that would never be heard of.
 */
export function createReplayLive(
	replay: Replay,
	perMinute: number,
	hasListener: () => boolean,
	publish: (changes: readonly Change[]) => void
) {
	const { shop, upcoming } = replay;
	let place = 0;
	let paused = false;
	let timer: NodeJS.Timeout | undefined;
	let due = 0;

	function tick(): void {
		if (!paused && hasListener()) due += (perMinute * TICK) / MINUTE;
		while (due >= 1 && place < upcoming.length) {
			due--;
			const order = upcoming[place++]!;
			shop.orders.push(order);
			shop.revision++;
			const changes: Change[] = [{ topic: 'orders/create', order }];
			for (const refund of order.refunds) changes.push({ topic: 'refunds/create', order, refund });
			publish(changes);
		}
		if (place < upcoming.length) timer = setTimeout(tick, TICK);
	}

	return {
		start: tick,
		stop: () => clearTimeout(timer),
		pause: (on: boolean) => {
			paused = on;
		},
		state: () => ({
			ratePerMinute: perMinute,
			sent: place,
			left: upcoming.length - place,
			paused,
			waiting: !hasListener()
		})
	};
}
