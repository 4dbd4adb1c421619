import type { OrderStatus } from '../../orders/index.ts';
import { allocate, close, isZero, minus, plus, share, times } from '../text/money.ts';
import { FILE_VERSION, type Format } from './format.ts';
import type { OrderRow } from './row.ts';

// Columns of the order export of the Shopify admin (help.shopify.com, "Exporting orders"). What belongs to the order stands in
// its first row only; the rows of its other lines repeat Name and Email.
const columns = {
	name: ['Name'],
	id: ['Id'],
	email: ['Email'],
	financial: ['Financial Status'],
	paidAt: ['Paid at'],
	fulfillment: ['Fulfillment Status'],
	fulfilledAt: ['Fulfilled at'],
	currency: ['Currency'],
	subtotal: ['Subtotal'],
	shipping: ['Shipping'],
	taxes: ['Taxes'],
	total: ['Total'],
	discount: ['Discount Amount'],
	createdAt: ['Created at'],
	quantity: ['Lineitem quantity'],
	title: ['Lineitem name'],
	price: ['Lineitem price'],
	sku: ['Lineitem sku'],
	taxable: ['Lineitem taxable'],
	lineDiscount: ['Lineitem discount'],
	vendor: ['Vendor'],
	billingName: ['Billing Name'],
	shippingName: ['Shipping Name'],
	city: ['Shipping City'],
	region: ['Shipping Province'],
	country: ['Shipping Country'],
	cancelledAt: ['Cancelled at'],
	refunded: ['Refunded Amount']
} as const;
type Field = keyof typeof columns;

