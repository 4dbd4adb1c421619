import { micros, ZERO, type Micros } from '../../amount.ts';
import { knownWord } from '../../drift.ts';
import {
	object,
	objects,
	requiredCount,
	requiredInstant,
	requiredText,
	text,
	type Json
} from '../../json.ts';
import { marketplaceOf } from '../regions.ts';
import type { RawItem, RawOrder } from './raw.ts';

const STATUSES = new Set([
	'PENDING_AVAILABILITY',
	'PENDING',
	'UNSHIPPED',
	'PARTIALLY_SHIPPED',
	'SHIPPED',
	'CANCELLED',
	'UNFULFILLABLE'
]);
const PARTS = new Set(['ITEM', 'SHIPPING', 'GIFT_WRAP', 'COD_FEE', 'OTHER', 'TAX', 'DISCOUNT']);

/**
 * An order of version 2026-01-01. Amazon tells no proceeds while it is pending, and buyers only to those who ship themselves.
 * @throws Unparsable naming what is missing
 */
export function readOrder(node: Json): RawOrder {
	const fulfillment = object(node.fulfillment);
	const status = statusWord(text(fulfillment?.fulfillmentStatus) ?? 'UNKNOWN');
	knownWord('amazon', status, STATUSES, 'fulfillmentStatus');
	const cancelled = status === 'CANCELLED';
	const channel = object(node.salesChannel);
	const proceeds = object(node.proceeds);
	const items = objects(node.orderItems, 'The order items').map((item, index) =>
		readItem(item, index, cancelled)
	);
	const address = object(object(node.recipient)?.deliveryAddress);
	const packages = objects(node.packages, 'The packages').map((one) => object(one.packageStatus));
	return {
		id: requiredText(node.orderId, 'The order id'),
		createdAt: requiredInstant(node.createdTime, 'The order date'),
		updatedAt: requiredInstant(node.lastUpdatedTime, 'The date of the last change'),
		status,
		delivered:
			status === 'SHIPPED' &&
			packages.length > 0 &&
			packages.every((one) => text(one?.status) === 'DELIVERED'),
		elsewhere: text(channel?.channelName) === 'NON_AMAZON',
		replacement: objects(node.associatedOrders, 'The associated orders').some(
			(one) => text(one.associationType) === 'REPLACEMENT_ORIGINAL_ID'
		),
		currency:
			currencyOf(proceeds?.grandTotal) ??
			firstCurrency(node) ??
			marketplaceOf(text(channel?.marketplaceId) ?? '')?.currency ??
			null,
		fulfilledBy: text(fulfillment?.fulfilledBy),
		total: moneyOf(proceeds?.grandTotal),
		address: address && {
			name: text(address.name),
			city: text(address.city),
			region: text(address.stateOrRegion),
			country: text(address.countryCode)
		},
		items
	};
}

/** Amazon has written Canceled, Cancelled and CANCELLED over the years. */
export function statusWord(word: string): string {
	const capitals = word
		.trim()
		.replace(/([a-z])([A-Z])/g, '$1_$2')
		.replace(/[\s-]+/g, '_')
		.toUpperCase();
	return capitals === 'CANCELED' ? 'CANCELLED' : capitals;
}

function readItem(item: Json, index: number, cancelled: boolean): RawItem {
	const where = `line ${index + 1}`;
	const product = object(item.product) ?? {};
	const ordered = requiredCount(item.quantityOrdered, `The quantity of ${where}`);
	const unitPrice = moneyOf(object(product.price)?.unitPrice);
	const sold = readProceeds(item.proceeds);
	const fulfilment = object(item.fulfillment);
	const gone = !cancelled && object(object(item.cancellation)?.cancellationExecution) !== null;
	const left = count(fulfilment?.quantityFulfilled) + count(fulfilment?.quantityUnfulfilled);
	return {
		sku: text(product.sellerSku),
		asin: text(product.asin),
		title: text(product.title) ?? text(product.sellerSku) ?? 'Untitled',
		quantity: gone ? Math.min(ordered, left) : ordered,
		unitPrice,
		gross: sold?.gross ?? (cancelled && unitPrice !== null ? unitPrice * BigInt(ordered) : null),
		discount: sold?.discount ?? ZERO,
		shipping: sold?.shipping ?? ZERO,
		tax: sold?.tax ?? ZERO
	};
}

/** The parts of an item's proceeds; null while Amazon tells none. */
function readProceeds(
	value: unknown
): (Pick<RawItem, 'discount' | 'shipping' | 'tax'> & { gross: Micros }) | null {
	const proceeds = object(value);
	const parts = objects(proceeds?.breakdowns, 'The proceeds');
	if (!proceeds || parts.length === 0) return null;
	const sums: Record<string, Micros> = {};
	let shippingDiscount = ZERO;
	let itemTax = ZERO;
	for (const part of parts) {
		const type = text(part.type) ?? 'OTHER';
		knownWord('amazon', type, PARTS, 'proceeds.type');
		const amount = moneyOf(part.subtotal) ?? ZERO;
		sums[type] = (sums[type] ?? ZERO) + amount;
		for (const detail of objects(part.detailedBreakdowns, 'The detailed proceeds')) {
			const more = moneyOf(detail.value) ?? ZERO;
			if (type === 'DISCOUNT' && text(detail.subtype) !== 'ITEM') shippingDiscount += size(more);
			if (type === 'TAX' && text(detail.subtype) === 'ITEM') itemTax += more;
		}
	}
	if (sums.ITEM === undefined) return null;
	const { ITEM, DISCOUNT = ZERO, TAX = ZERO, ...other } = sums;
	const extra = Object.values(other).reduce((sum, one) => sum + one, ZERO);
	const total = moneyOf(proceeds.proceedsTotal);
	const discount = size(DISCOUNT);
	// where prices contain tax, the parts without the tax make up the total already
	const inside = TAX !== ZERO && total !== null && ITEM! - discount + extra === total;
	return {
		gross: inside ? ITEM! - (itemTax === ZERO ? TAX : itemTax) : ITEM!,
		discount: discount - shippingDiscount,
		shipping: extra - shippingDiscount - (inside && itemTax !== ZERO ? TAX - itemTax : ZERO),
		tax: TAX
	};
}

function moneyOf(value: unknown): Micros | null {
	return micros(object(value)?.amount);
}

function currencyOf(value: unknown): string | null {
	return text(object(value)?.currencyCode);
}

function firstCurrency(node: Json): string | null {
	for (const item of objects(node.orderItems, 'The order items')) {
		const found =
			currencyOf(object(item.proceeds)?.proceedsTotal) ??
			currencyOf(object(object(item.product)?.price)?.unitPrice);
		if (found) return found;
	}
	return null;
}

function count(value: unknown): number {
	return typeof value === 'number' && Number.isSafeInteger(value) ? value : 0;
}

function size(amount: Micros): Micros {
	return amount < ZERO ? -amount : amount;
}
