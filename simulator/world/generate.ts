import { placeOrder, promotionAt } from './basket.ts';
import { makeCatalogue } from './catalogue.ts';
import { cancelOrder, editOrder, fulfil, refundOrder, type RefundKind } from './changes.ts';
import { dayDemand, HOURS, planPromotions, seasonOf } from './demand.ts';
import type { Customer, Order, Shop, Variant } from './model.ts';
import { makeCustomer } from './people.ts';
import { createRandom, cumulate, type Random } from './random.ts';
import { openStock } from './stock.ts';
import { DAY, HOUR, localToUtc, MINUTE, SECOND, wholeSecond, zoneOffset } from './time.ts';

export interface WorldOptions {
	n: number;
	seed: string;
	domain: string;
	name: string;
	currency: string;
	zone: string;
	/** The end of the history, UTC milliseconds: never read from the clock here. */
	now: number;
	months: number;
	products: number;
	ordersPerDay: number;
}

const HOUR_SUMS = cumulate(HOURS);
const REFUND_KINDS: readonly RefundKind[] = [
	'full', 'full', 'full', 'full', 'partial', 'partial', 'partial', 'partial', 'shipping', 'discrepancy', 'no_restock'
]; // prettier-ignore

/** An empty shop with its catalogue: no orders, no stock yet. */
export function openShop(options: WorldOptions): Shop {
	const { seed, now, zone } = options;
	const start = startOfHistory(options);
	const random = createRandom(`${seed}|live`);
	const products = makeCatalogue(seed, options.products, start, now);
	const types = [...new Set(products.filter((p) => !p.giftCard).map((p) => p.type))];
	return {
		n: options.n,
		domain: options.domain,
		name: options.name,
		email: `hello@${options.domain.replace('.myshopify.com', '')}.example`,
		currency: options.currency,
		zone,
		createdAt: start,
		products,
		variants: products.flatMap((product) => product.variants),
		customers: [],
		orders: [],
		locations: [
			{
				n: 1,
				name: 'Portland warehouse',
				createdAt: start,
				address: place('Portland', 'OR', 'Oregon', '97210', '2200 NW Industrial Street')
			},
			{
				n: 2,
				name: 'Newark warehouse',
				createdAt: start,
				address: place('Newark', 'NJ', 'New Jersey', '07114', '40 Dock Street')
			}
		],
		promotions: planPromotions(createRandom(`${seed}|promotions`), types, start, now + 60 * DAY, zone),
		priceRiseAt: now - 250 * DAY,
		random,
		counters: { line: 0, refund: 0, refundLine: 0, adjustment: 0 },
		revision: 0,
		pace: 1,
		replayed: false
	};
}

function place(city: string, provinceCode: string, province: string, zip: string, line1: string) {
	return { city, provinceCode, province, countryCode: 'US', country: 'United States', zip, line1 };
}

function startOfHistory(options: WorldOptions): number {
	const local = new Date(options.now + zoneOffset(options.now, options.zone));
	const first = Date.UTC(local.getUTCFullYear(), local.getUTCMonth() - options.months, local.getUTCDate());
	return localToUtc(first, options.zone);
}

/** Draws variants in proportion to popularity, season and promotions at an instant. */
export function variantPicker(shop: Shop, random: Random, at: number): () => Variant {
	const localDay = at + zoneOffset(at, shop.zone);
	const promotion = promotionAt(shop, at);
	const sums = cumulate(
		shop.variants.map((variant) => {
			const { product } = variant;
			if (product.createdAt > at) return 0;
			const promoted = promotion && (promotion.types.length === 0 || promotion.types.includes(product.type));
			return product.popularity * variant.weight * seasonOf(product.type, localDay) * (promoted ? 1.7 : 1);
		})
	);
	return () => shop.variants[random.cumulative(sums)]!;
}

/**
 * A shop with its whole history up to `now`: the same options give the same shop, to the cent. Days follow the
 * shop's time zone.
 */
