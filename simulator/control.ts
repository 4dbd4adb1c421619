import {
	ControlError,
	described,
	numberOf,
	orderOf,
	spanOf,
	strings,
	wishOf,
	type Body
} from './control-input.ts';
import { FAULTS, parseFaults } from './faults.ts';
import { answerMarketControl } from './market-control.ts';
import { SHARES } from './options.ts';
import { deterministicSecret, type Tenant } from './shopify/tenant.ts';
import { uninstall, type Simulator } from './simulator.ts';
import {
	cancelOrder,
	editOrder,
	fulfil,
	noteOrder,
	refundOrder,
	setStock,
	type RefundKind
} from './world/changes.ts';
import { ledgerOf } from './world/ledger.ts';
import { answerStripeControl } from './stripe/control.ts';
import { readTrouble } from './trouble.ts';
import type { Change, Order } from './world/model.ts';
import { wholeSecond } from './world/time.ts';

const REFUND_KINDS: readonly string[] = ['full', 'partial', 'shipping', 'discrepancy', 'no_restock'];

const ACTIONS: Record<string, (simulator: Simulator, tenant: Tenant, body: Body) => unknown> = {
	faults: (simulator, tenant, body) => {
		for (const id of parseFaults(strings(body.on))) {
			tenant.faults.add(id);
			if (id === 'F38') uninstall(simulator, tenant);
		}
		for (const id of parseFaults(strings(body.off))) tenant.faults.delete(id);
		return { faults: [...tenant.faults] };
	},
	order: (simulator, tenant, body) => {
		const count = numberOf(body, 'count', 1);
		const orders: Order[] = [];
		for (let i = 0; i < count; i++) {
			const order = liveOf(simulator, tenant).emit(wishOf(body));
			if (order) orders.push(order);
		}
		if (orders.length === 0) throw new ControlError('Nothing that was wanted is in stock');
		return orders.length === 1
			? described(orders[0]!)
			: { placed: orders.length, orders: orders.map(described) };
	},
	refund: (simulator, tenant, body) => {
		const kind = typeof body.kind === 'string' ? body.kind : 'full';
		if (!REFUND_KINDS.includes(kind))
			throw new ControlError(`kind must be one of ${REFUND_KINDS.join(', ')}`);
		return change(simulator, tenant, body, (order, at) =>
			refundOrder(tenant.shop, order, at, kind as RefundKind)
		);
	},
	cancel: (simulator, tenant, body) => {
		return change(simulator, tenant, body, (order, at) => {
			return cancelOrder(tenant.shop, order, at, body.captured !== false);
		});
	},
	edit: (simulator, tenant, body) => {
		return change(simulator, tenant, body, (order, at) => editOrder(tenant.shop, order, at));
	},
	fulfil: (simulator, tenant, body) => {
		return change(simulator, tenant, body, (order, at) => fulfil(tenant.shop, order, at));
	},
	update: (simulator, tenant, body) => {
		return change(simulator, tenant, body, (order, at) => noteOrder(tenant.shop, order, at));
	},
	stock: (simulator, tenant, body) => {
		const location = numberOf(body, 'location', 1) - 1;
		const at = wholeSecond(Date.now());
		const available = numberOf(body, 'available', 0);
		simulator.deliverer.publish(tenant, setStock(tenant.shop, String(body.sku), location, available, at));
		return { sku: body.sku, location: location + 1, available };
	},
	rate: (simulator, tenant, body) => {
		const perMinute = numberOf(body, 'perMinute', 0);
		liveOf(simulator, tenant).setRate(perMinute);
		for (const [name, live] of simulator.markets.get(tenant)!) live.setRate(perMinute * SHARES[name]);
		return liveOf(simulator, tenant).state();
	},
	pause: (simulator, tenant) => {
		simulator.live.get(tenant)?.pause(true);
		for (const live of simulator.markets.get(tenant)!.values()) live.pause(true);
		simulator.replayLive?.pause(true);
		return { paused: true };
	},
	resume: (simulator, tenant) => {
		simulator.live.get(tenant)?.pause(false);
		for (const live of simulator.markets.get(tenant)!.values()) live.pause(false);
		simulator.replayLive?.pause(false);
		return { paused: false };
	},
	resend: (simulator, _tenant, body) => {
		return { sent: simulator.deliverer.resend(numberOf(body, 'times', 1), numberOf(body, 'last', 1)) };
	},
	advance: (simulator, tenant, body) => {
		return { placed: liveOf(simulator, tenant).advance(numberOf(body, 'seconds', 60)) };
	},
	'rotate-secret': (simulator, _tenant, body) => {
		const { app } = simulator;
		app.previousSecret = app.clientSecret;
		app.clientSecret =
			typeof body.secret === 'string'
				? body.secret
				: deterministicSecret('shpss_', app.previousSecret, 'next');
		simulator.signWithPrevious = body.signWith !== 'new';
		return { clientSecret: app.clientSecret, previousSecret: app.previousSecret };
	},
	'revoke-tokens': (_simulator, tenant) => {
		const count = tenant.tokens.size;
		tenant.tokens.clear();
		return { revoked: count };
	},
	uninstall: (simulator, tenant) => {
		uninstall(simulator, tenant);
		return { installed: false };
	},
	install: (simulator, tenant) => {
		const seller = simulator.amazon?.sellerOf(tenant);
		if (seller) seller.revoked = false;
		tenant.installed = true;
		return { installed: true };
	},
	trouble: (simulator, _tenant, body) => {
		if (body.kind === 'none') simulator.troubles.length = 0;
		else simulator.troubles.push(readTrouble(body));
		return { troubles: simulator.troubles };
	},
	stats: (simulator, tenant) => statsOf(simulator, tenant)
};

