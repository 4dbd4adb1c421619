import {
	RateLimiterMemory,
	RateLimiterRedis,
	RateLimiterRes,
	type RateLimiterAbstract
} from 'rate-limiter-flexible';
import { sha256 } from './crypto.ts';
import { RateLimited } from './errors.ts';
import { redis } from './redis.ts';

/** How a key stands after a try. `resetsIn` is in whole seconds. */
export interface Taken {
	tries: number;
	left: number;
	resetsIn: number;
}

/** So many tries in so many seconds, counted per key. */
export interface RateLimit {
	/**
	 * Counts one try of `key` (hashed before it is kept).
	 * @throws RateLimited when the key has used its tries
	 */
	take(key: string): Promise<Taken>;
	/** Forgets the tries of `key`, as after a successful sign-in. */
	reset(key: string): Promise<void>;
}

/**
 * Declares a limit. Counted in this process, or in Redis for all processes when REDIS_URL is set; while Redis is down each
 * process counts alone.
 */
export function rateLimit(limit: { name: string; tries: number; seconds: number }): RateLimit {
	const options = { points: limit.tries, duration: limit.seconds, keyPrefix: `limit:${limit.name}` };
	const memory = new RateLimiterMemory(options);
	let shared: { client: unknown; limiter: RateLimiterAbstract } | undefined;
	const limiter = (): RateLimiterAbstract => {
		const client = redis();
		if (!client) return memory;
		if (shared?.client !== client)
			shared = {
				client,
				limiter: new RateLimiterRedis({ ...options, storeClient: client, insuranceLimiter: memory })
			};
		return shared.limiter;
	};
	return {
		async take(key) {
			try {
				const { remainingPoints, msBeforeNext } = await limiter().consume(sha256(key));
				return {
					tries: limit.tries,
					left: Math.max(0, remainingPoints),
					resetsIn: Math.max(1, Math.ceil(msBeforeNext / 1000))
				};
			} catch (refusal) {
				if (!(refusal instanceof RateLimiterRes)) throw refusal;
				throw new RateLimited(Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)), limit.tries);
			}
		},
		async reset(key) {
			await limiter().delete(sha256(key));
		}
	};
}

/** The part of an address that one customer of a network holds: an IPv4 address, or the /64 of an IPv6 one. */
export function addressKey(address: string): string {
	const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
	if (!plain.includes(':')) return plain;
	const [head = '', tail = ''] = plain.split('::');
	const left = head.split(':').filter(Boolean);
	const right = tail.split(':').filter(Boolean);
	const zeros = plain.includes('::')
		? Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0')
		: [];
	return [...left, ...zeros, ...right]
		.slice(0, 4)
		.map((group) => Number.parseInt(group, 16).toString(16))
		.join(':');
}
