import { ZERO, type Micros } from '../amount.ts';
import { object, objects, optionalInstant, requiredText, text, type Json } from '../json.ts';
import { missing } from '../unparsable.ts';
import { currencyAmount, size } from './money.ts';
import { plain } from './words.ts';

/** What one line of a return gave back. Amounts are positive when money goes to the buyer, without tax. */
export interface ReturnedLine {
	returnOrderId: string;
	/** Of the line in the return. */
	number: string;
	purchaseOrderId: string;
	purchaseOrderLine: string;
	quantity: number;
	item: Micros;
	itemTax: Micros;
	shipping: Micros;
	shippingTax: Micros;
	/** What the return gave back beyond its lines; negative when less. Stands at the return's first line. */
	adjustment: Micros;
	/** ISO 8601. */
	refundedAt: string;
	restocked: boolean;
}

/** Everything an order's lines need to know of the returns of its customer order. Lines that nothing was refunded for are left out. */
export function returnedLines(returns: readonly Json[]): ReturnedLine[] {
	return returns.flatMap((one) => linesOf(one));
}

/** The purchase orders whose goods a return brings back. */
export function purchaseOrdersOf(one: Json): string[] {
	return [
		...new Set(
			objects(one.returnOrderLines, 'The lines of a return')
				.map((line) => text(line.purchaseOrderId))
				.filter((id) => id !== null)
		)
	];
}

function linesOf(one: Json): ReturnedLine[] {
	const returnOrderId = requiredText(one.returnOrderId, 'The return’s id');
	const lines = objects(one.returnOrderLines, 'The lines of a return');
	const refunded: ReturnedLine[] = [];
	let complete = true;
	for (const line of lines) {
		const quantity = refundedPieces(line);
		if (quantity !== orderedPieces(line)) complete = false;
		if (quantity === 0) continue;
		const purchaseOrderId = text(line.purchaseOrderId);
		const purchaseOrderLine = idOf(line.purchaseOrderLineNumber);
		if (purchaseOrderId === null || purchaseOrderLine === null) return missing('The order of a return');
		refunded.push({
			returnOrderId,
			number: idOf(line.returnOrderLineNumber) ?? String(refunded.length + 1),
			purchaseOrderId,
			purchaseOrderLine,
			quantity,
			...sums(line, quantity),
			adjustment: ZERO,
			refundedAt: refundedAt(one, line),
			restocked: line.isKeepIt !== true
		});
	}
	const [first] = refunded;
	const told = object(one.totalRefundAmount);
	// only a return that is whole has a total that can be compared
	if (first && told && complete) {
		const sum = refunded.reduce(
			(all, line) => all + line.item + line.itemTax + line.shipping + line.shippingTax,
			ZERO
		);
		first.adjustment = size(currencyAmount(told, 'The total of a return')) - sum;
	}
	return refunded;
}

/** For each piece, and what does not divide by the pieces beside it. */
function sums(
	line: Json,
	quantity: number
): Pick<ReturnedLine, 'item' | 'itemTax' | 'shipping' | 'shippingTax'> {
	const sum = { item: ZERO, itemTax: ZERO, shipping: ZERO, shippingTax: ZERO };
	for (const charge of objects(line.charges, 'The charges of a return')) {
		const each = currencyAmount(charge.chargePerUnit, 'A charge of a return');
		const rest = currencyAmount(charge.excessCharge, 'A charge of a return');
		let amount = each * BigInt(quantity) + rest;
		let tax = ZERO;
		for (const part of objects(charge.tax, 'The taxes of a return'))
			tax +=
				currencyAmount(part.taxPerUnit, 'A tax of a return') * BigInt(quantity) +
				currencyAmount(part.excessTax, 'A tax of a return');
		if (charge.isDiscount === true) {
			amount = -size(amount);
			tax = -size(tax);
		}
		const shipping = (text(charge.chargeCategory) ?? '').toUpperCase() === 'SHIPPING';
		sum[shipping ? 'shipping' : 'item'] += amount;
		sum[shipping ? 'shippingTax' : 'itemTax'] += tax;
	}
	return sum;
}

/** Pieces that money went back for: Walmart's own count, or those of a refund that is completed. */
function refundedPieces(line: Json): number {
	const told = Number(line.refundedQty ?? Number.NaN);
	if (Number.isFinite(told)) return told;
	return isCompleted(line.currentRefundStatus) ? orderedPieces(line) : 0;
}

function orderedPieces(line: Json): number {
	const pieces = Number(object(line.quantity)?.measurementValue ?? 0);
	return Number.isFinite(pieces) ? pieces : 0;
}

function refundedAt(one: Json, line: Json): string {
	const completed = objects(line.currentTrackingStatuses, 'The statuses of a return').filter((status) =>
		isCompleted(status.currentRefundStatus)
	);
	const times = [
		...completed.map((status) => optionalInstant(status.statusTime)),
		optionalInstant(line.statusTime),
		optionalInstant(one.returnOrderDate)
	];
	return times.find((time) => time !== null) ?? missing('The date of a return');
}

function isCompleted(status: unknown): boolean {
	return plain(text(status) ?? '') === 'refundcompleted';
}

function idOf(value: unknown): string | null {
	return typeof value === 'number' ? String(value) : text(value);
}
