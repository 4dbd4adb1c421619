import {
	toChannelOrder,
	type ChannelOrder,
	type ChannelOrderInput,
	type OrderStatus
} from '../../../orders/index.ts';
import { decimal, micros, ZERO } from '../../amount.ts';
import type { RawItem, RawOrder } from './raw.ts';

/** A refund as Amazon's transactions told it, in the form the order takes. */
export type RefundInput = NonNullable<ChannelOrderInput['refunds']>[number];

const STATUS: Record<string, OrderStatus> = {
	PENDING_AVAILABILITY: 'pending',
	PENDING: 'pending',
	UNSHIPPED: 'paid',
	PARTIALLY_SHIPPED: 'paid',
	SHIPPING: 'paid',
	INVOICE_UNCONFIRMED: 'paid',
	SHIPPED: 'shipped',
	CANCELLED: 'cancelled'
};

/**
 * Decides what an Amazon order means to us. Amounts are in the marketplace's currency, without tax.
 *
 * - Without proceeds the price is unknown: counted in orders and units, not in money, until a later version tells it.
 * - A line is known by its SKU, which reports, notifications and transactions have in common; a second line of the same SKU gets a
 *   number. A line's offer is the SKU too, its group the ASIN, so that FBA and merchant twins stay apart.
 * - Amazon names no buyer we could recognize: its e-mail addresses are stand-ins, so there is no customer.
 * - Refunds are told by transactions only; `withRefunds` adds them.
 */
export function canonicalOrder(raw: RawOrder, currency: string): ChannelOrderInput {
	const cancelled = raw.status === 'CANCELLED';
	const ids = lineIds(raw.items);
	const priceKnown = cancelled || raw.items.every((item) => item.gross !== null || item.quantity === 0);
	return {
		externalId: raw.id,
		name: raw.id,
		placedAt: raw.createdAt,
		updatedAt: raw.updatedAt,
		cancelledAt: cancelled ? raw.updatedAt : null,
		isReplacement: raw.replacement,
		currency: raw.currency ?? currency,
		financialStatus: null,
		fulfillmentStatus: raw.status.toLowerCase(),
		status: raw.delivered ? 'delivered' : (STATUS[raw.status] ?? 'other'),
		priceKnown,
		shipping: sum(raw.items, 'shipping'),
		tax: sum(raw.items, 'tax'),
		total: raw.total === null ? null : decimal(raw.total),
		customer: null,
		address: raw.address && {
			name: raw.address.name,
			city: raw.address.city,
			region: raw.address.region,
			country: raw.address.country
		},
		lines: raw.items.map((item, index) => ({
			externalId: ids[index]!,
			position: index,
			listingExternalId: item.sku ?? item.asin,
			groupExternalId: item.asin,
			sku: item.sku,
			title: item.title,
			quantity: raw.elsewhere ? 0 : item.quantity,
			unitPrice: item.unitPrice === null ? null : decimal(item.unitPrice),
			gross: raw.elsewhere ? '0' : item.gross === null ? null : decimal(item.gross),
			discount: raw.elsewhere ? '0' : decimal(item.discount),
			tax: raw.elsewhere ? '0' : decimal(item.tax),
			// shipped for another channel, which has the sale: kept, counted nowhere
			adjustment: raw.elsewhere ? { quantity: String(item.quantity) } : null
		}))
	};
}

/**
 * An order with the raw text it was read from; `currency` is that of an order that names none yet.
 * @throws ZodError; the caller keeps the payload as a dead letter
 */
export function amazonOrder(
	raw: RawOrder,
	payload: string,
	source: 'poll' | 'bulk',
	currency: string | null
): ChannelOrder {
	return toChannelOrder(canonicalOrder(raw, currency ?? 'USD'), { payload, source });
}

/** The order with the refunds that transactions told of it. */
export function withRefunds(order: ChannelOrder, refunds: readonly RefundInput[]): ChannelOrder {
	if (refunds.length === 0) return order;
	const ids = new Set(order.lines.map((line) => line.externalId));
	const { payload, source, ...told } = order;
	return toChannelOrder(
		{
			...told,
			status: statusOf(order, refunds),
			refunds: refunds.map((refund) => ({
				...refund,
				// the money stands whether or not its line is known
				lines: (refund.lines ?? []).map((line) => ({
					...line,
					lineExternalId:
						line.lineExternalId != null && ids.has(line.lineExternalId) ? line.lineExternalId : null
				}))
			}))
		},
		{ payload, source }
	);
}

function lineIds(items: readonly RawItem[]): string[] {
	const seen = new Map<string, number>();
	return items.map((item, index) => {
		const name = item.sku ?? item.asin ?? `line ${index + 1}`;
		const n = (seen.get(name) ?? 0) + 1;
		seen.set(name, n);
		return n === 1 ? name : `${name}#${n}`;
	});
}

function statusOf({ status, lines }: ChannelOrder, refunds: readonly RefundInput[]): OrderStatus {
	if (status === 'cancelled') return status;
	const back = refunds
		.flatMap((refund) => refund.lines ?? [])
		.reduce((total, line) => total + (line.kind === 'item' ? (micros(line.amount) ?? ZERO) : ZERO), ZERO);
	const sold = lines.reduce(
		(total, line) => total + (micros(line.gross) ?? ZERO) - (micros(line.discount) ?? ZERO),
		ZERO
	);
	return back > ZERO && back >= sold ? 'refunded' : 'partially_refunded';
}

function sum(items: readonly RawItem[], field: 'shipping' | 'tax'): string {
	return decimal(items.reduce((total, item) => total + item[field], ZERO));
}
