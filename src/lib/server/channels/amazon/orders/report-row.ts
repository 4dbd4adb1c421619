import { micros, ZERO, type Micros } from '../../amount.ts';
import { knownWord } from '../../drift.ts';
import { requiredInstant, text, type Json } from '../../json.ts';
import { missing } from '../../unparsable.ts';
import { currencyOfFront } from '../regions.ts';
import type { RawItem, RawOrder } from './raw.ts';
import { statusWord } from './read-order.ts';

/** All orders placed in thirty days at most; its columns: sellercentral.amazon.com/gp/help/external/200547170. */
export const ORDERS_REPORT = 'GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL';

const STATUSES = new Set([
	'PENDING',
	'PENDING_AVAILABILITY',
	'UNSHIPPED',
	'PARTIALLY_SHIPPED',
	'SHIPPED',
	'SHIPPING',
	'COMPLETE',
	'CANCELLED',
	'UNFULFILLABLE',
	'INVOICE_UNCONFIRMED',
	'SHIPPED_DELIVERED_TO_BUYER'
]);
/** Fronts whose item prices have no tax in them; everywhere else item-price contains item-tax. */
const WITHOUT_TAX = /^(non-)?amazon(\.com|\.ca)?( us| ca)?$/i;

/**
 * Reads an order from the rows of the All Orders report. It names no buyer, and no price while the order is pending.
 * @throws Unparsable naming the column
 */
export function readReportOrder(node: Json): RawOrder {
	const rows = (Array.isArray(node.rows) ? node.rows : []) as Json[];
	const first = rows[0] ?? missing('The rows of the order');
	const word = statusWord(text(first['order-status']) ?? 'UNKNOWN');
	knownWord('amazon', word, STATUSES, 'order-status');
	const status = word.startsWith('SHIPPED') || word === 'COMPLETE' ? 'SHIPPED' : word;
	const front = text(first['sales-channel']) ?? '';
	const taxInside = !WITHOUT_TAX.test(front);
	const updated = rows.map((row) => requiredInstant(row['last-updated-date'], 'last-updated-date')).sort();
	const items = rows.map((row) => readRow(row, taxInside, status === 'CANCELLED'));
	return {
		id: text(first['amazon-order-id']) ?? missing('amazon-order-id'),
		createdAt: requiredInstant(first['purchase-date'], 'purchase-date'),
		updatedAt: updated.at(-1)!,
		status,
		delivered: word === 'SHIPPED_DELIVERED_TO_BUYER',
		elsewhere: /^non-amazon/i.test(front),
		replacement: /^(true|yes|1)$/i.test(text(first['is-replacement-order']) ?? ''),
		currency: rows.map((row) => text(row.currency)).find((one) => one !== null) ?? currencyOfFront(front),
		fulfilledBy: /amazon|afn/i.test(text(first['fulfillment-channel']) ?? '') ? 'AMAZON' : 'MERCHANT',
		total: totalOf(items),
		address: {
			name: null,
			city: text(first['ship-city']),
			region: text(first['ship-state']),
			country: text(first['ship-country'])
		},
		items
	};
}

function readRow(row: Json, taxInside: boolean, cancelled: boolean): RawItem {
	const quantity = Number(text(row.quantity) ?? '0');
	if (!Number.isSafeInteger(quantity)) missing('quantity');
	const price = amountIn(row, 'item-price');
	const itemTax = amountIn(row, 'item-tax') ?? ZERO;
	const wrap = amountIn(row, 'gift-wrap-price') ?? ZERO;
	const wrapTax = amountIn(row, 'gift-wrap-tax') ?? ZERO;
	const shipping = amountIn(row, 'shipping-price') ?? ZERO;
	const shippingTax = amountIn(row, 'shipping-tax') ?? ZERO;
	const net = (amount: Micros, tax: Micros) => (taxInside ? amount - tax : amount);
	const gross = price === null ? null : net(price, itemTax);
	const gone = !cancelled && statusWord(text(row['item-status']) ?? '') === 'CANCELLED';
	return {
		sku: text(row.sku),
		asin: text(row.asin),
		title: text(row['product-name']) ?? text(row.sku) ?? 'Untitled',
		quantity: gone ? 0 : quantity,
		unitPrice: gross === null || quantity === 0 ? null : gross / BigInt(quantity),
		gross: gone ? ZERO : gross,
		discount: size(amountIn(row, 'item-promotion-discount') ?? ZERO),
		shipping:
			net(shipping, shippingTax) +
			net(wrap, wrapTax) -
			size(amountIn(row, 'ship-promotion-discount') ?? ZERO),
		tax: itemTax + shippingTax + wrapTax
	};
}

/** An empty column is "not told". @throws Unparsable for what is no number */
function amountIn(row: Json, column: string): Micros | null {
	const written = text(row[column]);
	if (written === null) return null;
	return micros(written.trim()) ?? missing(column);
}

function totalOf(items: readonly RawItem[]): Micros | null {
	if (items.some((item) => item.gross === null)) return null;
	return items.reduce(
		(total, { gross, discount, shipping, tax }) => total + gross! - discount + shipping + tax,
		ZERO
	);
}

function size(amount: Micros): Micros {
	return amount < ZERO ? -amount : amount;
}
