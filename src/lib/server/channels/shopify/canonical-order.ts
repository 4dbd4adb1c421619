import { currencyPlaces, decimal, share, ZERO, type Micros } from '../amount.ts';
import type { ChannelOrderInput, OrderStatus } from '../../orders/index.ts';
import { knownWord } from '../drift.ts';
import type { RawLine, RawOrder, RawRefund } from './raw-order.ts';

const FINANCIAL = new Set([
	'authorized',
	'expired',
	'paid',
	'partially_paid',
	'partially_refunded',
	'pending',
	'refunded',
	'voided',
	'unpaid'
]);
const FULFILLMENT = new Set([
	'fulfilled',
	'in_progress',
	'on_hold',
	'open',
	'partially_fulfilled',
	'pending_fulfillment',
	'request_declined',
	'restocked',
	'scheduled',
	'unfulfilled'
]);
const RESTOCKED = new Set(['return', 'cancel', 'legacy_restock']);
/** Under these words no money was taken: what a cancellation removed was never sold, and its lines keep what was ordered. */
const UNCAPTURED = new Set(['voided', 'pending', 'authorized', 'expired', 'unpaid']);

/**
 * Decides what a Shopify order means to us. Amounts are the shop's currency, without tax.
 *
 * - A line sells what was ordered minus what an edit removed; refunded pieces were sold first, so they stay. An edit therefore
 *   restates the order's own day.
 * - The discount is the sum of the line's allocations; Shopify's discounted totals are never used, so nothing is subtracted twice.
 * - In shops whose prices include tax, the tax of the line leaves its price, and that of a refund leaves the refund.
 * - A refund adjustment is positive at Shopify when less goes back than its lines are worth; here it is turned around.
 */
export function canonicalOrder(raw: RawOrder): ChannelOrderInput {
	const places = currencyPlaces(raw.currency);
	const keepOrdered = raw.cancelledAt !== null && UNCAPTURED.has(raw.financial ?? '');
	const refunded = refundedPieces(raw.refunds);
	let removedTax = ZERO;
	let lineTax = ZERO;
	let edited = false;
	const lines = raw.lines.map((line, position) => {
		const sold = keepOrdered
			? line.quantity
			: // a refund may take back an earlier one: it has less than no pieces, a line never has
				Math.max(0, clamp(line.currentQuantity + (refunded.get(line.id) ?? 0), line.quantity));
		const part = soldPart(line, sold, places);
		lineTax += line.tax;
		if (sold !== line.quantity) {
			edited = true;
			removedTax += line.tax - part.tax;
		}
		const adjustment =
			line.adjustmentQuantity === null && line.adjustmentUnitPrice === null
				? null
				: {
						...(line.adjustmentQuantity !== null && { quantity: line.adjustmentQuantity }),
						...(line.adjustmentUnitPrice !== null && { unitPrice: line.adjustmentUnitPrice })
					};
		return {
			externalId: line.id,
			position,
			listingExternalId: line.variantId,
			groupExternalId: line.productId,
			sku: line.sku,
			title: line.title,
			variantTitle: line.variantTitle,
			vendor: line.vendor,
			quantity: sold,
			unitPrice: decimal(line.unitPrice),
			gross: decimal(raw.taxesIncluded ? part.gross - part.tax : part.gross),
			discount: decimal(part.discount),
			tax: decimal(part.tax),
			isGiftCard: line.isGiftCard,
			adjustment: sold === 0 ? adjustment : null
		};
	});
	const paidBack = raw.refunds.reduce((sum, refund) => sum + refund.total, ZERO);
	return {
		externalId: raw.id,
		name: raw.name,
		placedAt: raw.processedAt,
		updatedAt: raw.updatedAt,
		cancelledAt: raw.cancelledAt,
		isTest: raw.test,
		currency: raw.currency,
		presentment:
			raw.presentmentCurrency !== null && raw.presentmentCurrency !== raw.currency
				? {
						currency: raw.presentmentCurrency,
						total: raw.presentmentTotal === null ? null : decimal(raw.presentmentTotal)
					}
				: null,
		financialStatus: known(raw.financial, FINANCIAL, 'financial_status'),
		fulfillmentStatus: known(raw.fulfillment, FULFILLMENT, 'fulfillment_status'),
		status: statusOf(raw),
		shipping: decimal(raw.taxesIncluded ? raw.shipping - (raw.tax - lineTax) : raw.shipping),
		tax: decimal(raw.tax - removedTax),
		total: decimal(edited && raw.currentTotal !== null ? raw.currentTotal + paidBack : raw.total),
		customer: raw.customer && {
			externalId: raw.customer.id,
			name: [raw.customer.firstName, raw.customer.lastName].filter(Boolean).join(' ') || null,
			email: raw.customer.email ?? raw.email,
			// webhooks leave the customer's own address out: both shapes say where this order went
			country: raw.address?.countryCode ?? null,
			updatedAt: raw.customer.updatedAt
		},
		address: raw.address && {
			name: raw.address.name,
			city: raw.address.city,
			region: raw.address.provinceCode ?? raw.address.province,
			country: raw.address.countryCode,
			countryName: raw.address.country
		},
		lines,
		refunds: raw.refunds.map((refund) => canonicalRefund(refund, raw.taxesIncluded))
	};
}