/** The order export of the Shopify admin. It tells how much was refunded, not when. */
export const shopifyFormat: Format<Field> = {
	key: 'shopify',
	channel: 'shopify',
	quotes: true,
	columns,
	marks: ['name', 'financial', 'createdAt', 'quantity', 'price', 'title'],
	groupBy: 'name',
	assemble(given, options, problems) {
		const rows = lastTelling(given);
		const head = rows[0]!;
		const id = head.text('id')?.replace(/^'/, '') ?? null;
		if (id === null || !/^\d{6,20}$/.test(id)) {
			head.refuse(
				'id',
				id === null
					? 'The column Id of the order’s first row is empty. Without it the order would count again when Shopify tells it. Export the orders again with all columns.'
					: `“${id}” is no Shopify order id: those are whole numbers. A spreadsheet may have rounded it; use the file as Shopify made it.`
			);
			return null;
		}
		const placedAt = head.instant('createdAt');
		if (placedAt === null && !head.has('createdAt'))
			head.refuse('createdAt', 'The day of the order is missing.');
		const total = head.amount('total');
		if (total === null && !head.has('total')) head.refuse('total', 'The order’s total is missing.');
		const lines = rows.map(lineOf);
		const money = moneyOf(head, lines, rows, total ?? '0');
		const cancelledAt = head.instant('cancelledAt');
		const financial = head.text('financial')?.toLowerCase().replace(/\s+/g, '_') ?? null;
		const fulfillment = head.text('fulfillment')?.toLowerCase() ?? null;
		const refunded = head.amount('refunded') ?? '0';
		const email = head.text('email')?.toLowerCase() ?? null;
		return {
			externalId: id,
			name: head.text('name')!,
			placedAt: placedAt ?? FILE_VERSION,
			updatedAt: FILE_VERSION,
			cancelledAt,
			currency: head.text('currency') ?? options.currency,
			financialStatus: financial,
			fulfillmentStatus: fulfillment,
			status: statusOf(cancelledAt, financial, fulfillment),
			shipping: money.shipping,
			tax: money.tax,
			total,
			// the export names no id of the buyer: records of one person are joined by the address
			customer:
				email === null
					? null
					: {
							externalId: `email:${email}`.slice(0, 250),
							name: head.text('billingName') ?? head.text('shippingName'),
							email,
							country: head.text('country')
						},
			address: {
				name: head.text('shippingName'),
				city: head.text('city'),
				region: head.text('region'),
				country: head.text('country'),
				countryName: null
			},
			lines: money.lines,
			refunds: isZero(refunded)
				? []
				: [
						refundOf(
							refunded,
							money,
							total ?? '0',
							cancelledAt ?? lastEvent(head) ?? placedAt,
							problems.notices
						)
					]
		};
	}
};

interface Line {
	externalId: string;
	position: number;
	sku: string | null;
	title: string;
	vendor: string | null;
	quantity: number;
	unitPrice: string | null;
	gross: string | null;
	discount: string;
	tax: string;
}
interface Money {
	lines: Line[];
	/** Of all lines, after discounts, without tax. */
	net: string;
	shipping: string;
	tax: string;
}

/** An order that stands in the file twice is read as its last telling has it. */
function lastTelling(rows: readonly OrderRow<Field>[]): readonly OrderRow<Field>[] {
	const isHead = (row: OrderRow<Field>) => row.has('id') || row.has('total');
	const last = rows.findLastIndex(isHead);
	return last > 0 ? rows.slice(last) : rows;
}

function lineOf(row: OrderRow<Field>, position: number): Line {
	const quantity = row.count('quantity');
	const price = row.amount('price');
	if (quantity === null && !row.has('quantity')) row.refuse('quantity', 'The number of pieces is missing.');
	if (price === null && !row.has('price')) row.refuse('price', 'The price is missing.');
	return {
		externalId: `file:${position + 1}`,
		position,
		sku: row.text('sku'),
		title: row.text('title') ?? row.text('sku') ?? 'Unknown item',
		vendor: row.text('vendor'),
		quantity: Math.max(0, quantity ?? 0),
		unitPrice: price,
		gross: price === null ? null : times(price, Math.max(0, quantity ?? 0)),
		discount: row.amount('lineDiscount') ?? '0',
		tax: '0'
	};
}

/**
 * Discounts and taxes of the order, parted over its lines. Subtotal is after all discounts on items, so what it is below the
 * lines' prices is the discount: codes that hold for shipping then stay out. Where subtotal and shipping make the total without
 * the taxes, prices contain them, and they are taken out.
 */
function moneyOf(
	head: OrderRow<Field>,
	given: readonly Line[],
	rows: readonly OrderRow<Field>[],
	total: string
): Money {
	const gross = plus(...given.map((line) => line.gross ?? '0'));
	const subtotal = head.amount('subtotal') ?? minus(gross, head.amount('discount') ?? '0');
	const own = given.map((line) => line.discount);
	const rest = minus(gross, subtotal, ...own);
	// where the lines' own discounts are more than the order's, the order's word holds
	const discounts = rest.startsWith('-')
		? allocate(
				minus(gross, subtotal),
				given.map((line) => line.gross ?? '0')
			)
		: allocate(
				rest,
				given.map((line, at) => minus(line.gross ?? '0', own[at]!))
			).map((part, at) => plus(part, own[at]!));
	const taxes = head.amount('taxes') ?? '0';
	const shippingPaid = head.amount('shipping') ?? '0';
	const inside = !isZero(taxes) && close(plus(subtotal, shippingPaid), total);
	const paid = given.map((line, at) => minus(line.gross ?? '0', discounts[at]!));
	const taxed = paid.map((amount, at) =>
		rows[at]!.text('taxable')?.toLowerCase() === 'false' ? '0' : amount
	);
	const ofShipping =
		inside || isZero(plus(...taxed)) ? share(taxes, shippingPaid, plus(...taxed, shippingPaid)) : '0';
	const parts = isZero(plus(...taxed)) ? taxed.map(() => '0') : allocate(minus(taxes, ofShipping), taxed);
	const lines = given.map((line, at) => ({
		...line,
		discount: discounts[at]!,
		tax: parts[at]!,
		gross: line.gross === null ? null : inside ? minus(line.gross, parts[at]!) : line.gross
	}));
	return {
		lines,
		net: plus(...lines.map((line) => minus(line.gross ?? '0', line.discount))),
		shipping: inside ? minus(shippingPaid, ofShipping) : shippingPaid,
		tax: taxes
	};
}

/** What went back, as one sum: all of it, or a share of items and their tax first and of shipping for the rest. */
function refundOf(
	refunded: string,
	{ net, shipping, tax }: Money,
	total: string,
	at: string | null,
	notices: Set<string>
) {
	notices.add(
		'Shopify’s export tells how much was refunded, not when: booked on the day of cancellation, else of the order’s last event.'
	);
	const ofItems = plus(net, tax);
	const whole = close(refunded, total);
	const toItems = whole || !minus(refunded, ofItems).startsWith('-') ? ofItems : refunded;
	const toShipping = minus(refunded, toItems);
	const item = whole ? net : share(toItems, net, ofItems);
	return {
		externalId: 'file:refund',
		refundedAt: at ?? FILE_VERSION,
		total: refunded,
		lines: [
			{ externalId: 'file:items', kind: 'adjustment' as const, amount: item, tax: minus(toItems, item) },
			...(isZero(toShipping)
				? []
				: [{ externalId: 'file:shipping', kind: 'shipping' as const, amount: whole ? shipping : toShipping }])
		]
	};
}

function lastEvent(head: OrderRow<Field>): string | null {
	const events = [head.instant('createdAt'), head.instant('paidAt'), head.instant('fulfilledAt')];
	return (
		events
			.filter((event) => event !== null)
			.sort()
			.at(-1) ?? null
	);
}

function statusOf(
	cancelledAt: string | null,
	financial: string | null,
	fulfillment: string | null
): OrderStatus {
	if (cancelledAt !== null) return 'cancelled';
	if (financial === 'refunded' || financial === 'partially_refunded') return financial;
	if (fulfillment === 'fulfilled') return 'shipped';
	return financial === 'paid' || financial === 'partially_paid' ? 'paid' : 'pending';
}
