import { AsyncLocalStorage } from 'node:async_hooks';
import type { Channel } from '#lib/contracts/channels.ts';
import { metrics } from '../platform/metrics.ts';

/** How often each unknown value was seen, by `field: value`. */
export type Drift = Map<string, number>;

const running = new AsyncLocalStorage<Drift>();
const MOST_KEPT = 50;

/** Runs `work` and notes in `drift` which values of the channel it met that we do not know. */
export function collectingDrift<T>(drift: Drift, work: () => Promise<T>): Promise<T> {
	return running.run(drift, work);
}

/** Counts a value that we do not know; the value itself is kept by the caller as it stands. */
export function unknownValue(channel: Channel, field: string, value: string): void {
	metrics.unknownValues.inc({ channel, field });
	const drift = running.getStore();
	const key = `${field}: ${value.slice(0, 60)}`;
	if (drift && (drift.size < MOST_KEPT || drift.has(key))) drift.set(key, (drift.get(key) ?? 0) + 1);
}

/** Gives the channel's word back, and counts it when we do not know it. */
export function knownWord(
	channel: Channel,
	word: string | null,
	words: ReadonlySet<string>,
	field: string
): string | null {
	if (word !== null && !words.has(word)) unknownValue(channel, field, word);
	return word;
}
