import type { OrderStatus } from '../../orders/index.ts';
import { each, isZero, minus, plus } from '../text/money.ts';
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
	asin: ['asin'],
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
	country: ['ship-country'],
	replacement: ['is-replacement-order']
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

/**
 * Amazon's All Orders report: tab separated, one row an item. It names no buyer. Lines, offers, shipping and totals are what the
 * channel's own reading makes of them (channels/amazon), so that an order is the same whichever way it comes.
 */
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
		const ids = lineIds(rows);
		const lines = rows.map((row, position) => {
			const price = row.amount('price');
			const tax = row.amount('tax') ?? '0';
			const without = row.amount('priceWithoutTax');
			const quantity = row.count('quantity');
			if (quantity === null && !row.has('quantity'))
				row.refuse('quantity', 'The number of pieces is missing.');
			const itemStatus = row.text('itemStatus') ?? '';
			const gone = status !== 'cancelled' && /^cancel/i.test(itemStatus);
			const pieces = gone ? 0 : Math.max(0, quantity ?? 0);
			const gross = gone ? '0' : price === null ? null : (without ?? (taxInside ? minus(price, tax) : price));
			return {
				externalId: ids[position]!,
				position,
				listingExternalId: row.text('sku') ?? row.text('asin'),
				groupExternalId: row.text('asin'),
				sku: row.text('sku'),
				title: row.text('title') ?? row.text('sku') ?? 'Unknown item',
				quantity: pieces,
				unitPrice: gross === null || pieces === 0 ? null : each(gross, pieces),
				gross,
				discount: gone ? '0' : size(row.amount('discount')),
				tax: gone ? '0' : tax,
				adjustment: gone ? { quantity: String(quantity ?? 0) } : null
			};
		});
		const priceKnown = lines.every((line) => line.gross !== null || line.quantity === 0);
		if (!priceKnown && status !== 'pending' && status !== 'cancelled')
			problems.notices.add('Amazon told no price: they count in orders and units, not in sales.');
		const shipping = plus(...rows.map((row) => shippingOf(row, taxInside)));
		const tax = plus(
			...rows.map((row) =>
				plus(row.amount('tax') ?? '0', row.amount('shippingTax') ?? '0', row.amount('giftWrapTax') ?? '0')
			)
		);
		return {
			externalId: id,
			name: id,
			placedAt: placedAt ?? FILE_VERSION,
			updatedAt: FILE_VERSION,
			cancelledAt: status === 'cancelled' ? (first.instant('updatedAt') ?? placedAt) : null,
			currency,
			isReplacement: /^(true|yes|1)$/i.test(first.text('replacement') ?? ''),
			fulfillmentStatus: word.toLowerCase() || null,
			status,
			priceKnown,
			shipping,
			tax,
			total: priceKnown
				? plus(...lines.map((line) => minus(line.gross ?? '0', line.discount)), shipping, tax)
				: null,
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

/** A line is known by its SKU, as Amazon's other tellings know it; a second line of the same one gets a number. */
function lineIds(rows: readonly OrderRow<Field>[]): string[] {
	const seen = new Map<string, number>();
	return rows.map((row, at) => {
		const name = row.text('sku') ?? row.text('asin') ?? `line ${at + 1}`;
		const n = (seen.get(name) ?? 0) + 1;
		seen.set(name, n);
		return n === 1 ? name : `${name}#${n}`;
	});
}

/** What the buyer pays for shipping and wrapping, without tax. */
function shippingOf(row: OrderRow<Field>, taxInside: boolean): string {
	const paid = plus(row.amount('shipping') ?? '0', row.amount('giftWrap') ?? '0');
	const tax = taxInside ? plus(row.amount('shippingTax') ?? '0', row.amount('giftWrapTax') ?? '0') : '0';
	return minus(paid, tax, size(row.amount('shippingDiscount')));
}

/** Reports write discounts with and without a minus. */
function size(discount: string | null): string {
	return discount === null || isZero(discount) ? '0' : discount.replace(/^-/, '');
}
