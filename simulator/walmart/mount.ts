import type { IncomingMessage } from 'node:http';
import type { Simulator } from '../simulator.ts';
import type { Tenant } from '../shopify/tenant.ts';
import type { MarketLive } from '../world/market/live.ts';
import { answerWalmart } from './api.ts';
import { createDeliveries, type Deliveries } from './deliveries.ts';
import { createSeller, keysOf, LIMITS, type Limit, type Seller } from './seller.ts';

const MOST_BODY = 1024 * 1024;

export interface WalmartSide {
	live: MarketLive;
	seller: Seller;
	deliveries: Deliveries;
	/** True while the shop's owner has taken all authorisations back. */
	gone: boolean;
}

const open = new WeakMap<Tenant, WalmartSide>();

/** The Walmart seller beside a shop (the first by default), made with its history when first asked for. */
export function walmartOf(simulator: Simulator, tenant: Tenant = simulator.tenants[0]!): WalmartSide {
	const found = open.get(tenant);
	if (found) return found;
	const { options, services } = simulator;
	const live = simulator.market('walmart', tenant);
	const quota = options.markets.get('walmart')?.quota ?? 1;
	const limits = Object.fromEntries(
		Object.entries(LIMITS).map(([name, { perMinute, burst }]): [string, Limit] => {
			return [name, { perMinute: perMinute * quota, burst: Math.max(1, Math.round(burst * quota)) }];
		})
	);
	const seed = walmartSeed(simulator, tenant);
	const seller = createSeller(
		live.market,
		{ seed, now: services.now, limits, speed: options.speed },
		tenant.faults
	);
	const deliveries = createDeliveries(seller);
	if (options.webhooks) live.market.listeners.add((change) => deliveries.hear(change));
	const side: WalmartSide = { live, seller, deliveries, gone: false };
	open.set(tenant, side);
	return side;
}

/** What a seller's keys follow from: known before the marketplace is made. */
function walmartSeed({ options }: Simulator, { shop }: Tenant): string {
	return options.shops === 1 ? options.seed : `${options.seed}.${shop.n}`;
}

/** What a person or a test needs to connect. */
export function walmartCredentials(simulator: Simulator) {
	return { url: `${simulator.baseUrl}/walmart`, ...keysOf(walmartSeed(simulator, simulator.tenants[0]!)) };
}

/** Answers a request under /walmart. The query is taken as it came: cursors must come back letter by letter. */
export async function mountWalmart(simulator: Simulator, request: IncomingMessage) {
	const parts: Buffer[] = [];
	let size = 0;
	for await (const part of request) {
		size += (part as Buffer).length;
		if (size > MOST_BODY) return { status: 413, body: { errors: [] } };
		parts.push(part as Buffer);
	}
	const raw = (request.url ?? '').slice('/walmart'.length);
	const query = raw.indexOf('?');
	const headers = Object.fromEntries(
		Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value])
	);
	const tenant = tenantOf(simulator, headers);
	const side = walmartOf(simulator, tenant);
	// F38: the seller deletes the keys; nothing of them works any more
	const gone = !tenant.installed || side.seller.faults.has('F38');
	if (gone !== side.gone) {
		side.gone = gone;
		side.seller.connected = !gone;
		side.seller.tokens.clear();
	}
	return answerWalmart(side.seller, {
		method: request.method ?? 'GET',
		path: query < 0 ? raw : raw.slice(0, query),
		search: query < 0 ? '' : raw.slice(query + 1),
		headers,
		body: Buffer.concat(parts).toString()
	});
}

/** With several shops, the one whose keys or token a request carries. */
function tenantOf(simulator: Simulator, headers: Record<string, string | undefined>): Tenant {
	const { tenants } = simulator;
	if (tenants.length === 1) return tenants[0]!;
	const id = Buffer.from((headers.authorization ?? '').replace(/^Basic /i, ''), 'base64')
		.toString()
		.split(':')[0];
	const token = headers['wm_sec.access_token'];
	const found = tenants.find((tenant) => {
		const side = open.get(tenant);
		return side && ((token && side.seller.tokens.has(token)) || side.seller.clientId === id);
	});
	return (
		found ?? tenants.find((tenant) => keysOf(walmartSeed(simulator, tenant)).clientId === id) ?? tenants[0]!
	);
}