export function generateShop(options: WorldOptions): Shop {
	const shop = openShop(options);
	const random = createRandom(`${options.seed}|history`);
	const start = shop.createdAt;
	if (options.months === 0 || options.ordersPerDay === 0) {
		openStock(shop, random, start, () => 0.4);
		return shop;
	}
	const weight = shop.variants.reduce((sum, v) => sum + v.product.popularity * v.weight, 0);
	openStock(shop, random, start, (v) => {
		return (options.ordersPerDay * 1.9 * v.product.popularity * v.weight) / weight;
	});

	const returning = new Map<number, Customer[]>();
	const aftermath: { at: number; run: () => void }[] = [];
	const days = Math.ceil((options.now - start) / DAY);
	const firstLocal = start + zoneOffset(start, shop.zone);
	for (let day = 0; day <= days; day++) {
		const localDay = firstLocal + day * DAY;
		const midnight = localToUtc(localDay, shop.zone);
		if (midnight > options.now) break;
		const boost = promotionAt(shop, midnight + 12 * HOUR)?.boost ?? 1;
		const mean = options.ordersPerDay * dayDemand(localDay, day / days) * boost;
		const count = random.poisson(mean * Math.exp(random.normal(0, 0.07)));
		const pickVariant = variantPicker(shop, random, midnight + 12 * HOUR);
		for (const at of drawTimes(shop, random, localDay, count)) {
			if (at > options.now) break;
			const customer = chooseCustomer(shop, random, at, day, returning);
			const long = random.chance(0.00012) || shop.orders.length === 400 ? { lineCount: 184 } : {};
			const order = placeOrder(shop, random, at, customer, pickVariant, long);
			if (!order) {
				if (customer?.createdAt === at && shop.customers.at(-1) === customer) shop.customers.pop();
				continue;
			}
			if (customer) planReturn(random, customer, day, returning);
			planAftermath(shop, random, order, aftermath);
		}
		runUntil(aftermath, Math.min(midnight + DAY, options.now));
	}
	return shop;
}

function drawTimes(shop: Shop, random: Random, localDay: number, count: number): number[] {
	const times: number[] = [];
	for (let i = 0; i < count; i++) {
		const clock = random.cumulative(HOUR_SUMS) * HOUR + random.int(0, 3599) * SECOND;
		times.push(localToUtc(localDay + clock, shop.zone));
	}
	return times.sort((a, b) => a - b);
}

function chooseCustomer(
	shop: Shop,
	random: Random,
	at: number,
	day: number,
	returning: Map<number, Customer[]>
): Customer | null {
	const due = returning.get(day);
	if (due && due.length > 0 && random.chance(0.75)) return due.pop()!;
	if (random.chance(0.015)) return null;
	const customer = makeCustomer(random, shop.customers.length + 1, at);
	shop.customers.push(customer);
	return customer;
}

/** Few buy twice; who bought often buys again: the usual shape of a shop's repeat business. */
function planReturn(
	random: Random,
	customer: Customer,
	day: number,
	returning: Map<number, Customer[]>
): void {
	const comesBack = [0, 0.24, 0.42, 0.56, 0.66][Math.min(customer.orders, 4)]!;
	if (!random.chance(comesBack)) return;
	const next = day + 4 + Math.round(random.exponential(customer.orders > 3 ? 38 : 75));
	const due = returning.get(next);
	if (due) due.push(customer);
	else returning.set(next, [customer]);
}

/** What befalls an order later: shipping, an edit, a cancellation, a refund. */
function planAftermath(
	shop: Shop,
	random: Random,
	order: Order,
	aftermath: { at: number; run: () => void }[]
): void {
	const later = (delay: number, run: (at: number) => void) => {
		const at = wholeSecond(order.createdAt + delay);
		aftermath.push({ at, run: () => run(at) });
	};
	const fate = random.next();
	if (fate < 0.007) {
		order.financial = 'AUTHORIZED';
		later(random.int(20, 600) * MINUTE, (at) => cancelOrder(shop, order, at, false));
		return;
	}
	if (fate < 0.014) {
		later(random.int(10, 900) * MINUTE, (at) => cancelOrder(shop, order, at, true));
		return;
	}
	if (fate < 0.021) {
		order.financial = 'AUTHORIZED';
		later(random.int(5, 60) * MINUTE, (at) => editOrder(shop, order, at));
	}
	const ships = random.int(8, 60) * HOUR;
	later(ships, (at) => fulfil(shop, order, at));
	if (random.chance(0.058)) {
		const kind = random.pick(REFUND_KINDS);
		later(ships + random.int(2, 32) * DAY + random.int(0, 86_399) * SECOND, (at) => {
			refundOrder(shop, order, at, kind);
		});
	}
}

function runUntil(aftermath: { at: number; run: () => void }[], until: number): void {
	const due = aftermath.filter((event) => event.at <= until).sort((a, b) => a.at - b.at);
	if (due.length === 0) return;
	const later = aftermath.filter((event) => event.at > until);
	aftermath.length = 0;
	aftermath.push(...later);
	for (const event of due) event.run();
}
