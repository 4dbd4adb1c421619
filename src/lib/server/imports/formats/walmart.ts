import type { OrderStatus } from '../../orders/index.ts';
import { each, isZero, plus, times } from '../text/money.ts';
import { FILE_VERSION, type Format } from './format.ts';
import type { OrderRow } from './row.ts';

// Columns of the order report that Seller Center's order page downloads (PO_Data), in its own spellings.
const columns = {
	poId: ['PO#'],
	orderNumber: ['Order#'],
	orderedAt: ['Order Date'],
	customerName: ['Customer Name'],
	city: ['City'],
	region: ['State'],
	lineNumber: ['Line#'],
	status: ['Status'],
	title: ['Item Description'],
	quantity: ['Qty'],
	sku: ['SKU'],
	itemCost: ['Item Cost'],
	shippingCost: ['Shipping Cost'],
	tax: ['Tax'],
	replacement: ['Replacement Order']
} as const;
type Field = keyof typeof columns;

const STATUSES: Record<string, OrderStatus> = {
	created: 'pending',
	acknowledged: 'pending',
	shipped: 'shipped',
	delivered: 'delivered',
	cancelled: 'cancelled',
	canceled: 'cancelled',
	refund: 'refunded',
	refunded: 'refunded'
};

/** The order report of Walmart's Seller Center: one row a purchase order line. It names no currency and no day of refunds. */
export const walmartFormat: Format<Field> = {
	key: 'walmart',
	channel: 'walmart',
	quotes: true,
	columns,
	marks: ['poId', 'orderNumber', 'orderedAt', 'lineNumber', 'quantity', 'itemCost'],
	groupBy: 'poId',
	assemble(given, options, problems) {
		const rows = lastOfEachLine(given);
		const first = rows[0]!;
		const id = first.text('poId')!.replace(/^'/, '');
		if (!/^\d{6,20}$/.test(id)) {
			first.refuse(
				'poId',
				`“${id}” is no purchase order number: those are whole numbers. A spreadsheet may have changed it; use the file as Walmart made it.`
			);
			return null;
		}
		const placedAt = first.instant('orderedAt');
		if (placedAt === null && !first.has('orderedAt'))
			first.refuse('orderedAt', 'The day of the order is missing.');
		const words = rows.map((row) => STATUSES[row.text('status')?.toLowerCase() ?? ''] ?? 'other');
		const cancelled = words.every((word) => word === 'cancelled');
		const lines = rows.map((row, position) =>
			lineOf(row, position, words[position]!, cancelled, options.perPiece)
		);
		const back = lines.filter((_, at) => words[at] === 'refunded');
		if (back.length > 0)
			problems.notices.add(
				'Walmart’s report tells that lines were refunded, not when: booked on the order’s day.'
			);
		const taken = rows.filter((_, at) => cancelled || words[at] !== 'cancelled');
		const shipping = plus(...taken.map((row) => row.amount('shippingCost') ?? '0'));
		const tax = plus(...taken.map((row) => row.amount('tax') ?? '0'));
		const name = first.text('customerName');
		return {
			externalId: id,
			name: id,
			placedAt: placedAt ?? FILE_VERSION,
			updatedAt: FILE_VERSION,
			cancelledAt: cancelled ? placedAt : null,
			isReplacement: /^(yes|true|y|1)$/i.test(first.text('replacement') ?? ''),
			currency: options.currency,
			fulfillmentStatus: first.text('status'),
			status: statusOf(words, cancelled),
			shipping,
			tax,
			total: plus(...lines.map((line) => line.gross), shipping, tax),
			address: {
				name,
				city: first.text('city'),
				region: first.text('region'),
				country: 'US',
				countryName: null
			},
			lines,
			refunds: back.map((line) => ({
				externalId: `file:refund:${line.externalId}`,
				refundedAt: placedAt ?? FILE_VERSION,
				lines: [
					{
						externalId: 'file:item',
						kind: 'item' as const,
						lineExternalId: line.externalId,
						quantity: line.quantity,
						amount: line.gross,
						tax: line.tax
					}
				]
			}))
		};
	}
};

function lineOf(
	row: OrderRow<Field>,
	position: number,
	word: OrderStatus,
	orderCancelled: boolean,
	perPiece: boolean
) {
	const quantity = row.count('quantity');
	const cost = row.amount('itemCost');
	if (quantity === null && !row.has('quantity')) row.refuse('quantity', 'The number of pieces is missing.');
	if (cost === null && !row.has('itemCost')) row.refuse('itemCost', 'The price is missing.');
	// a line of an order of which others were sold: it was never sold itself
	const gone = word === 'cancelled' && !orderCancelled;
	const pieces = Math.max(0, quantity ?? 0);
	const paid = perPiece ? times(cost ?? '0', pieces) : (cost ?? '0');
	return {
		externalId: row.text('lineNumber') ?? `file:${position + 1}`,
		position,
		listingExternalId: row.text('sku'),
		sku: row.text('sku'),
		title: row.text('title') ?? row.text('sku') ?? 'Unknown item',
		quantity: gone ? 0 : pieces,
		unitPrice: perPiece ? cost : gone || pieces === 0 ? null : each(paid, pieces),
		gross: gone ? '0' : paid,
		tax: gone ? '0' : (row.amount('tax') ?? '0'),
		adjustment: gone && !isZero(paid) ? { quantity: String(pieces) } : null
	};
}

/** A line that stands in the file twice is read as it stands last. */
function lastOfEachLine(rows: readonly OrderRow<Field>[]): readonly OrderRow<Field>[] {
	const last = new Map(rows.map((row, at) => [row.text('lineNumber') ?? `row ${at}`, row]));
	return [...last.values()];
}

function statusOf(words: readonly OrderStatus[], cancelled: boolean): OrderStatus {
	if (cancelled) return 'cancelled';
	const kept = words.filter((word) => word !== 'cancelled');
	if (kept.every((word) => word === 'refunded')) return 'refunded';
	if (kept.includes('refunded')) return 'partially_refunded';
	for (const word of ['other', 'pending', 'shipped', 'delivered'] as const)
		if (kept.includes(word)) return word;
	return 'other';
}
