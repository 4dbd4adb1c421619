import type { Change, Line, Order, Refund, RefundLine, RestockType, Shop } from './model.ts';
import { lineCents } from './money.ts';
import { orderMore, returnStock, shipStock } from './stock.ts';
import { totalsOf } from './totals.ts';

export type RefundKind = 'full' | 'partial' | 'shipping' | 'discrepancy' | 'no_restock';

function touch(shop: Shop, order: Order, at: number): void {
	order.updatedAt = Math.max(order.updatedAt, at);
	shop.revision++;
}

function refundedUnits(order: Order, line: Line): number {
	let units = 0;
	for (const refund of order.refunds) {
		for (const item of refund.lines) if (item.line === line) units += item.quantity;
	}
	return units;
}

/** The share of a line's worth that belongs to some of its units; the last units take the rounding rest. */
function shareOf(whole: number, line: Line, before: number, units: number): number {
	const upTo = (n: number) => Math.round((whole * n) / line.quantity);
	return upTo(before + units) - upTo(before);
}

function refundLine(
	shop: Shop,
	order: Order,
	line: Line,
	units: number,
	restockType: RestockType
): RefundLine {
	const before = refundedUnits(order, line);
	return {
		n: ++shop.counters.refundLine,
		line,
		quantity: units,
		restockType,
		subtotal: shareOf(line.gross - line.discount, line, before, units),
		tax: shareOf(line.tax, line, before, units),
		location: order.location
	};
}

/** Records goods leaving: the order is fulfilled and closed. */
export function fulfil(shop: Shop, order: Order, at: number): Change[] {
	if (order.fulfilled || order.cancelledAt) return [];
	order.fulfilled = true;
	order.closedAt = at;
	if (order.financial === 'AUTHORIZED') order.financial = 'PAID';
	for (const line of order.lines) shipStock(line, order.location);
	touch(shop, order, at);
	return [
		{ topic: 'orders/fulfilled', order },
		{ topic: 'orders/updated', order }
	];
}

/** Any change that leaves the money alone (a tag, a note): only `updatedAt` moves. */
export function noteOrder(shop: Shop, order: Order, at: number): Change[] {
	touch(shop, order, at);
	return [{ topic: 'orders/updated', order }];
}

/** Refunds an order in one of the ways shops do; returns nothing when there is nothing left to refund. */
export function refundOrder(shop: Shop, order: Order, at: number, kind: RefundKind): Change[] {
	if (order.financial === 'VOIDED' || order.financial === 'REFUNDED' || order.financial === 'AUTHORIZED') {
		return [];
	}
	const refund: Refund = {
		n: ++shop.counters.refund,
		createdAt: at,
		note: kind === 'discrepancy' ? 'Kept a restocking fee' : null,
		lines: [],
		shipping: 0,
		shippingTax: 0,
		adjustments: []
	};
	const open = order.lines.filter((line) => line.currentQuantity > 0 && !line.giftCard);
	const chosen = kind === 'full' ? open : kind === 'shipping' ? [] : open.slice(0, 1);
	const restock: RestockType = kind === 'no_restock' ? 'NO_RESTOCK' : 'RETURN';
	for (const line of chosen) {
		const units = kind === 'partial' ? Math.max(1, line.currentQuantity >> 1) : line.currentQuantity;
		refund.lines.push(refundLine(shop, order, line, units, restock));
	}
	const shippingBack = order.refunds.reduce((sum, earlier) => sum + earlier.shipping, 0);
	if ((kind === 'full' || kind === 'shipping') && order.shipping > shippingBack) {
		refund.shipping = order.shipping - shippingBack;
		refund.shippingTax = shippingBack === 0 ? order.shippingTax : 0;
	}
	if (kind === 'discrepancy' && refund.lines.length > 0) {
		const fee = Math.min(500, refund.lines[0]!.subtotal >> 1);
		refund.adjustments.push({
			n: ++shop.counters.adjustment,
			amount: fee,
			tax: 0,
			reason: 'REFUND_DISCREPANCY'
		});
	}
	if (refund.lines.length === 0 && refund.shipping === 0) return [];
	return bookRefund(shop, order, refund, at);
}

