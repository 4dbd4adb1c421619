import { currencyPlaces, decimal, share, ZERO, type Micros } from '../amount.ts';
import type { ChannelOrderInput, OrderStatus } from '../../orders/index.ts';
import type { ReturnedLine } from './parse-return.ts';
import { signed, type RawLine, type RawOrder } from './raw-order.ts';
import { ownRefund, refundsOf } from './refunds.ts';
import { countryOf } from './words.ts';

/** What Walmart sends instead of an address: it leads to nobody. */
const PLACEHOLDER = /^nocxemail@walmartone\.com$/i;

interface SoldLine {
	raw: RawLine;
	/** Pieces that count as sold. */
	sold: number;
	cancelled: number;
	product: Micros;
	discount: Micros;
	tax: Micros;
	shipping: Micros;
	shippingTax: Micros;
}

/**
 * Decides what a Walmart order means to us. Amounts are without tax.
 *
 * - Each line has statuses by pieces. Cancelled pieces were never charged, so they are not sold: the order's own day is restated.
 *   Refunded pieces were sold first; the refund stands on its own day.
 * - Pieces that were cancelled after they had been charged (a refund says so) were sold and given back.
 * - An order whose every piece was cancelled keeps what was ordered and counts nothing.
 * - A replacement order is free and no sale.
 */
export function canonicalOrder(raw: RawOrder, returns: readonly ReturnedLine[]): ChannelOrderInput {
	const returned = returns.filter((line) => line.purchaseOrderId === raw.id);
	const places = currencyPlaces(raw.currency);
	const lines = raw.lines.map((line) => soldLine(raw, line, returned, places));
	const cancelled = lines.every(
		(line) => line.raw.ordered > 0 && line.sold === 0 && line.cancelled >= line.raw.ordered
	);
	const kept = cancelled ? raw.lines.map((line) => wholeLine(raw, line)) : lines;
	const sum = (pick: (line: SoldLine) => Micros) => kept.reduce((all, line) => all + pick(line), ZERO);
	const shipping = sum((line) => line.shipping);
	const tax = sum((line) => line.tax + line.shippingTax);
	// a line without a price is no free one: its order counts in pieces until Walmart tells
	const priceKnown = raw.isReplacement || raw.lines.every((line) => line.charges.some(isPrice));
	const words = [...new Set(raw.lines.flatMap((line) => line.statuses.map((status) => status.written)))];
	return {
		externalId: raw.id,
		name: raw.id,
		placedAt: new Date(raw.orderedAt),
		updatedAt: new Date(versionOf(raw, returned)),
		cancelledAt: cancelled
			? new Date(Math.max(raw.orderedAt, ...raw.lines.map((line) => line.statusDate)))
			: null,
		isReplacement: raw.isReplacement,
		currency: raw.currency,
		fulfillmentStatus: words.join(', ') || null,
		status: cancelled ? 'cancelled' : statusOf(raw),
		shipping: decimal(shipping),
		tax: decimal(tax),
		priceKnown,
		total: priceKnown ? decimal(sum((line) => line.product - line.discount) + shipping + tax) : null,
		customer: customerOf(raw),
		address: raw.address && {
			name: raw.address.name,
			city: raw.address.city,
			region: raw.address.state,
			country: countryOf(raw.address.country),
			countryName: raw.address.country
		},
		lines: kept.map((line, position) => ({
			externalId: line.raw.number,
			position,
			// Walmart names what was sold by the seller's SKU alone
			listingExternalId: line.raw.sku,
			sku: line.raw.sku,
			title: line.raw.title,
			quantity: line.sold,
			unitPrice: !priceKnown
				? null
				: decimal(line.sold === 0 ? unitOf(raw, line.raw) : share(line.product, 1, line.sold, 6)),
			gross: priceKnown ? decimal(line.product) : null,
			discount: decimal(line.discount),
			tax: decimal(line.tax)
		})),
		refunds: refundsOf(raw, returned),
		events: shipments(raw)
	};
}

function isPrice(charge: RawLine['charges'][number]): boolean {
	return charge.type !== 'SHIPPING' && !charge.isDiscount;
}

function soldLine(raw: RawOrder, line: RawLine, returned: readonly ReturnedLine[], places: number): SoldLine {
	const whole = wholeLine(raw, line);
	const cancelled = Math.min(line.ordered, piecesIn(line, 'cancelled'));
	const sold = line.ordered - cancelled + chargedAll(whole, cancelled, line, returned);
	if (sold === line.ordered) return { ...whole, cancelled };
	const part = (amount: Micros) => (sold === 0 ? ZERO : share(amount, sold, line.ordered, places));
	return {
		raw: line,
		sold,
		cancelled,
		product: part(whole.product),
		discount: part(whole.discount),
		tax: part(whole.tax),
		shipping: sold === 0 ? ZERO : whole.shipping,
		shippingTax: sold === 0 ? ZERO : whole.shippingTax
	};
}

