import { shareOf } from './steps.ts';
import type { Market, MarketLine, MarketOrder, MarketRefund, Site } from './model.ts';

/** What a part of a posting is for; the sign is the seller's: money we get is positive. */
export type PartName =
	| 'principal'
	| 'promotion'
	| 'shipping'
	| 'tax'
	| 'shipping_tax'
	/** Taxes the marketplace keeps and pays to the state itself. */
	| 'tax_withheld'
	| 'commission'
	| 'fulfilment'
	| 'refund_fee'
	| 'label'
	| 'reimbursement'
	| 'subscription'
	| 'storage'
	| 'advertising';

export const FEE_PARTS: readonly PartName[] = [
	'commission', 'fulfilment', 'refund_fee', 'label', 'subscription', 'storage', 'advertising'
]; // prettier-ignore

export interface Part {
	name: PartName;
	cents: number;
}

export interface PostingLine {
	line: MarketLine | null;
	quantity: number;
	parts: Part[];
}

/** Money as the marketplace books it. */
export interface Posting {
	/** Unique and stable: the same posting keeps it when it is released. */
	id: string;
	kind: 'sale' | 'refund' | 'label' | 'adjustment' | 'service';
	at: number;
	/** 0 while the money is held back. */
	releasedAt: number;
	/** True when it was held back at first. */
	deferred: boolean;
	site: Site;
	order: MarketOrder | null;
	refund: MarketRefund | null;
	lines: PostingLine[];
}

/** Sum of a posting, in cents of its site's currency. */
export function totalOfPosting(posting: Posting): number {
	let sum = 0;
	for (const { parts } of posting.lines) for (const part of parts) sum += part.cents;
	return sum;
}

/** The marketplace's share of a line's price, in cents; at least 30 cents a unit, nothing on free replacements. */
export function commissionOf(line: MarketLine, site: Site): number {
	const base = line.gross - line.discount + line.shipping;
	if (base <= 0) return 0;
	return Math.max(Math.round(30 * site.rate) * line.quantity, Math.round(base * line.offer.referral));
}

/** The fee for picking and shipping a line, in cents; 0 when the seller ships. */
export function fulfilmentFeeOf(line: MarketLine, site: Site): number {
	return Math.round(line.offer.unitFee * site.rate) * line.quantity;
}

function nonZero(parts: Part[]): Part[] {
	return parts.filter(({ cents }) => cents !== 0);
}

function saleParts(line: MarketLine, site: Site): Part[] {
	return nonZero([
		{ name: 'principal', cents: line.gross },
		{ name: 'promotion', cents: -line.discount },
		{ name: 'shipping', cents: line.shipping },
		{ name: 'tax', cents: line.tax },
		{ name: 'shipping_tax', cents: line.shippingTax },
		{ name: 'tax_withheld', cents: -(line.tax + line.shippingTax) },
		{ name: 'commission', cents: -commissionOf(line, site) },
		{ name: 'fulfilment', cents: line.gross > 0 ? -fulfilmentFeeOf(line, site) : 0 }
	]);
}

function refundPosting(market: Market, order: MarketOrder, refund: MarketRefund): Posting {
	const lines = refund.lines.map((item) => {
		const { line } = item;
		const before = refundedBefore(order, refund, line);
		const gross = shareOf(line.gross, line, before, item.quantity);
		const worth = line.gross - line.discount + line.shipping;
		const back = worth ? Math.round((commissionOf(line, order.site) * (item.subtotal + item.shipping)) / worth) : 0; // prettier-ignore
		// Amazon keeps a fifth of its fee, five at most; Walmart gives all of it back.
		const kept = market.name === 'amazon' ? Math.min(Math.round(500 * order.site.rate), Math.round(back / 5)) : 0; // prettier-ignore
		const parts = nonZero([
			{ name: 'principal', cents: -gross },
			{ name: 'promotion', cents: gross - item.subtotal },
			{ name: 'shipping', cents: -item.shipping },
			{ name: 'tax', cents: -item.tax },
			{ name: 'shipping_tax', cents: -item.shippingTax },
			{ name: 'tax_withheld', cents: item.tax + item.shippingTax },
			{ name: 'commission', cents: back },
			{ name: 'refund_fee', cents: -kept }
		]);
		return { line, quantity: item.quantity, parts };
	});
	return { id: `${order.id}|refund|${refund.n}`, kind: 'refund', at: refund.at, releasedAt: refund.at, deferred: false, site: order.site, order, refund, lines }; // prettier-ignore
}

function refundedBefore(order: MarketOrder, refund: MarketRefund, line: MarketLine): number {
	let units = 0;
	for (const earlier of order.refunds) {
		if (earlier === refund) break;
		for (const item of earlier.lines) if (item.line === line) units += item.quantity;
	}
	return units;
}

