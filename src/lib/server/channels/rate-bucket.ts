import { log } from '../platform/log.ts';
import { redis } from '../platform/redis.ts';
import { ChannelError } from './error.ts';
import { pause } from './http.ts';
import { noteTrouble } from './journal.ts';

/** A token bucket as the channel counts it. */
export interface RatePlan {
	/** Application, seller and operation: whoever shares these shares the bucket. No secrets. */
	key: string;
	/** As people know the channel: Amazon. */
	channel: string;
	/** Tokens that come back each second, as documented; the channel's own word replaces it. */
	rate: number;
	burst: number;
}

/** One bucket, shared by all workers of this process, and of all processes when there is a Redis. */
export interface RateBucket {
	/**
	 * Waits for a token and takes it.
	 * @throws ChannelError `throttled` when the wait is longer than `MOST_WAIT_MS` (the run gives its slot away), `aborted`
	 */
	take(signal?: AbortSignal): Promise<void>;
	/** Takes over the rate that the channel tells; an answer without one keeps what is known. */
	adopt(rate: number): Promise<void>;
	/** The channel refused a call: the bucket is empty, and nobody asks again before `waitMs` are over. */
	refused(waitMs: number): Promise<void>;
	/** Rate per second, whole tokens left of at most so many, as far as this process knows. */
	state(): { rate: number; left: number; most: number };
}

/** A call that must wait longer than this gives its place to other accounts. */
export const MOST_WAIT_MS = 20_000;
const KEEP_SECONDS = 24 * 3600;

/** `full` is when the bucket would be full again (GCRA), `closed` until when nobody may ask; both milliseconds. */
interface State {
	rate: number;
	full: number;
	closed: number;
}

const held = globalThis as unknown as { tidemarkRateBuckets?: Map<string, State> };
const states = (held.tidemarkRateBuckets ??= new Map());
const MOST_BUCKETS = 50_000;

/** The same in Redis, by its clock: KEYS[1]; rate, burst, most wait, seconds to keep. Answers the wait and the rate in use. */
const TAKE = `
local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)
local s = redis.call('HMGET', KEYS[1], 'rate', 'full', 'closed')
local rate = tonumber(s[1]) or tonumber(ARGV[1]); local full = math.max(tonumber(s[2]) or 0, now); local closed = tonumber(s[3]) or 0
local step = 1000 / rate
local wait = math.max(0, full + step - ARGV[2] * step - now, closed - now)
if wait <= tonumber(ARGV[3]) then redis.call('HSET', KEYS[1], 'full', full + step); redis.call('EXPIRE', KEYS[1], ARGV[4]) end
return { math.ceil(wait), tostring(rate) }`;
const ADOPT = `
local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)
local s = redis.call('HMGET', KEYS[1], 'rate', 'full')
local old = tonumber(s[1]) or tonumber(ARGV[1]); local used = math.max(0, (tonumber(s[2]) or 0) - now) * old
redis.call('HSET', KEYS[1], 'rate', ARGV[3], 'full', now + used / ARGV[3]); redis.call('EXPIRE', KEYS[1], ARGV[4])`;
const REFUSED = `
local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)
local rate = tonumber(redis.call('HGET', KEYS[1], 'rate')) or tonumber(ARGV[1])
local closed = math.max(tonumber(redis.call('HGET', KEYS[1], 'closed')) or 0, now + ARGV[3])
redis.call('HSET', KEYS[1], 'closed', closed, 'full', closed + (ARGV[2] - 1) * 1000 / rate); redis.call('EXPIRE', KEYS[1], ARGV[4])`;

/** The bucket of a plan; the same key is the same bucket. */
export function rateBucket(plan: RatePlan): RateBucket {
	const state = stateOf(plan);
	const shared = async (script: string, ...given: number[]): Promise<unknown> => {
		const client = redis();
		if (!client) return null;
		try {
			return await client.eval(script, 1, `rate:${plan.key}`, plan.rate, plan.burst, ...given, KEEP_SECONDS);
		} catch (error) {
			log.debug({ err: error }, 'Redis did not answer; this process counts alone');
			return null;
		}
	};
	return {
		async take(signal) {
			const answer = (await shared(TAKE, MOST_WAIT_MS)) as [number, string] | null;
			if (answer) state.rate = Number(answer[1]);
			const own = reserve(state, plan.burst, Date.now());
			const wait = answer ? answer[0] : own;
			if (wait > MOST_WAIT_MS)
				throw new ChannelError(
					'throttled',
					`${plan.channel}’s limit is reached. Tidemark goes on in ${Math.ceil(wait / 1000)} seconds.`,
					null,
					{ waitMs: wait }
				);
			if (wait > 0) {
				if (wait > 250) noteTrouble(`Waited for ${plan.channel}’s limit of calls.`, Math.round(wait));
				await pause(wait, signal);
			}
			// somebody may have been refused while we waited
			while (state.closed > Date.now()) await pause(state.closed - Date.now() + Math.random() * 200, signal);
		},
		async adopt(rate) {
			if (!Number.isFinite(rate) || rate <= 0 || rate === state.rate) return;
			const now = Date.now();
			// as many tokens are used as before; only the time in which they come back is another
			state.full = now + (Math.max(0, state.full - now) * state.rate) / rate;
			state.rate = rate;
			await shared(ADOPT, rate);
		},
		async refused(waitMs) {
			state.closed = Math.max(state.closed, Date.now() + waitMs);
			// one token when it opens again, then one at a time: whoever waited does not come all at once
			state.full = state.closed + ((plan.burst - 1) * 1000) / state.rate;
			await shared(REFUSED, waitMs);
		},
		state() {
			const used = Math.max(0, state.full - Date.now()) * (state.rate / 1000);
			return { rate: state.rate, left: Math.max(0, Math.floor(plan.burst - used + 1e-6)), most: plan.burst };
		}
	};
}

/** Takes a token when it is there soon enough; answers the milliseconds until then. */
function reserve(state: State, burst: number, now: number): number {
	const step = 1000 / state.rate;
	const full = Math.max(state.full, now);
	const wait = Math.max(0, full + step - burst * step - now, state.closed - now);
	if (wait <= MOST_WAIT_MS) state.full = full + step;
	return wait;
}

function stateOf({ key, rate }: RatePlan): State {
	let state = states.get(key);
	if (!state) {
		if (states.size >= MOST_BUCKETS) states.clear();
		states.set(key, (state = { rate, full: 0, closed: 0 }));
	}
	return state;
}
