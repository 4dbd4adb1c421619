import { setTimeout as sleep } from 'node:timers/promises';
import { openEvents, type EventStream } from '../../bench/sse.ts';

/** An event stream read as a browser does: when it breaks, it connects again by the last id it saw. */
export interface Follower {
	/** Positions of the events, in the order in which they came. */
	positions: number[];
	/** How often the server said that it could not replay. */
	resets: number;
	reconnects: number;
	stop(): Promise<void>;
}

/** Follows a stream until `stop`; connections that fail are tried again every 50 ms. */
export function follow(url: string, cookie: string): Follower {
	const follower: Follower = { positions: [], resets: 0, reconnects: -1, stop };
	let stopped = false;
	let stream: EventStream | null = null;
	let lastEventId: number | null = null;
	const loop = (async () => {
		while (!stopped) {
			try {
				stream = await openEvents(url, {
					cookie,
					lastEventId,
					onEvent: ({ id, event }) => {
						if (event === 'reset') follower.resets++;
						if (event === 'message') follower.positions.push(id!);
					}
				});
				follower.reconnects++;
				await stream.ended;
				lastEventId = stream.lastId();
			} catch {
				await sleep(50); // the server is away
			}
		}
	})();
	async function stop() {
		stopped = true;
		stream?.close();
		await loop;
	}
	return follower;
}
