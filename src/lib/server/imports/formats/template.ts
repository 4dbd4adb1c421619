import { IMPORT_FIELDS, type ImportField } from '#lib/contracts/imports.ts';
import type { Channel } from '#lib/contracts/channels.ts';
import type { ChannelOrderInput, OrderStatus } from '../../orders/index.ts';
import { isZero, plus, times } from '../text/money.ts';
import { FILE_VERSION, type Format } from './format.ts';
import type { OrderRow, Problems } from './row.ts';

type Row = OrderRow<ImportField>;

/** The names under which columns of other tools come, besides the template's own. */
const ALSO: Partial<Record<ImportField, readonly string[]>> = {
	orderId: ['order_id', 'order number', 'order no', 'invoice'],
	orderedAt: ['ordered_at', 'order date', 'date', 'created at', 'purchase date'],
	quantity: ['qty', 'units', 'pieces'],
	orderName: ['order_name', 'order'],
	lineId: ['line_id', 'order item id'],
	title: ['product', 'product name', 'item', 'item name', 'description'],
	unitPrice: ['unit_price', 'price', 'item price'],
	lineAmount: ['line_amount', 'amount', 'line total', 'subtotal'],
	shipping: ['shipping price', 'shipping cost'],
	total: ['order_total'],
	cancelledAt: ['cancelled_at', 'canceled at'],
	refundAmount: ['refund_amount', 'refunded amount'],
	refundedAt: ['refunded_at', 'refund date'],
	email: ['e-mail', 'customer email', 'buyer email'],
	customerName: ['customer_name', 'customer', 'buyer name'],
	city: ['ship city', 'shipping city'],
	region: ['ship state', 'state', 'province'],
	country: ['ship country', 'shipping country']
};
const columns = Object.fromEntries(
	IMPORT_FIELDS.map(({ key, label }) => [key, [key, label, ...(ALSO[key] ?? [])]])
) as unknown as Record<ImportField, readonly string[]>;

const IDS: Record<Channel, { pattern: RegExp; words: string }> = {
	amazon: { pattern: /^(\d{3}|S\d{2})-\d{7}-\d{7}$/, words: 'Amazon’s look like 111-2223334-5556667.' },
	shopify: {
		pattern: /^\d{6,20}$/,
		words: 'Shopify’s are whole numbers such as 5551234567890, in the column Id of its export, not #1001.'
	},
	walmart: { pattern: /^\d{6,20}$/, words: 'Walmart’s are the purchase order numbers, whole numbers.' }
};