function bookRefund(shop: Shop, order: Order, refund: Refund, at: number): Change[] {
	const changes: Change[] = [];
	for (const item of refund.lines) {
		item.line.currentQuantity -= item.quantity;
		if (item.restockType === 'NO_RESTOCK') continue;
		returnStock(item.line.variant, item.location, item.quantity, at);
		if (item.line.variant?.tracked) {
			changes.push({ topic: 'inventory_levels/update', variant: item.line.variant, location: item.location });
		}
	}
	order.refunds.push(refund);
	const { total, refunded } = totalsOf(order);
	order.financial = refunded >= total ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
	if (order.customer && !order.test) {
		for (const item of refund.lines) order.customer.spent -= item.subtotal;
	}
	touch(shop, order, at);
	return [{ topic: 'refunds/create', order, refund }, { topic: 'orders/updated', order }, ...changes];
}

/** Cancels an order: before capture it is voided and no money moves, afterwards everything is refunded. */
export function cancelOrder(shop: Shop, order: Order, at: number, captured: boolean): Change[] {
	if (order.cancelledAt || order.fulfilled) return [];
	order.cancelledAt = at;
	order.closedAt = at;
	order.cancelReason = captured ? 'CUSTOMER' : 'OTHER';
	const changes: Change[] = [];
	if (captured) {
		const refund: Refund = {
			n: ++shop.counters.refund,
			createdAt: at,
			note: 'Cancelled',
			lines: order.lines
				.filter((line) => line.currentQuantity > 0)
				.map((line) => refundLine(shop, order, line, line.currentQuantity, 'CANCEL')),
			shipping: order.shipping,
			shippingTax: order.shippingTax,
			adjustments: []
		};
		changes.push(...bookRefund(shop, order, refund, at));
		order.financial = 'REFUNDED';
	} else {
		order.financial = 'VOIDED';
		for (const line of order.lines) {
			returnStock(line.variant, order.location, line.currentQuantity, at);
			line.currentQuantity = 0;
		}
		if (order.customer && !order.test) {
			order.customer.orders--;
			for (const line of order.lines) order.customer.spent -= line.gross - line.discount;
			order.customer.spent -= order.shipping;
		}
		changes.push({ topic: 'orders/updated', order });
	}
	touch(shop, order, at);
	return [{ topic: 'orders/cancelled', order }, ...changes];
}

/** Edits an order before it ships: removes a whole line, or takes one unit off an undiscounted line. */
export function editOrder(shop: Shop, order: Order, at: number): Change[] {
	if (order.cancelledAt || order.fulfilled) return [];
	const line =
		order.lines.find((l) => l.currentQuantity > 1 && l.discount === 0 && !l.giftCard) ??
		(order.lines.length > 1 ? order.lines.find((l) => l.currentQuantity > 0 && !l.giftCard) : undefined);
	if (!line) return [];
	const gone = line.currentQuantity > 1 && line.discount === 0 ? 1 : line.currentQuantity;
	line.currentQuantity -= gone;
	order.edited = true;
	returnStock(line.variant, order.location, gone, at);
	touch(shop, order, at);
	return [
		{ topic: 'orders/edited', order },
		{ topic: 'orders/updated', order }
	];
}

/** Units of a line that count as sold: ordered less those an edit removed (refunded units were sold first). */
export function soldUnits(order: Order, line: Line): number {
	if (!order.edited) return line.quantity;
	return line.currentQuantity + refundedUnits(order, line);
}

/** Gross worth and discount of the units that count as sold, in cents. */
export function soldWorth(order: Order, line: Line): { units: number; gross: number; discount: number } {
	const units = soldUnits(order, line);
	if (units === line.quantity) return { units, gross: line.gross, discount: line.discount };
	return {
		units,
		gross: lineCents(units, line.price),
		discount: line.quantity ? Math.round((line.discount * units) / line.quantity) : 0
	};
}

/** Changes of stock that an order or delivery made, one per tracked line. */
export function stockChanges(order: Order): Change[] {
	const changes: Change[] = [];
	const seen = new Set<number>();
	for (const { variant } of order.lines) {
		if (!variant?.tracked || seen.has(variant.n)) continue;
		seen.add(variant.n);
		changes.push({ topic: 'inventory_levels/update', variant, location: order.location });
	}
	return changes;
}

/** Sets the stock of a variant at a location, as a count in the warehouse would. */
export function setStock(shop: Shop, sku: string, location: number, available: number, at: number): Change[] {
	const variant = shop.variants.find((candidate) => candidate.sku === sku);
	const level = variant?.levels[location];
	if (!variant || !level) throw new Error(`The shop has no stock of "${sku}" at location ${location + 1}`);
	level.available = available;
	level.updatedAt = at;
	orderMore(shop, variant, at, shop.random);
	return [{ topic: 'inventory_levels/update', variant, location }];
}
