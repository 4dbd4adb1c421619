import { micros, ZERO, type Micros } from '../amount.ts';
import { object, requiredText, text, type Json } from '../json.ts';
import { listOf } from './lists.ts';
import { missing } from '../unparsable.ts';
import { chargesOf, refundChargesOf, size, type Charge } from './money.ts';
import { lineWord, type LineWord } from './words.ts';

/** What pieces of a line have become. */
export interface RawStatus {
	word: LineWord;
	/** As Walmart writes it. */
	written: string;
	pieces: number;
	shippedAt: number | null;
	carrier: string | null;
	trackingNumber: string | null;
}

export interface RawLine {
	number: string;
	sku: string;
	title: string;
	ordered: number;
	charges: Charge[];
	statuses: RawStatus[];
	/** Milliseconds. */
	statusDate: number;
	refundId: string | null;
	refundCharges: Charge[];
	hasReturn: boolean;
}

/** An order as Walmart tells it, typed: quantities are texts there, dates are epoch milliseconds. */
export interface RawOrder {
	id: string;
	customerOrderId: string | null;
	isReplacement: boolean;
	orderedAt: number;
	currency: string;
	buyerId: string | null;
	email: string | null;
	address: { name: string | null; city: string | null; state: string | null; country: string | null } | null;
	lines: RawLine[];
	/** What the buyer pays in all, as ordered; null when it is not told. */
	total: Micros | null;
	/** True when charges are for each piece and not for the line. */
	perPiece: boolean;
}

/** @throws Unparsable naming the field that is missing or not readable */
export function readOrder(node: Json): RawOrder {
	const lines = listOf(
		object(node.orderLines)?.orderLine ?? (Array.isArray(node.orderLines) ? node.orderLines : []),
		'The order lines'
	).map(readLine);
	if (lines.length === 0) return missing('The order lines');
	const shipping = object(node.shippingInfo);
	const address = object(shipping?.postalAddress);
	const total = object(object(node.orderSummary)?.totalAmount);
	const sum = total ? micros(total.currencyAmount) : null;
	return {
		id: requiredText(node.purchaseOrderId, 'The purchase order id'),
		customerOrderId: text(node.customerOrderId),
		isReplacement: text(node.orderType)?.toUpperCase() === 'REPLACEMENT',
		orderedAt: instantOf(node.orderDate) ?? missing('The order date'),
		currency:
			lines.flatMap((line) => line.charges).find((charge) => charge.currency !== null)?.currency ??
			text(total?.currencyUnit) ??
			'USD',
		buyerId: text(node.buyerId),
		email: text(node.customerEmailId),
		address: address && {
			name: text(address.name),
			city: text(address.city),
			state: text(address.state),
			country: text(address.country)
		},
		lines,
		total: sum,
		perPiece: arePerPiece(lines, sum)
	};
}

function readLine(line: Json, index: number): RawLine {
	const where = `Line ${index + 1}`;
	const item = object(line.item) ?? missing(`${where}: the item`);
	const refund = object(line.refund);
	const told = object(line.orderLineStatuses)?.orderLineStatus ?? line.orderLineStatuses ?? [];
	const statuses = listOf(told, `${where}: the statuses`);
	const ordered = piecesOf(line.orderLineQuantity) ?? missing(`${where}: the quantity`);
	return {
		number: text(line.lineNumber) ?? numberText(line.lineNumber) ?? missing(`${where}: its number`),
		sku: requiredText(item.sku, `${where}: the SKU`),
		title: text(item.productName) ?? requiredText(item.sku, `${where}: the SKU`),
		ordered,
		charges: chargesOf(line.charges, `${where}: the charges`),
		statuses: statuses.map((status) => readStatus(status, statuses.length === 1 ? ordered : null, where)),
		statusDate: instantOf(line.statusDate) ?? 0,
		refundId: refund ? (text(refund.refundId) ?? 'refund') : null,
		refundCharges: refund ? refundChargesOf(refund, `${where}: the refund`) : [],
		hasReturn: text(line.returnOrderId) !== null
	};
}

/** `all` is how many pieces there are when this status is the only one: then it need not say. */
function readStatus(status: Json, all: number | null, where: string): RawStatus {
	const written = requiredText(status.status, `${where}: a status`);
	const tracking = object(status.trackingInfo);
	const carrier = object(tracking?.carrierName);
	return {
		word: lineWord(written),
		written,
		pieces: piecesOf(status.statusQuantity) ?? all ?? missing(`${where}: the quantity of a status`),
		shippedAt: instantOf(tracking?.shipDateTime),
		carrier: text(carrier?.carrier) ?? text(carrier?.otherCarrier),
		trackingNumber: text(tracking?.trackingNumber)
	};
}

/** Whole pieces of `{ amount: "2" }`, text or number. */
function piecesOf(quantity: unknown): number | null {
	const amount = Number(object(quantity)?.amount ?? Number.NaN);
	return Number.isSafeInteger(amount) && amount >= 0 ? amount : null;
}

/** Epoch milliseconds, or ISO 8601 where a part of the API writes that. */
export function instantOf(value: unknown): number | null {
	if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
	const written = text(value);
	if (written === null) return null;
	const at = /^\d{12,14}$/.test(written) ? Number(written) : Date.parse(written);
	return Number.isNaN(at) ? null : at;
}

/**
 * Walmart's documents do not say whether a charge is for the line or for each piece. The line is what its examples show; where
 * the order's own total adds up only the other way, that is believed.
 */
function arePerPiece(lines: readonly RawLine[], total: Micros | null): boolean {
	if (total === null || lines.every((line) => line.ordered <= 1)) return false;
	let asLines = ZERO;
	let asPieces = ZERO;
	for (const line of lines)
		for (const charge of line.charges) {
			const both = signed(charge) + charge.tax;
			asLines += both;
			asPieces += charge.type === 'SHIPPING' ? both : both * BigInt(line.ordered);
		}
	const near = (sum: Micros) => size(sum - total) <= 20_000n;
	return !near(asLines) && near(asPieces);
}

/** A charge as it counts for the buyer: a discount takes away, whichever sign it is written with. */
export function signed(charge: Charge): Micros {
	return charge.isDiscount ? -size(charge.amount) : charge.amount;
}

function numberText(value: unknown): string | null {
	return typeof value === 'number' ? String(value) : null;
}
