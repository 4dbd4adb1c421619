import { setTimeout as sleep } from 'node:timers/promises';
import { noteTrouble } from '../journal.ts';

/** Shopify's leaky bucket of query cost, as its last answer told it. */
interface Bucket {
	maximum: number;
	available: number;
	/** Points that come back each second. */
	restoreRate: number;
	at: number;
	/** Callers wait one behind the other, so that together they keep to the budget. */
	tail: Promise<void>;
}

export interface ThrottleStatus {
	maximumAvailable: number;
	currentlyAvailable: number;
	restoreRate: number;
}

const held = globalThis as unknown as { tidemarkShopifyBuckets?: Map<string, Bucket> };
const buckets = (held.tidemarkShopifyBuckets ??= new Map());

/** The budget of one app at one shop; all workers of this process share it. */
export function bucketFor(app: string, shop: string): Bucket {
	const key = `${app}@${shop}`;
	let bucket = buckets.get(key);
	if (!bucket)
		buckets.set(
			key,
			(bucket = { maximum: 1000, available: 1000, restoreRate: 50, at: Date.now(), tail: Promise.resolve() })
		);
	return bucket;
}

/** Waits until the bucket holds `cost` points and takes them. @throws AbortError when `signal` fires */
export function take(bucket: Bucket, cost: number, signal?: AbortSignal): Promise<void> {
	const turn = bucket.tail.then(async () => {
		refill(bucket);
		const wanted = Math.min(cost, bucket.maximum);
		if (bucket.available < wanted) {
			const wait = waitFor(wanted, bucket.available, bucket.restoreRate);
			noteTrouble('Waited for points of Shopify’s budget.', wait);
			await sleep(wait, undefined, signal ? { signal } : {});
			refill(bucket);
		}
		bucket.available -= wanted;
	});
	bucket.tail = turn.catch(() => {});
	return turn;
}

/** Milliseconds until `requested` points are there: whole seconds, as Shopify's documents ask. */
export function waitFor(requested: number, available: number, restoreRate: number): number {
	if (available >= requested) return 0;
	return Math.ceil((requested - available) / Math.max(1, restoreRate)) * 1000;
}

/** Takes over what Shopify says about the bucket. */
export function told(bucket: Bucket, status: ThrottleStatus): void {
	bucket.maximum = status.maximumAvailable;
	bucket.available = status.currentlyAvailable;
	bucket.restoreRate = status.restoreRate;
	bucket.at = Date.now();
}

function refill(bucket: Bucket): void {
	const now = Date.now();
	bucket.available = Math.min(
		bucket.maximum,
		bucket.available + ((now - bucket.at) / 1000) * bucket.restoreRate
	);
	bucket.at = now;
}
