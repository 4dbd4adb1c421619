import type { Tenant } from '../shopify/tenant.ts';
import type { Simulator } from '../simulator.ts';
import type { Market, MarketOrder } from '../world/market/model.ts';
import type { MarketLive } from '../world/market/live.ts';
import { Turns } from './faults.ts';
import type { Subscription, Destination } from './notifications.ts';
import type { Queue } from './sqs.ts';
import type { ReportJob } from './reports/job.ts';
import { createUsage, type Usage } from './usage.ts';
import { digest } from './reply.ts';

export interface AccessToken {
	expiresAt: number;
	/** Calls it still lives for under F13. */
	callsLeft: number;
	grantless: boolean;
}

/** One Amazon seller together with what the app has there. */
export interface AmazonSeller {
	tenant: Tenant;
	sellerId: string;
	refreshToken: string;
	clientId: string;
	clientSecret: string;
	applicationId: string;
	queueUrl(): string;
	/** Made, with its history, at the first call that needs it. */
	live(): MarketLive;
	market(): Market;
	now(): number;
	/** F05: the API's own clock. */
	apiNow(): number;
	baseUrl(): string;
	/** Wait in a report's queue, milliseconds. */
	reportDelay: number;
	tokens: Map<string, AccessToken>;
	codes: Map<string, number>;
	revoked: boolean;
	usage: Usage;
	turns: Turns;
	destinations: Map<string, Destination>;
	subscriptions: Map<string, Subscription>;
	queue: Queue;
	/** All sellers of the application, this one too. */
	peers: readonly AmazonSeller[];
	reports: Map<string, ReportJob>;
	/** Orders that cannot be found before an instant (F06, F15). */
	hidden: Map<MarketOrder, number>;
	/** Page tokens that were used, for F08. */
	usedTokens: Set<string>;
	counters: {
		calls: number;
		throttled: number;
		refused: number;
		tokens: number;
		byOperation: Record<string, number>;
	};
	faults: ReadonlySet<string>;
}

/** A seller whose credentials follow from the seed, so that a person can connect twice. */
export function createSeller(
	simulator: Simulator,
	tenant: Tenant,
	shared: Pick<AmazonSeller, 'queue' | 'destinations'>,
	peers: readonly AmazonSeller[]
): AmazonSeller {
	const { options } = simulator;
	const seed = `${options.seed}|${tenant.shop.domain}`;
	const hex = (use: string, length: number) => digest([seed, 'amazon', use], length);
	// One application for all sellers.
	const app = (use: string, length: number) => digest([options.seed, 'amazon application', use], length);
	let watched = false;
	const seller: AmazonSeller = {
		tenant,
		sellerId: `A${hex('seller', 13).toUpperCase()}`,
		refreshToken: `Atzr|${hex('refresh', 64)}`,
		clientId: `amzn1.application-oa2-client.${app('client', 32)}`,
		clientSecret: `amzn1.oa2-cs.v1.${app('secret', 64)}`,
		applicationId: `amzn1.sp.solution.${app('application', 32)}`,
		queueUrl: () => `${simulator.baseUrl}/amazon/sqs/000000000000/${shared.queue.name}`,
		live() {
			const live = simulator.market('amazon', tenant);
			if (!watched) {
				watched = true;
				shared.queue.watch(seller, live.market);
			}
			return live;
		},
		market: () => seller.live().market,
		now: () => Date.now(),
		apiNow: () => Date.now() - (tenant.faults.has('F05') ? 300_000 : 0),
		baseUrl: () => `${simulator.baseUrl}/amazon`,
		reportDelay: options.bulkDelay / options.speed,
		tokens: new Map(),
		codes: new Map(),
		revoked: false,
		usage: createUsage(options.markets.get('amazon')!.quota),
		turns: new Turns(),
		subscriptions: new Map(),
		...shared,
		peers,
		reports: new Map(),
		hidden: new Map(),
		usedTokens: new Set(),
		counters: { calls: 0, throttled: 0, refused: 0, tokens: 0, byOperation: {} },
		faults: tenant.faults
	};
	return seller;
}

/** True when the API shows the order by now. */
export function isVisible(seller: AmazonSeller, order: MarketOrder): boolean {
	if (seller.hidden.size === 0) return true;
	const until = seller.hidden.get(order);
	if (until === undefined) return true;
	if (until > seller.now()) return false;
	seller.hidden.delete(order);
	return true;
}
