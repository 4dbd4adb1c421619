import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAmazon, type Amazon } from './amazon/amazon.ts';
import { SHARES, type Options } from './options.ts';
import { replayShop } from './replay/shop.ts';
import { createReplayLive, type ReplayLive } from './replay/live.ts';
import { Bucket } from './shopify/bucket.ts';
import { bulkView } from './shopify/bulk/view.ts';
import { Listings } from './shopify/listings.ts';
import { rootOf, type RootServices } from './shopify/root.ts';
import { deterministicSecret, PLANS, type AppCredentials, type Tenant } from './shopify/tenant.ts';
import { createDeliverer, type Deliverer } from './shopify/webhooks/delivery.ts';
import { createStripe, type Stripe } from './stripe/stripe.ts';
import type { Trouble } from './trouble.ts';
import { generateShop } from './world/generate.ts';
import { createLive, type Live } from './world/live.ts';
import { generateMarket } from './world/market/history.ts';
import { stockChangesOf } from './world/market/changes.ts';
import { createMarketLive, type MarketLive } from './world/market/live.ts';
import type { MarketName } from './world/market/model.ts';
import type { Shop } from './world/model.ts';
import { isoUtc, wholeSecond } from './world/time.ts';

/** F38 from the command line: long enough for a sync to have begun. */
const GOODBYE_AFTER_MS = 10_000;

/** A marketplace's history ends that long ago: Amazon tells nothing of the last two minutes. */
const SETTLED_MS = 180_000;

export interface Simulator {
	options: Options;
	app: AppCredentials;
	tenants: Tenant[];
	live: Map<Tenant, Live>;
	replayLive: ReplayLive | null;
	/** The marketplaces that someone has asked for, beside each shop. */
	markets: Map<Tenant, Map<MarketName, MarketLive>>;
	/**
	 * A marketplace of a shop (the first by default). It is made when first asked for, with a history up to then: who
	 * needs the shop only pays nothing for it. Throws when the simulator runs without it.
	 */
	market(name: MarketName, tenant?: Tenant): MarketLive;
	/** Amazon's side of every shop; null without that channel. */
	amazon: Amazon | null;
	/** Whose customers are organizations of the app, not of the shop. */
	stripe: Stripe;
	/** What goes wrong on the way, as the control endpoint asked. */
	troubles: Trouble[];
	deliverer: Deliverer;
	services: Omit<RootServices, 'warn'>;
	/** Set once the server listens. */
	baseUrl: string;
	signWithPrevious: boolean;
	startedAt: number;
	start(): void;
	stop(): void;
}

/** Builds the shops and everything around them; nothing runs and nothing listens until `start`. */
export async function createSimulator(options: Options): Promise<Simulator> {
	const now = () => Date.now();
	const anchor = wholeSecond(options.now ?? now());
	const app: AppCredentials = {
		clientId: options.clientId ?? deterministicSecret('', options.seed, 'client id'),
		clientSecret: options.clientSecret ?? deterministicSecret('shpss_', options.seed, 'client secret'),
		previousSecret: null
	};
	const directory = mkdtempSync(join(tmpdir(), 'tidemark-simulator-'));
	const deliverer = createDeliverer({
		enabled: options.webhooks,
		speed: options.speed,
		now,
		signWithPrevious: () => simulator.signWithPrevious
	});
	const services: Simulator['services'] = {
		now,
		baseUrl: () => simulator.baseUrl,
		directory,
		bulkDelay: options.bulkDelay,
		rootOf: (tenant) => rootOf(tenant, { ...services, warn: () => {} }) as unknown as Record<string, unknown>,
		finished: (tenant, operation) => {
			const view = bulkView(operation, services);
			deliverer.send(tenant, 'bulk_operations/finish', {
				admin_graphql_api_id: view.id,
				completed_at: view.completedAt,
				created_at: view.createdAt,
				error_code: view.errorCode?.toLowerCase() ?? null,
				status: view.status.toLowerCase(),
				type: 'query'
			});
		}
	};
	const replay = options.replay ? await replayShop(options.replay, options) : null;
	const shops = replay ? [replay.shop] : makeShops(options, anchor);
	const tenants = shops.map((shop) => makeTenant(shop, app, options));
	const live = new Map<Tenant, Live>();
	if (!replay) {
		for (const tenant of tenants) {
			const { rate, speed, ordersPerDay } = options;
			const publish = (changes: Parameters<Deliverer['publish']>[1]) => deliverer.publish(tenant, changes);
			live.set(
				tenant,
				createLive(tenant.shop, { rate, speed, ordersPerDay, now, publish, faults: tenant.faults })
			);
		}
	}
	const replayLive =
		replay && options.replayLive > 0
			? createReplayLive(
					replay,
					options.replayLive * options.speed,
					() => tenants[0]!.subscriptions.some((subscription) => subscription.topic === 'ORDERS_CREATE'),
					(changes) => deliverer.publish(tenants[0]!, changes)
				)
			: null;

	const markets = new Map<Tenant, Map<MarketName, MarketLive>>(tenants.map((tenant) => [tenant, new Map()]));
	function openMarket(name: MarketName, tenant: Tenant): MarketLive {
		const plan = options.markets.get(name);
		if (!plan) throw new Error(`The simulator runs without ${name}`);
		const { shop } = tenant;
		const market = generateMarket(name, shop, {
			seed: options.shops === 1 ? options.seed : `${options.seed}.${shop.n}`,
			now: wholeSecond(options.now ?? now() - SETTLED_MS),
			ordersPerDay: plan.ordersPerDay,
			sites: plan.sites
		});
		const publish = (changes: Parameters<Deliverer['publish']>[1]) => deliverer.publish(tenant, changes);
		const { speed } = options;
		// Who changed the shop's rate meanwhile meant the marketplaces with it.
		const current = live.get(tenant)?.state().ratePerMinute ?? options.rate;
		const rate = current === options.rate ? plan.rate : current * SHARES[name];
		const opened = createMarketLive(market, { rate, speed, now, publish, faults: tenant.faults });
		for (const order of market.orders) {
			if (order.stocked) publish(stockChangesOf({ kind: 'created', order, at: order.createdAt }));
		}
		if (started) opened.start();
		return opened;
	}

	let started = false;
	let goodbye: NodeJS.Timeout | undefined;
	const simulator: Simulator = {
		options,
		app,
		tenants,
		live,
		replayLive,
		markets,
		market(name, tenant = tenants[0]!) {
			const open = markets.get(tenant)!;
			const found = open.get(name) ?? openMarket(name, tenant);
			open.set(name, found);
			return found;
		},
		amazon: null,
		stripe: createStripe(options.seed),
		troubles: [],
		deliverer,
		services,
		baseUrl: '',
		signWithPrevious: false,
		startedAt: now(),
		start() {
			started = true;
			for (const open of markets.values()) for (const one of open.values()) one.start();
			for (const one of live.values()) one.start();
			replayLive?.start();
			goodbye = setTimeout(() => {
				for (const tenant of tenants) if (tenant.faults.has('F38')) uninstall(simulator, tenant);
			}, GOODBYE_AFTER_MS / options.speed);
			goodbye.unref();
		},
		stop() {
			clearTimeout(goodbye);
			for (const open of markets.values()) for (const one of open.values()) one.stop();
			for (const one of live.values()) one.stop();
			replayLive?.stop();
			deliverer.close();
			rmSync(directory, { recursive: true, force: true });
		}
	};
	simulator.amazon = createAmazon(simulator);
	return simulator;
}

