import type { Customer, Discount, Line, Order, Promotion, Shop, Variant } from './model.ts';
import { lineCents } from './money.ts';
import { makeAddress, shippingTo, taxOf } from './people.ts';
import type { Random } from './random.ts';
import { availableAt, receiveDue, takeStock } from './stock.ts';

const FREE_SHIPPING_FROM = 7500;
const LINE_COUNTS = [1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5];

/** What a caller may fix about an order; the rest is drawn. */
export interface OrderWish {
	lines?: { sku: string; quantity: number; price?: number }[];
	/** Number of different lines, for very long orders. */
	lineCount?: number;
	test?: boolean;
	giftCard?: boolean;
	presentment?: { currency: string; rate: number };
	discount?: Discount | null;
}

/** The promotion that applies to the shop at an instant, if any; the strongest wins. */
export function promotionAt(shop: Shop, at: number): Promotion | undefined {
	let best: Promotion | undefined;
	for (const promotion of shop.promotions) {
		if (at < promotion.from || at >= promotion.until) continue;
		if (!best || promotion.boost > best.boost) best = promotion;
	}
	return best;
}

/** Price of a variant at an instant: the shop raised its prices by about 4% once. */
export function priceAt(shop: Shop, variant: Variant, at: number): number {
	if (at >= shop.priceRiseAt) return variant.price;
	return Math.round((variant.price * 0.96) / 1000) * 1000;
}

/**
 * Draws an order at an instant and books it: stock falls, the customer's counters grow. Returns null when nothing
 * the customer wanted was in stock (a lost sale).
 */
export function placeOrder(
	shop: Shop,
	random: Random,
	at: number,
	customer: Customer | null,
	pickVariant: () => Variant,
	wish: OrderWish = {}
): Order | null {
	const location = wish.lineCount || random.chance(0.62) ? 0 : 1;
	const promotion = promotionAt(shop, at);
	const discount = wish.discount !== undefined ? wish.discount : drawDiscount(random, promotion);
	const wanted = wish.lines ? askedLines(shop, wish.lines) : drawLines(shop, random, at, pickVariant, wish);
	const lines: Line[] = [];
	let from = location;
	for (const item of wanted) {
		const { variant, quantity } = item;
		receiveDue(variant, at);
		if (!wish.lines && availableAt(variant, from) < quantity) {
			const other = from === 0 ? 1 : 0;
			if (lines.length > 0 || availableAt(variant, other) < quantity) continue;
			from = other;
		}
		const price = item.price ?? priceAt(shop, variant, at);
		lines.push(makeLine(shop, variant, quantity, price));
	}
	if (lines.length === 0) return null;

	const address = customer?.address ?? makeAddress(random);
	const tax = taxOf(address);
	applyDiscount(lines, discount, promotion);
	let worth = 0;
	let physical = false;
	for (const line of lines) {
		line.tax = line.giftCard ? 0 : Math.round((line.gross - line.discount) * tax.rate);
		worth += line.gross - line.discount;
		physical ||= !line.giftCard;
	}
	const express = random.chance(0.06);
	let shipping = 0;
	if (physical) shipping = worth >= FREE_SHIPPING_FROM ? 0 : shippingTo(address);
	if (physical && express) shipping += 1200;

	const n = shop.orders.length + 1;
	const order: Order = {
		n,
		name: `#${1000 + n}`,
		createdAt: at,
		processedAt: at,
		updatedAt: at,
		cancelledAt: 0,
		cancelReason: null,
		closedAt: 0,
		test: wish.test ?? random.chance(0.0015),
		edited: false,
		financial: 'PAID',
		fulfilled: false,
		customer,
		email: customer?.email ?? null,
		address,
		source: random.chance(0.93) ? 'web' : random.pick(['pos', 'shopify_draft_order']),
		lines,
		refunds: [],
		shippingTitle: physical ? (express ? 'Express' : 'Standard') : null,
		shipping,
		shippingTax: tax.shipping ? Math.round(shipping * tax.rate) : 0,
		taxRate: tax.rate,
		discount: lines.some((line) => line.discount > 0) ? discount : null,
		presentment: wish.presentment ?? null,
		location: from
	};
	shop.orders.push(order);
	shop.revision++;
	for (const line of lines) takeStock(shop, line, from, at, random);
	if (customer && !order.test) {
		customer.orders++;
		customer.spent += worth + shipping;
		customer.updatedAt = at;
	}
	return order;
}

export function makeLine(shop: Shop, variant: Variant, quantity: number, price: number): Line {
	const { product } = variant;
	return {
		n: ++shop.counters.line,
		variant,
		sku: variant.sku,
		title: product.title,
		quantity,
		currentQuantity: quantity,
		price,
		gross: lineCents(quantity, price),
		discount: 0,
		tax: 0,
		giftCard: product.giftCard,
		attributes: null
	};
}

interface Wanted {
	variant: Variant;
	quantity: number;
	price?: number;
}

function askedLines(shop: Shop, lines: NonNullable<OrderWish['lines']>): Wanted[] {
	return lines.map(({ sku, quantity, price }) => {
		const variant = shop.variants.find((candidate) => candidate.sku === sku);
		if (!variant) throw new Error(`The shop has no SKU "${sku}"`);
		return { variant, quantity, price };
	});
}

function drawLines(
	shop: Shop,
	random: Random,
	at: number,
	pickVariant: () => Variant,
	wish: OrderWish
): Wanted[] {
	if (wish.giftCard) {
		const card = shop.variants.find((variant) => variant.product.giftCard);
		if (card) return [{ variant: card, quantity: 1 }];
	}
	const count = wish.lineCount ?? random.pick(LINE_COUNTS);
	if (count > 40) return longOrder(shop, count);
	const wanted = new Map<Variant, number>();
	for (let tries = 0; wanted.size < count && tries < count * 4; tries++) {
		const variant = pickVariant();
		if (variant.createdAt <= at) wanted.set(variant, drawQuantity(random));
	}
	const lines: Wanted[] = [...wanted].map(([variant, quantity]) => ({ variant, quantity }));
	if (random.chance(0.006)) {
		const card = shop.variants.find((variant) => variant.product.giftCard);
		if (card) lines.push({ variant: card, quantity: 1 });
	}
	return lines;
}

/** A wholesale-like order: one unit a line of whatever is well stocked, starting again when that is used up. */
function longOrder(shop: Shop, count: number): Wanted[] {
	const goods = shop.variants.filter((variant) => variant.tracked && availableAt(variant, 0) >= 6);
	const pool = goods.length > 0 ? goods : shop.variants;
	return Array.from({ length: count }, (_, i) => ({ variant: pool[i % pool.length]!, quantity: 1 }));
}

function drawQuantity(random: Random): number {
	const draw = random.next();
	if (draw < 0.84) return 1;
	if (draw < 0.96) return 2;
	return random.int(3, 6);
}

function drawDiscount(random: Random, promotion: Promotion | undefined): Discount | null {
	if (promotion && random.chance(promotion.discount.kind === 'manual' ? 0.95 : 0.6))
		return promotion.discount;
	return random.chance(0.035) ? { kind: 'code', title: 'WELCOME10', percent: 10 } : null;
}

function applyDiscount(lines: Line[], discount: Discount | null, promotion: Promotion | undefined): void {
	if (!discount) return;
	const types = promotion?.discount === discount ? promotion.types : [];
	for (const line of lines) {
		const type = line.variant?.product.type ?? '';
		if (line.giftCard || (types.length > 0 && !types.includes(type))) continue;
		line.discount = Math.round((line.gross * discount.percent) / 100);
	}
}