/** All that was booked for an order up to now. */
export function postingsOfOrder(market: Market, order: MarketOrder): Posting[] {
	const { site } = order;
	const found: Posting[] = [];
	const base = { site, order, refund: null };
	if (order.postedAt) {
		const lines = order.lines
			.filter((line) => line.shippedAt)
			.map((line) => ({ line, quantity: line.quantity, parts: saleParts(line, site) }));
		found.push({ ...base, id: `${order.id}|sale`, kind: 'sale', at: order.postedAt, releasedAt: order.releasedAt, deferred: true, lines }); // prettier-ignore
		if (order.label > 0) {
			const cents = -Math.round(order.label * site.rate);
			found.push({ ...base, id: `${order.id}|label`, kind: 'label', at: order.postedAt, releasedAt: order.postedAt, deferred: false, lines: [{ line: null, quantity: 0, parts: [{ name: 'label', cents }] }] }); // prettier-ignore
		}
	}
	for (const refund of order.refunds) found.push(refundPosting(market, order, refund));
	if (order.adjustedAt) {
		const line = order.lines.find((one) => one.shippedAt) ?? null;
		const parts: Part[] = [{ name: 'reimbursement', cents: order.adjustment }];
		found.push({ ...base, id: `${order.id}|adjustment`, kind: 'adjustment', at: order.adjustedAt, releasedAt: order.adjustedAt, deferred: false, lines: [{ line, quantity: 0, parts }] }); // prettier-ignore
	}
	return found;
}

/** What the account itself costs: subscription, storage and advertising, once a month, in the main site's currency. */
export function servicePostings(market: Market, until: number): Posting[] {
	const site = market.sites[0]!;
	const found: Posting[] = [];
	const first = new Date(market.createdAt);
	const stored = market.offers.filter((offer) => offer.stock).length;
	for (let month = 1; ; month++) {
		const opening = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month, 1, 8);
		if (opening > until) return found;
		const charge = (name: PartName, day: number, cents: number) => {
			const at = opening + day * 86_400_000;
			if (at > until || cents === 0) return;
			const lines = [{ line: null, quantity: 0, parts: [{ name, cents: -Math.round(cents * site.rate) }] }];
			found.push({ id: `${name}|${new Date(opening).toISOString().slice(0, 7)}`, kind: 'service', at, releasedAt: at, deferred: false, site, order: null, refund: null, lines }); // prettier-ignore
		};
		const autumn = [9, 10, 11].includes(new Date(opening).getUTCMonth());
		if (market.name === 'amazon') charge('subscription', 0, 3999);
		charge('storage', 8, stored * (autumn ? 61 : 22));
		charge('advertising', 2, Math.round(market.ordersPerDay * 30 * 140));
	}
}

/** A posting before it is worked out: when, of what, and a number that orders those of one instant. */
export interface PostingKey {
	at: number;
	n: number;
	kind: Posting['kind'];
	order: MarketOrder | null;
	make(): Posting;
}

/** The postings of a stretch of time [from, until) as keys: cheap enough to look for a page among two years of them. */
export function postingKeys(market: Market, from: number, until: number): PostingKey[] {
	const keys: PostingKey[] = [];
	const within = (at: number) => at > 0 && at >= from && at < until;
	const add = (
		order: MarketOrder,
		kind: Posting['kind'],
		at: number,
		place: number,
		refund?: MarketRefund
	) => {
		if (!within(at)) return;
		const make = () => {
			const found = postingsOfOrder(market, order);
			return found.find((one) => one.kind === kind && (!refund || one.refund === refund))!;
		};
		keys.push({ at, n: order.n * 100 + place, kind, order, make });
	};
	for (const order of market.orders) {
		if (order.postedAt) {
			add(order, 'sale', toldAt(order), 0);
			if (order.label > 0) add(order, 'label', order.postedAt, 1);
		}
		order.refunds.forEach((refund, place) => add(order, 'refund', refund.at, 10 + place, refund));
		add(order, 'adjustment', order.adjustedAt, 2);
	}
	servicePostings(market, until).forEach((posting, place) => {
		if (within(posting.at)) keys.push({ at: posting.at, n: -1 - place, kind: 'service', order: null, make: () => posting }); // prettier-ignore
	});
	return keys;
}

const LATE = 48 * 3_600_000;

/** The instant that stands on a sale's posting: money that is told very late (F07) bears the day of shipping. */
export function toldAt(order: MarketOrder): number {
	let shipped = 0;
	for (const line of order.lines) shipped = Math.max(shipped, line.shippedAt);
	return order.postedAt - shipped >= LATE ? shipped : order.postedAt;
}

/** Everything booked up to an instant, oldest first. */
export function postingsOf(market: Market, until: number): Posting[] {
	const found = servicePostings(market, until);
	for (const order of market.orders) {
		if (order.postedAt || order.refunds.length > 0) found.push(...postingsOfOrder(market, order));
	}
	return found.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}