function makeShops(options: Options, anchor: number): Shop[] {
	return Array.from({ length: options.shops }, (_, i) => {
		const single = options.shops === 1;
		return generateShop({
			n: i + 1,
			seed: single ? options.seed : `${options.seed}.${i + 1}`,
			domain: single ? options.shop : `shop-${i + 1}.myshopify.com`,
			name: single ? 'Alder & Finch' : `Alder & Finch ${i + 1}`,
			currency: options.currency,
			zone: options.timeZone,
			now: anchor,
			months: options.months,
			products: options.products,
			ordersPerDay: options.ordersPerDay
		});
	});
}

function makeTenant(shop: Shop, app: AppCredentials, options: Options): Tenant {
	const plan = PLANS[options.plan]!;
	return {
		shop,
		app,
		legacyToken: options.accessToken ?? deterministicSecret('shpat_', options.seed, shop.domain),
		plan,
		tokens: new Map(),
		refreshTokens: new Map(),
		codes: new Map(),
		bucket: new Bucket(options.bucket, plan.restoreRate, Date.now()),
		bulkOperations: [],
		subscriptions: [],
		nextSubscription: 1,
		listings: new Listings(shop),
		faults: new Set(options.faults),
		counters: { graphql: 0, throttled: 0, bulk: 0 },
		installed: true,
		scopes: options.scopes
	};
}

/** F38: the merchant removes the app, everywhere. Tokens die at once; the last webhooks still go out. */
export function uninstall(simulator: Simulator, tenant: Tenant): void {
	const { shop } = tenant;
	const id = 68_100_000_000 + shop.n;
	const send = (topic: string, payload: unknown) => simulator.deliverer.send(tenant, topic, payload);
	const customer = shop.customers.at(-1);
	const to = tenant.subscriptions[0]?.uri;
	if (to) {
		// Privacy topics are set in the app's own settings, not by subscription: they go to the same address.
		for (const topic of ['CUSTOMERS_REDACT', 'SHOP_REDACT']) {
			if (tenant.subscriptions.some((s) => s.topic === topic)) continue;
			const like = tenant.subscriptions[0]!;
			tenant.subscriptions.push({ ...like, n: tenant.nextSubscription++, topic });
		}
	}
	send('app/uninstalled', { id, name: shop.name, domain: shop.domain, myshopify_domain: shop.domain, email: shop.email, updated_at: isoUtc(Date.now()) }); // prettier-ignore
	if (customer) {
		send('customers/redact', { shop_id: id, shop_domain: shop.domain, customer: { id: 7_300_000_000_000 + customer.n, email: customer.email }, orders_to_redact: [] }); // prettier-ignore
	}
	send('shop/redact', { shop_id: id, shop_domain: shop.domain });
	const seller = simulator.amazon?.sellerOf(tenant);
	if (seller) seller.revoked = true;
	tenant.installed = false;
	tenant.tokens.clear();
	tenant.refreshTokens.clear();
	tenant.subscriptions.length = 0;
}
