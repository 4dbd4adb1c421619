import { lineCents } from '../money.ts';
import { taxOf } from '../people.ts';
import type { Random } from '../random.ts';
import { availableAt, receiveDue } from '../stock.ts';
import { zoneOffset } from '../time.ts';
import { buyerOf } from './buyers.ts';
import { occasionOf } from './demand.ts';
import type { Fulfilment, Market, MarketLine, MarketOrder, Offer, Site } from './model.ts';
import { offered, receiveRemote } from './stock.ts';

const LINE_COUNTS = [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3];
const LABELS = [489, 612, 798, 1045];

/** What a caller may fix about an order; the rest is drawn. */
export interface MarketWish {
	lines?: { sku: string; quantity: number; price?: number }[];
	lineCount?: number;
	fulfilment?: Fulfilment;
	site?: string;
	/** The seller's stock of that time is not known: in the history all that was ordered left the warehouse. */
	unlimited?: boolean;
	/** Live orders only: placed that long ago, and only now seen. */
	secondsAgo?: number;
	/** Free goods for an earlier order. */
	replacementOf?: MarketOrder;
}

/**
 * Draws an order at an instant; null when nothing the buyer wanted was in stock. Books no stock: who calls knows whether the
 * goods leave now or left long ago.
 */
export function drawOrder(
	market: Market,
	random: Random,
	at: number,
	pick: () => Offer,
	wish: MarketWish = {}
): MarketOrder | null {
	const site = wish.site ? siteNamed(market, wish.site) : drawSite(market, random);
	const asked = wish.lines
		? wish.lines.map((line) => ({ ...line, offer: offerNamed(market, line.sku) }))
		: drawWanted(market, random, at, pick, wish);
	if (asked.length === 0) return null;
	const { fulfilment } = asked[0]!.offer;
	const has = (place: number) => (item: (typeof asked)[number]) => {
		return availableAt(item.offer.variant, place) >= item.quantity;
	};
	// A parcel leaves from one warehouse: what only the other one has is not bought.
	const location = fulfilment !== 'seller' || has(0)(asked[0]!) ? 0 : 1;
	const free = fulfilment !== 'seller' || wish.unlimited || wish.lines;
	const wanted = free ? asked : asked.filter(has(location));
	if (wanted.length === 0) return null;
	const returning = market.buyers > 20 && random.chance(0.2);
	const buyer =
		wish.replacementOf?.buyer ??
		(returning ? random.int(Math.max(1, market.buyers - 4000), market.buyers) : ++market.buyers);
	const { rate: taxRate } = taxOf(buyerOf(market, buyer, site.country).address);
	const occasion = occasionOf(market.name, at + zoneOffset(at, market.shop.zone));
	const prime = fulfilment === 'channel' ? random.chance(0.78) : random.chance(0.1);
	const lines = wanted.map(({ offer, quantity, price }) => {
		const percent = occasion && random.chance(0.5) ? occasion.percent : random.chance(0.06) ? 10 : 0;
		const unitPrice = wish.replacementOf ? 0 : (price ?? sitePrice(offer, site));
		return makeLine(market, offer, quantity, unitPrice, price === undefined ? percent : 0, taxRate);
	});
	const worth = lines.reduce((sum, line) => sum + line.gross - line.discount, 0);
	if (!wish.replacementOf && !prime && worth < 3500 * site.rate) {
		lines[0]!.shipping = Math.round((fulfilment === 'channel' ? 599 : 499) * site.rate);
		lines[0]!.shippingTax = Math.round(lines[0]!.shipping * taxRate * 0.5);
	}
	const n = market.orders.length + 1;
	const order: MarketOrder = {
		n,
		id: idOf(market, n),
		site,
		createdAt: at,
		updatedAt: at,
		pricedAt: 0,
		acknowledgedAt: 0,
		deliveredAt: 0,
		cancelledAt: 0,
		cancelReason: null,
		fulfilment,
		replacementOf: wish.replacementOf ?? null,
		buyer,
		prime,
		business: random.chance(0.04),
		express: random.chance(0.12),
		location,
		stocked: false,
		lines,
		refunds: [],
		label: fulfilment === 'seller' && random.chance(0.7) ? random.pick(LABELS) : 0,
		postedAt: 0,
		releasedAt: 0,
		adjustment: 0,
		adjustedAt: 0
	};
	market.orders.push(order);
	market.revision++;
	return order;
}

/** Price of a listing on a site, whole cents. */
export function sitePrice(offer: Offer, site: Site): number {
	return Math.round((offer.price * site.rate) / 100) * 100;
}

function makeLine(
	market: Market,
	offer: Offer,
	quantity: number,
	price: number,
	percent: number,
	taxRate: number
): MarketLine {
	const gross = lineCents(quantity, price);
	const discount = Math.round((gross * percent) / 100);
	return {
		n: ++market.counters.line,
		offer,
		quantity,
		price,
		gross,
		discount,
		tax: Math.round((gross - discount) * taxRate),
		shipping: 0,
		shippingTax: 0,
		shippedAt: 0,
		cancelledAt: 0,
		refundedUnits: 0
	};
}

/** Listings a buyer wants and can have; all of them are shipped by the same party. */
function drawWanted(market: Market, random: Random, at: number, pick: () => Offer, wish: MarketWish) {
	const wanted = new Map<Offer, number>();
	const count = wish.lineCount ?? random.pick(LINE_COUNTS);
	let way = wish.fulfilment;
	for (let tries = 0; wanted.size < count && tries < 6 + count * 3; tries++) {
		let offer = pick();
		const has = (one: Offer, units: number) => {
			return (wish.unlimited === true && !one.stock) || offered(one) >= units;
		};
		if (!wish.unlimited) receiveDue(offer.variant, at);
		receiveRemote(offer, at);
		const draw = random.next();
		const quantity = draw < 0.88 ? 1 : draw < 0.97 ? 2 : 3;
		// Who finds Amazon's own stock gone buys from the seller, where the item is offered both ways.
		if (!has(offer, quantity) && offer.twin) offer = offer.twin;
		if ((way && offer.fulfilment !== way) || !has(offer, quantity)) continue;
		way = offer.fulfilment;
		wanted.set(offer, quantity);
	}
	return [...wanted].map(([offer, quantity]) => ({ offer, quantity, price: undefined }));
}

function drawSite(market: Market, random: Random): Site {
	if (market.sites.length === 1) return market.sites[0]!;
	let rest = random.next();
	return market.sites.find((site) => (rest -= site.share) < 0) ?? market.sites[0]!;
}

function siteNamed(market: Market, code: string): Site {
	const site = market.sites.find((one) => one.code === code);
	if (!site) throw new Error(`${market.name} has no site "${code}"`);
	return site;
}

/** A listing by its SKU. Throws when there is none. */
export function offerNamed(market: Market, sku: string): Offer {
	const offer = market.offers.find((one) => one.sku === sku);
	if (!offer) throw new Error(`${market.name} has no SKU "${sku}"`);
	return offer;
}

/** Ids that look like the marketplace's, scattered but each used once. */
function idOf(market: Market, n: number): string {
	const mixed = (n * 7_919 + market.seed.length * 104_729) % 10_000_000;
	if (market.name === 'walmart') return `10${87 + (n % 9)}${String(mixed).padStart(7, '0')}${10 + (n % 83)}`;
	const middle = (n * 6_700_417 + 1_234_567) % 10_000_000;
	return `${111 + (n % 4)}-${String(middle).padStart(7, '0')}-${String(mixed).padStart(7, '0')}`;
}
