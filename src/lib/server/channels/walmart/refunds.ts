import { decimal, ZERO, type Micros } from '../amount.ts';
import type { ChannelOrderInput } from '../../orders/index.ts';
import { size, type Charge } from './money.ts';
import type { ReturnedLine } from './parse-return.ts';
import type { RawLine, RawOrder } from './raw-order.ts';

type Refund = NonNullable<ChannelOrderInput['refunds']>[number];

/** What went back for a line by Walmart's order alone, without a return. Positive when money goes to the buyer. */
export interface OwnRefund {
	item: Micros;
	itemTax: Micros;
	shipping: Micros;
	shippingTax: Micros;
	/** Pieces that had been cancelled too late: they were sold, and then given back. */
	afterCancel: boolean;
}

/**
 * The refunds of an order, each on its own day: one for each line of a return that money went back for, and one for each line
 * that the order itself tells a refund of.
 */
export function refundsOf(order: RawOrder, returned: readonly ReturnedLine[]): Refund[] {
	const own = order.lines.flatMap((line) => {
		const refund = ownRefund(line, returned);
		return refund ? [fromLine(line, refund)] : [];
	});
	return [...returned.map((line) => fromReturn(order, line)), ...own];
}

function fromReturn(order: RawOrder, line: ReturnedLine): Refund {
	const known = order.lines.some((one) => one.number === line.purchaseOrderLine);
	const id = `${line.returnOrderId}:${line.number}`;
	const lines: NonNullable<Refund['lines']> = [
		{
			externalId: 'item',
			kind: 'item',
			lineExternalId: known ? line.purchaseOrderLine : null,
			quantity: line.quantity,
			amount: decimal(line.item),
			tax: decimal(line.itemTax),
			restocked: line.restocked
		}
	];
	if (line.shipping !== ZERO || line.shippingTax !== ZERO)
		lines.push({
			externalId: 'shipping',
			kind: 'shipping',
			amount: decimal(line.shipping),
			tax: decimal(line.shippingTax)
		});
	if (line.adjustment !== ZERO)
		lines.push({ externalId: 'adjustment', kind: 'adjustment', amount: decimal(line.adjustment) });
	const total = line.item + line.itemTax + line.shipping + line.shippingTax + line.adjustment;
	return { externalId: id, refundedAt: line.refundedAt, total: decimal(total), lines };
}

function fromLine(line: RawLine, refund: OwnRefund): Refund {
	const lines: NonNullable<Refund['lines']> = [];
	if (refund.item !== ZERO || refund.itemTax !== ZERO)
		lines.push({
			externalId: 'item',
			kind: 'item',
			lineExternalId: line.number,
			quantity: 0,
			amount: decimal(refund.item),
			tax: decimal(refund.itemTax)
		});
	if (refund.shipping !== ZERO || refund.shippingTax !== ZERO)
		lines.push({
			externalId: 'shipping',
			kind: 'shipping',
			amount: decimal(refund.shipping),
			tax: decimal(refund.shippingTax)
		});
	return {
		externalId: `line:${line.number}`,
		// Walmart tells no date of it: the line's last change is when it happened
		refundedAt: new Date(line.statusDate),
		total: decimal(refund.item + refund.itemTax + refund.shipping + refund.shippingTax),
		lines
	};
}

/**
 * What the order tells of a line's refund beyond its returns. Walmart's documents call it the partial refund, beside the return
 * of a full one; it is the same money when both are equal, and holds the returns when together they were more than was paid.
 */
export function ownRefund(line: RawLine, returned: readonly ReturnedLine[]): OwnRefund | null {
	if (line.refundCharges.length === 0) return null;
	const own = sumOf(line.refundCharges);
	const back = returned.filter((one) => one.purchaseOrderLine === line.number);
	if (back.length > 0) {
		const returns = {
			item: total(back, (one) => one.item + one.adjustment),
			itemTax: total(back, (one) => one.itemTax),
			shipping: total(back, (one) => one.shipping),
			shippingTax: total(back, (one) => one.shippingTax)
		};
		const told = own.item + own.itemTax + own.shipping + own.shippingTax;
		const sent = returns.item + returns.itemTax + returns.shipping + returns.shippingTax;
		if (told === sent) return null;
		const paid = line.charges.reduce((sum, charge) => sum + size(charge.amount) + charge.tax, ZERO);
		if (told + sent > paid) {
			own.item -= returns.item;
			own.itemTax -= returns.itemTax;
			own.shipping -= returns.shipping;
			own.shippingTax -= returns.shippingTax;
		}
	}
	const nothing =
		own.item === ZERO && own.itemTax === ZERO && own.shipping === ZERO && own.shippingTax === ZERO;
	return nothing ? null : own;
}

/** Walmart writes what leaves the seller as negative; an adjustment of an earlier refund has the other sign. */
function sumOf(charges: readonly Charge[]): OwnRefund {
	const sum: OwnRefund = { item: ZERO, itemTax: ZERO, shipping: ZERO, shippingTax: ZERO, afterCancel: false };
	// a list in which nothing is negative is written with the other sign
	const sign = charges.some((charge) => charge.amount < ZERO) ? -1n : 1n;
	for (const { type, amount, tax, reason } of charges) {
		const shipping = type === 'SHIPPING';
		sum[shipping ? 'shipping' : 'item'] += sign * amount;
		sum[shipping ? 'shippingTax' : 'itemTax'] += sign * tax;
		if (/cancel/i.test(reason ?? '')) sum.afterCancel = true;
	}
	return sum;
}

function total(lines: readonly ReturnedLine[], pick: (line: ReturnedLine) => Micros): Micros {
	return lines.reduce((sum, line) => sum + pick(line), ZERO);
}