/** A file with columns of its own: a person says what they hold, or it is our template. */
export const templateFormat: Format<ImportField> = {
	key: 'template',
	channel: null,
	quotes: true,
	columns,
	marks: ['orderId', 'orderedAt', 'quantity'],
	groupBy: 'orderId',
	assemble(rows, options, problems) {
		const id = rows[0]!.text('orderId')!.replace(/^'/, '');
		const rule = IDS[options.channel];
		if (!rule.pattern.test(id)) {
			rows[0]!.refuse(
				'orderId',
				`“${id.slice(0, 40)}” is not the channel’s own id, so the order would count again when the channel tells it. ${rule.words}`
			);
			return null;
		}
		const sold = rows.filter((row) => !isReturn(row));
		const head = sold[0] ?? rows[0]!;
		const placedAt = earliest(sold.length > 0 ? sold : rows);
		if (placedAt === null && !head.has('orderedAt'))
			head.refuse('orderedAt', 'The day of the order is missing.');
		const status = statusOf(head.text('status'));
		const cancelled = status === 'cancelled' || head.has('cancelledAt');
		const lines = sold.map(lineOf);
		const email = head.text('email')?.toLowerCase() ?? null;
		const currency = head.text('currency')?.toUpperCase() ?? options.currency;
		if (rows.some((row) => (row.text('currency')?.toUpperCase() ?? currency) !== currency))
			head.refuse('currency', 'The lines of this order have different currencies. An order has one.');
		return {
			externalId: id,
			name: head.text('orderName') ?? id,
			placedAt: placedAt ?? FILE_VERSION,
			updatedAt: FILE_VERSION,
			cancelledAt: cancelled ? (head.instant('cancelledAt') ?? placedAt) : null,
			currency,
			fulfillmentStatus: head.text('status'),
			status: cancelled ? 'cancelled' : status,
			shipping: plus(...sold.map((row) => row.amount('shipping') ?? '0')),
			tax: plus(...lines.map((line) => line.tax)),
			total: head.amount('total'),
			customer:
				email === null
					? null
					: {
							externalId: `email:${email}`.slice(0, 250),
							name: head.text('customerName'),
							email,
							country: head.text('country')
						},
			address: {
				name: head.text('customerName'),
				city: head.text('city'),
				region: head.text('region'),
				country: head.text('country'),
				countryName: null
			},
			lines,
			refunds: refundsOf(rows, lines, problems)
		};
	}
};

/** A row that only gives something back: no pieces and a refund, or fewer than none. */
function isReturn(row: Row): boolean {
	const quantity = row.count('quantity') ?? 0;
	return quantity < 0 || (quantity === 0 && row.has('refundAmount'));
}

function lineOf(row: Row, position: number) {
	const quantity = row.count('quantity');
	if (quantity === null && !row.has('quantity')) row.refuse('quantity', 'The number of pieces is missing.');
	const unitPrice = row.amount('unitPrice');
	const whole = row.amount('lineAmount');
	const pieces = quantity ?? 0;
	if (!row.has('unitPrice') && !row.has('lineAmount'))
		row.refuse('unitPrice', 'The price is missing: fill the unit price or the line’s amount.');
	if (!row.has('sku') && !row.has('title'))
		row.refuse('sku', 'Neither a SKU nor a title says what was sold.');
	return {
		externalId: row.text('lineId') ?? `file:${position + 1}`,
		position,
		sku: row.text('sku'),
		title: row.text('title') ?? row.text('sku') ?? 'Unknown item',
		quantity: pieces,
		unitPrice,
		gross: whole ?? (unitPrice === null ? null : times(unitPrice, pieces)),
		discount: row.amount('discount')?.replace(/^-/, '') ?? '0',
		tax: row.amount('tax') ?? '0'
	};
}

function refundsOf(
	rows: readonly Row[],
	lines: readonly { externalId: string; sku: string | null }[],
	problems: Problems
): NonNullable<ChannelOrderInput['refunds']> {
	return rows.flatMap((row, at) => {
		const returned = isReturn(row);
		const amount = row.amount('refundAmount')?.replace(/^-/, '') ?? (returned ? worth(row) : null);
		if (amount === null || isZero(amount)) return [];
		const pieces = returned ? Math.abs(row.count('quantity') ?? 0) : 0;
		const refundedAt =
			row.instant('refundedAt') ??
			(returned && (row.count('quantity') ?? 0) < 0 ? row.instant('orderedAt') : null);
		if (refundedAt === null && !row.has('refundedAt'))
			row.refuse('refundedAt', 'A refund without its day: fill the column of “Refunded at”.');
		const known = lines.find((line) =>
			row.has('lineId')
				? line.externalId === row.text('lineId')
				: line.sku !== null && line.sku === row.text('sku')
		);
		if (returned && !known)
			problems.notices.add('A refund names no line of its order: it counts for the order.');
		return [
			{
				externalId: `file:refund:${at + 1}`,
				refundedAt: refundedAt ?? FILE_VERSION,
				lines: [
					{
						externalId: 'file:item',
						kind: known ? ('item' as const) : ('adjustment' as const),
						lineExternalId: known?.externalId ?? null,
						quantity: pieces,
						amount,
						tax: returned ? (row.amount('tax')?.replace(/^-/, '') ?? '0') : '0'
					}
				]
			}
		];
	});
}

/** What a row with fewer pieces than none gives back. */
function worth(row: Row): string | null {
	const whole = row.amount('lineAmount');
	if (whole !== null) return whole.replace(/^-/, '');
	const unitPrice = row.amount('unitPrice');
	return unitPrice === null ? null : times(unitPrice.replace(/^-/, ''), Math.abs(row.count('quantity') ?? 0));
}

function earliest(rows: readonly Row[]): string | null {
	return (
		rows
			.map((row) => row.instant('orderedAt'))
			.filter((one) => one !== null)
			.sort()[0] ?? null
	);
}

function statusOf(word: string | null): OrderStatus {
	if (word === null) return 'paid';
	const text = word.toLowerCase();
	if (/cancel|void/.test(text)) return 'cancelled';
	if (/partial.*refund/.test(text)) return 'partially_refunded';
	if (/refund|return/.test(text)) return 'refunded';
	if (/deliver/.test(text)) return 'delivered';
	if (/unship|unfulfil/.test(text)) return 'paid';
	if (/ship|fulfil|sent/.test(text)) return 'shipped';
	if (/pend|unpaid|authori|open|created|acknow/.test(text)) return 'pending';
	return /paid|complete|closed|done/.test(text) ? 'paid' : 'other';
}