/** Cancelled pieces that had been charged all the same: as many as the refund is worth. */
function chargedAll(
	whole: SoldLine,
	cancelled: number,
	line: RawLine,
	returned: readonly ReturnedLine[]
): number {
	if (cancelled === 0) return 0;
	const refund = ownRefund(line, returned);
	const net = whole.product - whole.discount;
	if (!refund?.afterCancel || refund.item <= ZERO || net <= ZERO) return 0;
	return Math.min(cancelled, Math.round((Number(refund.item) / Number(net)) * line.ordered));
}

/** A line as it was ordered. */
function wholeLine(raw: RawOrder, line: RawLine): SoldLine {
	const whole: SoldLine = {
		raw: line,
		sold: line.ordered,
		cancelled: piecesIn(line, 'cancelled'),
		product: ZERO,
		discount: ZERO,
		tax: ZERO,
		shipping: ZERO,
		shippingTax: ZERO
	};
	const places = currencyPlaces(raw.currency);
	for (const charge of line.charges) {
		if (charge.type === 'SHIPPING') {
			whole.shipping += signed(charge);
			whole.shippingTax += charge.tax;
			continue;
		}
		const times = raw.perPiece ? line.ordered : 1;
		const amount = share(signed(charge), times, 1, places);
		if (charge.isDiscount) whole.discount -= amount;
		else whole.product += amount;
		whole.tax += share(charge.tax, times, 1, places);
	}
	return whole;
}

function unitOf(raw: RawOrder, line: RawLine): Micros {
	const { product } = wholeLine(raw, line);
	return line.ordered === 0 ? ZERO : share(product, 1, line.ordered, 6);
}

function piecesIn(line: RawLine, word: RawLine['statuses'][number]['word']): number {
	return line.statuses
		.filter((status) => status.word === word)
		.reduce((sum, status) => sum + status.pieces, 0);
}

/** Walmart tells no version of an order: the newest thing that is known to have happened to it stands for one. */
function versionOf(raw: RawOrder, returned: readonly ReturnedLine[]): number {
	const times = [raw.orderedAt];
	for (const line of raw.lines) {
		times.push(line.statusDate);
		for (const { shippedAt } of line.statuses) if (shippedAt !== null) times.push(shippedAt);
	}
	for (const line of returned) times.push(Date.parse(line.refundedAt));
	return Math.max(...times);
}

function statusOf(raw: RawOrder): OrderStatus {
	const statuses = raw.lines.flatMap((line) => line.statuses).filter(({ pieces }) => pieces > 0);
	const has = (word: string) => statuses.some((status) => status.word === word);
	const kept = statuses.filter((status) => status.word !== 'cancelled');
	const all = (...words: string[]) => kept.length > 0 && kept.every((status) => words.includes(status.word));
	if (has('other')) return 'other';
	if (all('refund')) return 'refunded';
	if (has('refund')) return 'partially_refunded';
	if (all('delivered')) return 'delivered';
	return all('shipped', 'delivered') ? 'shipped' : 'pending';
}

function customerOf(raw: RawOrder): ChannelOrderInput['customer'] {
	const email = raw.email !== null && !PLACEHOLDER.test(raw.email.trim()) ? raw.email.trim() : null;
	// without either, orders of different people would become one customer
	const externalId = raw.buyerId ?? email?.toLowerCase() ?? null;
	if (externalId === null) return null;
	return {
		externalId,
		name: raw.address?.name ?? null,
		email,
		country: countryOf(raw.address?.country ?? null)
	};
}

function shipments(raw: RawOrder): NonNullable<ChannelOrderInput['events']> {
	const seen = new Map<string, NonNullable<ChannelOrderInput['events']>[number]>();
	for (const line of raw.lines)
		for (const { shippedAt, carrier, trackingNumber } of line.statuses) {
			if (shippedAt === null) continue;
			const key = `${shippedAt} ${trackingNumber ?? ''}`;
			if (!seen.has(key))
				seen.set(key, { kind: 'fulfilled', at: new Date(shippedAt), data: { ...(carrier && { carrier }), ...(trackingNumber && { trackingNumber }) } }); // prettier-ignore
		}
	return [...seen.values()];
}
