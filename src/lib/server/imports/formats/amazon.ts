import type { OrderStatus } from '../../orders/index.ts';
import { isZero, minus, plus } from '../text/money.ts';
import { FILE_VERSION, type Format } from './format.ts';
import type { OrderRow } from './row.ts';

// Columns: sellercentral.amazon.com/gp/help/external/200547170 ("All Orders report"), in its spellings over the years.
const columns = {
	orderId: ['amazon-order-id', 'order-id'],
	purchasedAt: ['purchase-date'],
	updatedAt: ['last-updated-date'],
	status: ['order-status'],
	fulfilment: ['fulfillment-channel', 'fulfilment-channel'],
	salesChannel: ['sales-channel'],
	title: ['product-name'],
	sku: ['sku'],
	lineId: ['order-item-id'],
	itemStatus: ['item-status'],
	quantity: ['quantity', 'quantity-purchased'],
	currency: ['currency'],
	price: ['item-price'],
	priceWithoutTax: ['vat-exclusive-item-price'],
	tax: ['item-tax'],
	shipping: ['shipping-price'],
	shippingTax: ['shipping-tax'],
	giftWrap: ['gift-wrap-price'],
	giftWrapTax: ['gift-wrap-tax'],
	discount: ['item-promotion-discount'],
	shippingDiscount: ['ship-promotion-discount'],
	city: ['ship-city'],
	region: ['ship-state'],
	country: ['ship-country']
} as const;
type Field = keyof typeof columns;

const STATUSES: Record<string, OrderStatus> = {
	pending: 'pending',
	pendingavailability: 'pending',
	unshipped: 'paid',
	partiallyshipped: 'paid',
	shipping: 'paid',
	invoiceunconfirmed: 'paid',
	shipped: 'shipped',
	complete: 'shipped',
	shippeddeliveredtobuyer: 'delivered',
	cancelled: 'cancelled',
	canceled: 'cancelled'
};
/** Marketplaces whose item prices have no tax in them. Everywhere else Amazon's item-price contains item-tax. */
const WITHOUT_TAX = /^(non-)?amazon(\.com|\.ca)?( us| ca)?$/i;

/** Amazon's All Orders report: tab separated, one row an item. It names no buyer and no line id. */
export const amazonFormat: Format<Field> = {
	key: 'amazon',
	channel: 'amazon',
	quotes: false,
	columns,
	marks: ['orderId', 'purchasedAt', 'status', 'sku', 'price'],
	groupBy: 'orderId',
	assemble(given, options, problems) {
		const rows = newest(given);
		const first = rows[0]!;
		const id = first.text('orderId')!;
		if (!/^(\d{3}|S\d{2})-\d{7}-\d{7}$/.test(id)) {
			first.refuse(
				'orderId',
				`“${id}” is no Amazon order id: those look like 111-2223334-5556667. A spreadsheet may have changed it.`
			);
			return null;
		}
		const salesChannel = first.text('salesChannel') ?? '';
		if (/^non-amazon/i.test(salesChannel)) {
			problems.notices.add(
				'Amazon only ships these for another channel: they are no sales of Amazon and left out.'
			);
			return null;
		}
		const placedAt = first.instant('purchasedAt');
		if (placedAt === null && !first.has('purchasedAt'))
			first.refuse('purchasedAt', 'The day of the order is missing.');
		const word = first.text('status') ?? '';
		const status =
			STATUSES[word.toLowerCase().replace(/[^a-z]/g, '')] ?? (/^shipped/i.test(word) ? 'shipped' : 'other');
		const currency = rows.map((row) => row.text('currency')).find((one) => one !== null) ?? options.currency;
		const taxInside =
			salesChannel === '' ? !['USD', 'CAD'].includes(currency) : !WITHOUT_TAX.test(salesChannel);
		const lines = rows.map((row, position) => {
			const price = row.amount('price');
			const tax = row.amount('tax') ?? '0';
			const without = row.amount('priceWithoutTax');
			const quantity = row.count('quantity');
			if (quantity === null && !row.has('quantity'))
				row.refuse('quantity', 'The number of pieces is missing.');
			const itemStatus = row.text('itemStatus') ?? '';
			const gone = status !== 'cancelled' && /^cancel/i.test(itemStatus);
			return {
				externalId: row.text('lineId') ?? `file:${position + 1}`,
				position,
				sku: row.text('sku'),
				title: row.text('title') ?? row.text('sku') ?? 'Unknown item',
				quantity: gone ? 0 : Math.max(0, quantity ?? 0),
				unitPrice: null,
				gross: price === null || gone ? null : (without ?? (taxInside ? minus(price, tax) : price)),
				discount: gone ? '0' : size(row.amount('discount')),
				tax: gone ? '0' : tax,
				adjustment: gone ? { quantity: String(quantity ?? 0) } : null
			};
		});
		const priceKnown = lines.every((line) => line.gross !== null || line.quantity === 0);
		if (!priceKnown && status !== 'pending' && status !== 'cancelled')
			problems.notices.add('Amazon told no price: they count in orders and units, not in sales.');
		return {
			externalId: id,
			name: id,
			placedAt: placedAt ?? FILE_VERSION,
			updatedAt: FILE_VERSION,
			cancelledAt: status === 'cancelled' ? (first.instant('updatedAt') ?? placedAt) : null,
			currency,
			fulfillmentStatus: word || null,
			status,
			priceKnown,
			shipping: sumOf(rows, (row) => shippingOf(row, taxInside)),
			tax: sumOf(rows, (row) =>
				plus(row.amount('tax') ?? '0', row.amount('shippingTax') ?? '0', row.amount('giftWrapTax') ?? '0')
			),
			total: priceKnown ? sumOf(rows, (row) => paidFor(row, taxInside)) : null,
			address: {
				city: first.text('city'),
				region: first.text('region'),
				country: first.text('country'),
				countryName: null
			},
			lines
		};
	}
};

/** The rows of the order's latest state: two reports put together tell an order twice, each with its own date of update. */
function newest(rows: readonly OrderRow<Field>[]): readonly OrderRow<Field>[] {
	const dates = rows.map((row) => row.text('updatedAt') ?? '');
	const latest = dates.reduce((a, b) => (Date.parse(b) > (Date.parse(a) || 0) ? b : a), dates[0]!);
	return rows.filter((_, at) => dates[at] === latest);
}

function shippingOf(row: OrderRow<Field>, taxInside: boolean): string {
	const paid = minus(row.amount('shipping') ?? '0', size(row.amount('shippingDiscount')));
	return taxInside ? minus(paid, row.amount('shippingTax') ?? '0') : paid;
}

function paidFor(row: OrderRow<Field>, taxInside: boolean): string {
	const paid = plus(row.amount('price') ?? '0', row.amount('shipping') ?? '0', row.amount('giftWrap') ?? '0');
	const less = minus(paid, size(row.amount('discount')), size(row.amount('shippingDiscount')));
	if (taxInside) return less;
	return plus(
		less,
		row.amount('tax') ?? '0',
		row.amount('shippingTax') ?? '0',
		row.amount('giftWrapTax') ?? '0'
	);
}

/** Reports write discounts with and without a minus. */
function size(discount: string | null): string {
	return discount === null || isZero(discount) ? '0' : discount.replace(/^-/, '');
}

function sumOf(rows: readonly OrderRow<Field>[], amount: (row: OrderRow<Field>) => string): string {
	return plus(...rows.map(amount));
}
