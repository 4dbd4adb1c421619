import { AMAZON_ACTIONS } from './amazon/control.ts';
import { ControlError, numberOf, spanOf, type Body } from './control-input.ts';
import type { Tenant } from './shopify/tenant.ts';
import type { Simulator } from './simulator.ts';
import { marketLedger, orderTruth } from './world/market/ledger.ts';
import type { MarketLive } from './world/market/live.ts';
import { MARKETS, type Fulfilment, type Market, type MarketOrder, type RefundPart, type StepKind } from './world/market/model.ts'; // prettier-ignore
import { offerNamed, type MarketWish } from './world/market/place.ts';
import { isoUtc, wholeSecond } from './world/time.ts';

const STEPS: readonly StepKind[] = [
	'price', 'acknowledge', 'ship', 'deliver', 'cancel', 'cancel_line', 'refund', 'replace', 'post', 'release', 'adjust'
]; // prettier-ignore
const PARTS: readonly string[] = ['full', 'line', 'unit', 'shipping'];
const WAYS: readonly string[] = ['seller', 'channel', 'third_party'];

const ACTIONS: Record<string, (live: MarketLive, body: Body) => unknown> = {
	order: (live, body) => {
		const count = numberOf(body, 'count', 1);
		const orders: MarketOrder[] = [];
		for (let i = 0; i < count; i++) {
			const order = live.emit(wishOf(body));
			if (order) orders.push(order);
		}
		if (orders.length === 0) throw new ControlError('Nothing that was wanted is in stock');
		const told = orders.map((order) => orderTruth(live.market, order));
		return told.length === 1 ? told[0] : { placed: told.length, orders: told };
	},
	settle: (live, body) => {
		live.settle(numberOf(body, 'days', 30), numberOf(body, 'secondsAgo', 0));
		return live.state();
	},
	stock: (live, body) => {
		const offer = offerNamed(live.market, String(body.sku));
		if (!offer.stock)
			throw new ControlError(`"${offer.sku}" is the seller's own stock: change it in the shop`);
		offer.stock.available = numberOf(body, 'available', 0);
		offer.stock.updatedAt = wholeSecond(Date.now());
		return { sku: offer.sku, available: offer.stock.available };
	},
	rate: (live, body) => {
		live.setRate(numberOf(body, 'perMinute', 0));
		return live.state();
	},
	pause: (live) => {
		live.pause(true);
		return live.state();
	},
	resume: (live) => {
		live.pause(false);
		return live.state();
	},
	advance: (live, body) => ({ placed: live.advance(numberOf(body, 'seconds', 60)) }),
	stats: (live) => statsOf(live)
};
for (const kind of STEPS) ACTIONS[kind] = (live, body) => step(live, kind, body);

/**
 * The control endpoint for one marketplace (`channel` amazon or walmart): its actions, `GET /__control/ledger` by day and
 * `GET /__control/orders?id=` for one order of the ledger.
 */
export function answerMarketControl(
	simulator: Simulator,
	tenant: Tenant,
	channel: string,
	url: URL,
	body: Body | null
): unknown {
	const name = MARKETS.find((one) => one === channel);
	if (!name) throw new ControlError(`channel must be one of shopify, ${MARKETS.join(', ')}, stripe`);
	if (!simulator.options.markets.has(name)) throw new ControlError(`The simulator runs without ${name}`);
	const live = simulator.market(name, tenant);
	const { market } = live;
	if (url.pathname === '/__control/ledger') {
		const currency = url.searchParams.get('currency') ?? market.sites[0]!.currency;
		const span = spanOf(url.searchParams, tenant.shop.zone);
		const days = marketLedger(market, { ...span, currency, now: Date.now() });
		return { channel: name, currency, timeZone: span.zone, days };
	}
	if (url.pathname === '/__control/orders')
		return orderTruth(market, orderOf(market, url.searchParams.get('id')));
	if (url.pathname !== '/__control') throw new ControlError(`There is no ${url.pathname}`);
	if (!body)
		return {
			...statsOf(live),
			actions: [...Object.keys(ACTIONS), ...(name === 'amazon' ? Object.keys(AMAZON_ACTIONS) : [])]
		};
	const seller = name === 'amazon' ? simulator.amazon?.sellerOf(tenant) : undefined;
	const own = seller && AMAZON_ACTIONS[String(body.action)];
	if (own) return own(seller, body);
	const action = ACTIONS[String(body.action)];
	if (!action) throw new ControlError(`action must be one of ${Object.keys(ACTIONS).join(', ')}`);
	try {
		return action(live, body);
	} catch (error) {
		throw new ControlError((error as Error).message);
	}
}

function statsOf(live: MarketLive) {
	const { market } = live;
	return {
		channel: market.name,
		sites: market.sites.map(({ code, currency }) => ({ code, currency })),
		offers: market.offers.length,
		orders: market.orders.length,
		lines: market.counters.line,
		refunds: market.counters.refund,
		firstOrderAt: market.orders[0] ? isoUtc(market.orders[0].createdAt) : null,
		lastOrder: market.orders.at(-1)?.id ?? null,
		live: live.state()
	};
}

/** An order by id, or the newest when none is named. */
function orderOf(market: Market, id: unknown): MarketOrder {
	const text = typeof id === 'string' ? id : '';
	const found = text === '' ? market.orders.at(-1) : market.orders.findLast((order) => order.id === text);
	if (!found) throw new ControlError(`There is no order "${text}"`);
	return found;
}

function step(live: MarketLive, kind: StepKind, body: Body): unknown {
	const order = orderOf(live.market, body.order);
	const part = body.part === undefined ? 'full' : String(body.part);
	if (!PARTS.includes(part)) throw new ControlError(`part must be one of ${PARTS.join(', ')}`);
	const line = order.lines[numberOf(body, 'line', 1) - 1];
	if (!line) throw new ControlError(`${order.id} has ${order.lines.length} lines`);
	if (kind === 'adjust') order.adjustment = Math.round(Number(body.amount ?? 5) * 100);
	const more =
		kind === 'refund' ? { part: part as RefundPart } : kind === 'cancel_line' || body.line ? { line } : {};
	if (!live.hasten(order, kind, more, numberOf(body, 'secondsAgo', 0)))
		throw new ControlError(`${order.id} cannot be changed that way now`);
	return orderTruth(live.market, order);
}

function wishOf(body: Body): MarketWish {
	const wish: MarketWish = {};
	if (Array.isArray(body.lines)) {
		wish.lines = (body.lines as Body[]).map((line) => ({
			sku: String(line.sku),
			quantity: numberOf(line, 'quantity', 1),
			...(line.price !== undefined && { price: Math.round(Number(line.price) * 10_000) })
		}));
	}
	if (body.secondsAgo !== undefined) wish.secondsAgo = numberOf(body, 'secondsAgo', 0);
	if (body.lineCount !== undefined) wish.lineCount = numberOf(body, 'lineCount', 1);
	if (typeof body.site === 'string') wish.site = body.site;
	if (body.fulfilment !== undefined) {
		if (!WAYS.includes(String(body.fulfilment))) throw new ControlError(`fulfilment must be one of ${WAYS.join(', ')}`); // prettier-ignore
		wish.fulfilment = body.fulfilment as Fulfilment;
	}
	return wish;
}
