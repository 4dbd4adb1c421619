import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ChannelError } from './error.ts';
import { rateBucket } from './rate-bucket.ts';

vi.mock('../platform/redis.ts', () => ({ redis: () => null }));
// the timers of node:timers/promises are not faked
vi.mock('./http.ts', () => ({ pause: (ms: number) => new Promise((done) => setTimeout(done, ms)) }));
beforeEach(() => vi.useFakeTimers({ now: Date.parse('2026-11-20T12:00:00Z') }));
afterEach(() => vi.useRealTimers());

let n = 0;
const plan = (rate: number, burst: number) => ({ key: `test ${n++}`, channel: 'Amazon', rate, burst });
/** Milliseconds until `count` takes are done. */
async function timed(work: () => Promise<unknown>): Promise<number> {
	const from = Date.now();
	const done = work().then(() => Date.now() - from);
	await vi.runAllTimersAsync();
	return done;
}

test('a burst goes at once, then one each interval, whoever asks', async () => {
	const given = plan(2, 3);
	const [one, other] = [rateBucket(given), rateBucket(given)];
	expect(await timed(() => Promise.all([one.take(), other.take(), one.take()]))).toBe(0);
	expect(await timed(() => Promise.all([one.take(), other.take()]))).toBe(1000);
});

test('F04: a rate that the channel tells counts at once', async () => {
	const given = plan(2, 1);
	const bucket = rateBucket(given);
	await bucket.take();
	await bucket.adopt(0.5);
	expect(await timed(() => bucket.take())).toBe(2000);
	await bucket.adopt(100);
	expect(await timed(() => bucket.take())).toBe(10);
	expect(rateBucket(given).state().rate).toBe(100);
});

test('F03: after a refusal nobody asks before the time is over, and then one at a time', async () => {
	const bucket = rateBucket(plan(1, 10));
	await bucket.take();
	await bucket.refused(3000);
	const at: number[] = [];
	const from = Date.now();
	await timed(() => Promise.all([1, 2, 3].map(() => bucket.take().then(() => at.push(Date.now() - from)))));
	expect(at[0]).toBeGreaterThanOrEqual(3000);
	expect(at.map((ms) => Math.floor(ms / 1000))).toEqual([3, 4, 5]);
});

test('a long wait is not waited: the run is told when to come again', async () => {
	const bucket = rateBucket(plan(0.0056, 1));
	await bucket.take();
	const refusal = await bucket.take().catch((error: unknown) => error);
	expect(refusal).toBeInstanceOf(ChannelError);
	expect(refusal).toMatchObject({ kind: 'throttled' });
	expect(Math.round((refusal as ChannelError).waitMs! / 1000)).toBe(179);
	expect(bucket.state().left).toBe(0);
});