/**
 * Answers the control endpoint: `GET /__control` and `POST /__control {"action":"stats"}` for the state, POST actions to
 * make things happen, `GET /__control/ledger` for the world's own figures by day.
 */
export function answerControl(simulator: Simulator, url: URL, body: Body | null): unknown {
	const tenant = tenantOf(simulator, url.searchParams.get('shop') ?? body?.shop);
	const channel = String(url.searchParams.get('channel') ?? body?.channel ?? 'shopify');
	if (channel === 'stripe' && body?.action !== 'faults')
		return answerStripeControl(simulator.stripe, tenant.faults, body);
	// faults are one list for all channels
	if (channel !== 'shopify' && body?.action !== 'faults')
		return answerMarketControl(simulator, tenant, channel, url, body);
	if (url.pathname === '/__control/ledger') return ledger(tenant, url.searchParams);
	if (url.pathname !== '/__control') throw new ControlError(`There is no ${url.pathname}`);
	if (!body) return { ...statsOf(simulator, tenant), actions: Object.keys(ACTIONS), knownFaults: FAULTS };
	const action = ACTIONS[String(body.action)];
	if (!action) throw new ControlError(`action must be one of ${Object.keys(ACTIONS).join(', ')}`);
	try {
		return action(simulator, tenant, body);
	} catch (error) {
		throw new ControlError((error as Error).message);
	}
}

function ledger(tenant: Tenant, query: URLSearchParams) {
	const { shop } = tenant;
	const { zone, from, to } = spanOf(query, shop.zone);
	return { shop: shop.domain, currency: shop.currency, timeZone: zone, days: ledgerOf(shop, zone, from, to) };
}

function statsOf(simulator: Simulator, tenant: Tenant) {
	const { shop } = tenant;
	let lines = 0;
	for (const order of shop.orders) lines += order.lines.length;
	return {
		shop: shop.domain,
		shops: simulator.tenants.map((one) => one.shop.domain),
		installed: tenant.installed,
		orders: shop.orders.length,
		lines,
		refunds: shop.counters.refund,
		customers: shop.customers.length,
		products: shop.products.length,
		lastOrder: shop.orders.length > 0 ? described(shop.orders.at(-1)!) : null,
		markets: Object.fromEntries(
			[...simulator.markets.get(tenant)!].map(([name, live]) => [name, live.market.orders.length])
		),
		live: simulator.live.get(tenant)?.state() ?? simulator.replayLive?.state() ?? null,
		graphql: { calls: tenant.counters.graphql, throttled: tenant.counters.throttled },
		subscriptions: tenant.subscriptions.map(({ topic, uri, failures }) => ({ topic, uri, failures })),
		bulkOperations: tenant.bulkOperations.length,
		webhooks: simulator.deliverer.stats(),
		faults: [...tenant.faults],
		memoryMb: Math.round(process.memoryUsage().rss / 1e6)
	};
}

function tenantOf(simulator: Simulator, domain: unknown): Tenant {
	if (domain === undefined || domain === null) return simulator.tenants[0]!;
	const found = simulator.tenants.find((tenant) => tenant.shop.domain === domain);
	if (!found) throw new ControlError(`There is no shop "${String(domain)}"`);
	return found;
}

function liveOf(simulator: Simulator, tenant: Tenant) {
	const live = simulator.live.get(tenant);
	if (!live) throw new ControlError('A replayed shop makes no orders of its own');
	return live;
}

function change(
	simulator: Simulator,
	tenant: Tenant,
	body: Body,
	run: (order: Order, at: number) => Change[]
): unknown {
	const order = orderOf(tenant, body.order);
	const changes = run(order, wholeSecond(Date.now()));
	if (changes.length === 0) throw new ControlError(`${order.name} cannot be changed that way now`);
	simulator.deliverer.publish(tenant, changes);
	return described(order);
}
