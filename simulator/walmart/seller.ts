import { createHash } from 'node:crypto';
import { Bucket } from '../shopify/bucket.ts';
import { Turns } from './faults.ts';
import type { Subscription } from './subscriptions.ts';
import type { Market } from '../world/market/model.ts';

/** Calls a minute and at once, per seller and endpoint. Walmart's own figures could not be checked, so they are settings. */
export interface Limit {
	perMinute: number;
	burst: number;
}

export const LIMITS: Readonly<Record<string, Limit>> = {
	token: { perMinute: 600, burst: 100 },
	orders: { perMinute: 5000, burst: 200 },
	order: { perMinute: 5000, burst: 200 },
	returns: { perMinute: 1200, burst: 100 },
	items: { perMinute: 900, burst: 100 },
	inventory: { perMinute: 1200, burst: 100 },
	inventories: { perMinute: 1200, burst: 100 },
	'wfs-inventory': { perMinute: 600, burst: 60 },
	reports: { perMinute: 600, burst: 60 },
	webhooks: { perMinute: 600, burst: 60 },
	price: { perMinute: 600, burst: 60 }
};

export interface WalmartOptions {
	seed: string;
	now: () => number;
	/** Seconds a token lives. */
	tokenLife: number;
	/** Most orders one listing gives: 20,000 in the models, 10,000 on the documentation's page. */
	cap: number;
	limits: Readonly<Record<string, Limit>>;
	/** Whether a charge of an order line is for the line or for each piece; the models do not say. */
	charges: 'line' | 'unit';
	/** Divides the waits between tries of a webhook. */
	speed: number;
}

/** How long an issued cursor can be used. */
const CURSOR_LIFE_MS = 10 * 60_000;

/** A listing under way: the ids it found when it began, so that pages do not shift. */
export interface Listing {
	ids: readonly string[];
	offset: number;
	limit: number;
	expiresAt: number;
}

/** One Walmart seller: its keys, tokens, cursors, subscriptions, and what has gone wrong on purpose. */
export interface Seller {
	market: Market;
	options: WalmartOptions;
	clientId: string;
	clientSecret: string;
	partnerId: string;
	tokens: Map<string, number>;
	cursors: Map<string, Listing>;
	buckets: Map<string, Bucket>;
	subscriptions: Map<string, Subscription>;
	reports: Map<string, { id: string; type: string; version: string; at: number }>;
	prices: Map<string, number>;
	faults: ReadonlySet<string>;
	turns: Turns;
	correlationIds: Set<string>;
	/** The newest calls, for tests that hold our requests against the official models. */
	calls: { method: string; path: string; search: string; body: string }[];
	counters: {
		calls: number;
		tokens: number;
		throttled: number;
		refused: number;
		/** Calls whose correlation id was used before: each try must have its own. */
		repeatedCorrelationIds: number;
		/** By "shipNodeType" of order listings. */
		listings: Record<string, number>;
	};
	/** False once the seller has deleted the keys (F38). */
	connected: boolean;
	/** Ids that this answer must leave out: the next partial answer of F32 sets how many. */
	missing(ids: readonly string[]): readonly string[];
	/** Rows to leave out of the next listing. */
	leaveOut: number;
	/** Orders that cannot be read one by one either. */
	hidden: ReadonlySet<string>;
}

/** A seller's keys follow from the seed alone, so that a person can connect twice. */
export function keysOf(seed: string): Pick<Seller, 'clientId' | 'clientSecret' | 'partnerId'> {
	const hash = (use: string) => createHash('sha512').update(`${seed}|walmart|${use}`);
	const id = hash('client id').digest('hex');
	return {
		clientId: `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-a${id.slice(17, 20)}-${id.slice(20, 32)}`,
		clientSecret: `A${hash('secret').digest('base64url')}`,
		partnerId: `1000${String(parseInt(hash('partner').digest('hex').slice(0, 8), 16) % 10_000_000).padStart(7, '0')}`
	};
}

/** A seller of a marketplace, as its API shows it. */
export function createSeller(
	market: Market,
	given: Partial<WalmartOptions> & Pick<WalmartOptions, 'seed' | 'now'>,
	faults: ReadonlySet<string>
): Seller {
	const options: WalmartOptions = {
		tokenLife: 900,
		cap: 10_000,
		limits: LIMITS,
		charges: 'line',
		speed: 1,
		...given
	};
	const seller: Seller = {
		market,
		options,
		...keysOf(options.seed),
		tokens: new Map(),
		cursors: new Map(),
		buckets: new Map(),
		subscriptions: new Map(),
		reports: new Map(),
		prices: new Map(),
		faults,
		turns: new Turns(),
		correlationIds: new Set(),
		calls: [],
		counters: { calls: 0, tokens: 0, throttled: 0, refused: 0, repeatedCorrelationIds: 0, listings: {} },
		connected: true,
		leaveOut: 0,
		hidden: new Set(),
		missing(ids) {
			const gone = seller.leaveOut > 0 ? ids.slice(0, seller.leaveOut) : [];
			seller.leaveOut = 0;
			return gone;
		}
	};
	return seller;
}

/** Takes one call off the endpoint's bucket; answers the headers that say how it stands, and whether there was one. */
export function takeCall(
	seller: Seller,
	endpoint: string
): { allowed: boolean; headers: Record<string, string> } {
	const limit = seller.options.limits[endpoint] ?? { perMinute: 600, burst: 60 };
	const now = seller.options.now();
	let bucket = seller.buckets.get(endpoint);
	if (!bucket) seller.buckets.set(endpoint, (bucket = new Bucket(limit.burst, limit.perMinute / 60, now)));
	const allowed = bucket.take(1, now);
	const left = Math.floor(bucket.available(now));
	const next = now + Math.ceil(60_000 / limit.perMinute);
	return {
		allowed,
		headers: { 'X-Current-Token-Count': String(left), 'X-Next-Replenishment-Time': String(next) }
	};
}

/** Keeps a listing under its cursor, and forgets those that are past their time. */
export function keepListing(seller: Seller, cursor: string, listing: Omit<Listing, 'expiresAt'>): void {
	const now = seller.options.now();
	for (const [key, old] of seller.cursors) if (old.expiresAt < now) seller.cursors.delete(key);
	seller.cursors.set(cursor, { ...listing, expiresAt: now + CURSOR_LIFE_MS });
}