/** Pieces between none and what was ordered: corrections of earlier refunds count backwards. */
function clamp(pieces: number, ordered: number): number {
	return Math.max(0, Math.min(ordered, pieces));
}

function soldPart(
	line: RawLine,
	sold: number,
	places: number
): { gross: Micros; discount: Micros; tax: Micros } {
	if (sold === line.quantity) {
		return {
			gross: line.total ?? share(line.unitPrice, sold, 1, places),
			discount: line.discount,
			tax: line.tax
		};
	}
	return {
		gross: share(line.unitPrice, sold, 1, places),
		discount: share(line.discount, sold, line.quantity, places),
		tax: share(line.tax, sold, line.quantity, places)
	};
}

function refundedPieces(refunds: readonly RawRefund[]): Map<string, number> {
	const pieces = new Map<string, number>();
	for (const refund of refunds) {
		for (const item of refund.items)
			if (item.lineId !== null) pieces.set(item.lineId, (pieces.get(item.lineId) ?? 0) + item.quantity);
	}
	return pieces;
}

function canonicalRefund(
	refund: RawRefund,
	taxesIncluded: boolean
): NonNullable<ChannelOrderInput['refunds']>[number] {
	const withoutTax = (subtotal: Micros, tax: Micros) => decimal(taxesIncluded ? subtotal - tax : subtotal);
	return {
		externalId: refund.id,
		refundedAt: refund.at,
		total: decimal(refund.total),
		lines: [
			...refund.items.map((item) => ({
				externalId: `item:${item.id}`,
				kind: 'item' as const,
				lineExternalId: item.lineId,
				quantity: item.quantity,
				amount: withoutTax(item.subtotal, item.tax),
				tax: decimal(item.tax),
				restocked: RESTOCKED.has(item.restockType)
			})),
			...refund.shipping.map((line) => ({
				externalId: `shipping:${line.id}`,
				kind: 'shipping' as const,
				amount: withoutTax(line.subtotal, line.tax),
				tax: decimal(line.tax)
			})),
			...refund.adjustments.map((line) => ({
				externalId: `adjustment:${line.id}`,
				kind: 'adjustment' as const,
				amount: decimal(-line.amount),
				tax: decimal(-line.tax)
			}))
		]
	};
}

/** Keeps the channel's word whether we know it or not, and counts what we do not know. */
function known(word: string | null, words: ReadonlySet<string>, field: string): string | null {
	return knownWord('shopify', word, words, field);
}

function statusOf(raw: RawOrder): OrderStatus {
	const { financial, fulfillment } = raw;
	if (raw.cancelledAt !== null) return 'cancelled';
	if (financial !== null && !FINANCIAL.has(financial)) return 'other';
	if (financial === 'refunded' || financial === 'partially_refunded') return financial;
	if (fulfillment !== null && !FULFILLMENT.has(fulfillment)) return 'other';
	if (fulfillment === 'fulfilled') return 'shipped';
	return financial === 'paid' || financial === 'partially_paid' ? 'paid' : 'pending';
}
