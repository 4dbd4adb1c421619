import type { Order, Refund } from './model.ts';

export interface Totals {
	subtotal: number;
	discounts: number;
	tax: number;
	total: number;
	quantity: number;
	currentQuantity: number;
	refunded: number;
	refundedShipping: number;
	/** Worth of what is left after refunds and edits. */
	currentSubtotal: number;
	currentTax: number;
	currentTotal: number;
	received: number;
}

/** Money that went back to the customer by one refund: lines with tax, shipping, less the adjustments' sign. */
export function refundTotal(refund: Refund): number {
	let sum = refund.shipping + refund.shippingTax;
	for (const line of refund.lines) sum += line.subtotal + line.tax;
	for (const adjustment of refund.adjustments) sum -= adjustment.amount + adjustment.tax;
	return sum;
}

/** Sums of an order in cents, computed from its lines and refunds each time: nothing is stored twice. */
export function totalsOf(order: Order): Totals {
	let gross = 0;
	let discounts = 0;
	let tax = order.shippingTax;
	let quantity = 0;
	let currentQuantity = 0;
	let removed = 0;
	let removedTax = 0;
	for (const line of order.lines) {
		gross += line.gross;
		discounts += line.discount;
		tax += line.tax;
		quantity += line.quantity;
		currentQuantity += line.currentQuantity;
	}
	let refunded = 0;
	let refundedShipping = 0;
	let refundedLines = 0;
	let refundedTax = 0;
	const refundedUnits = new Map<number, number>();
	for (const refund of order.refunds) {
		refunded += refundTotal(refund);
		refundedShipping += refund.shipping;
		for (const line of refund.lines) {
			refundedLines += line.subtotal;
			refundedTax += line.tax;
			refundedUnits.set(line.line.n, (refundedUnits.get(line.line.n) ?? 0) + line.quantity);
		}
	}
	if (order.edited) {
		for (const line of order.lines) {
			const gone = line.quantity - line.currentQuantity - (refundedUnits.get(line.n) ?? 0);
			if (gone <= 0) continue;
			removed += Math.round(((line.gross - line.discount) * gone) / line.quantity);
			removedTax += Math.round((line.tax * gone) / line.quantity);
		}
	}
	const subtotal = gross - discounts;
	const total = subtotal + tax + order.shipping;
	const currentSubtotal = subtotal - removed - refundedLines;
	const currentTax = tax - removedTax - refundedTax;
	const currentTotal = total - removed - removedTax - refunded;
	const paid = order.financial === 'PAID' || order.financial.endsWith('REFUNDED');
	return {
		subtotal,
		discounts,
		tax,
		total,
		quantity,
		currentQuantity,
		refunded,
		refundedShipping,
		currentSubtotal,
		currentTax,
		currentTotal,
		received: paid ? total - removed - removedTax : 0
	};
}
