import { returnStock } from '../stock.ts';
import type { Random } from '../random.ts';
import { drawOrder } from './place.ts';
import { offered, takeGoods } from './stock.ts';
import type {
	Market,
	MarketChange,
	MarketLine,
	MarketOrder,
	MarketRefund,
	MarketRefundLine,
	RefundPart,
	Step
} from './model.ts';

export type OrderState = 'pending' | 'unshipped' | 'partially_shipped' | 'shipped' | 'cancelled';

/** Where an order stands, from its lines. */
export function stateOf(order: MarketOrder): OrderState {
	if (order.cancelledAt) return 'cancelled';
	const kept = order.lines.filter((line) => !line.cancelledAt);
	const shipped = kept.filter((line) => line.shippedAt).length;
	if (shipped > 0) return shipped === kept.length ? 'shipped' : 'partially_shipped';
	return order.pricedAt || order.acknowledgedAt ? 'unshipped' : 'pending';
}

/** Does a step of an order's life; null when it no longer applies. */
export function takeStep(market: Market, step: Step, random: Random): MarketChange | null {
	const { order, at } = step;
	const done = doStep(market, step, random);
	if (!done) return null;
	if (done !== 'money') order.updatedAt = Math.max(order.updatedAt, at);
	market.revision++;
	return { kind: done, order, at };
}

function doStep(market: Market, step: Step, random: Random): MarketChange['kind'] | null {
	const { order, at } = step;
	if (order.cancelledAt) return null;
	switch (step.kind) {
		case 'price':
			if (order.pricedAt) return null;
			order.pricedAt = at;
			return 'status';
		case 'acknowledge':
			if (order.acknowledgedAt) return null;
			order.acknowledgedAt = at;
			return 'status';
		case 'ship':
			return ship(order, step.line, at) ? 'status' : null;
		case 'deliver':
			if (order.deliveredAt || stateOf(order) !== 'shipped') return null;
			order.deliveredAt = at;
			return 'status';
		case 'cancel':
			return cancelLines(market, order, order.lines, at) ? 'status' : null;
		case 'cancel_line':
			return cancelLines(market, order, [step.line!], at) ? 'status' : null;
		case 'refund':
			if (!refund(market, order, at, step.part ?? 'full', random)) return null;
			return market.name === 'amazon' ? 'money' : 'refund';
		case 'replace':
			return replace(market, order, at, random) ? 'status' : null;
		case 'post':
			if (order.postedAt || stateOf(order) !== 'shipped') return null;
			order.postedAt = at;
			return 'money';
		case 'release':
			if (!order.postedAt || order.releasedAt) return null;
			order.releasedAt = at;
			return 'money';
		case 'adjust':
			if (order.adjustedAt || order.adjustment === 0) return null;
			order.adjustedAt = at;
			return 'money';
	}
}

function ship(order: MarketOrder, only: MarketLine | undefined, at: number): boolean {
	const going = order.lines.filter((line) => {
		return !line.shippedAt && !line.cancelledAt && (!only || line === only);
	});
	if (!order.pricedAt) order.pricedAt = at;
	for (const line of going) {
		line.shippedAt = at;
		const level = order.stocked ? line.offer.variant.levels[order.location] : line.offer.stock;
		if (level) level.committed = Math.max(0, level.committed - line.quantity);
	}
	return going.length > 0;
}

function cancelLines(market: Market, order: MarketOrder, lines: readonly MarketLine[], at: number): boolean {
	const gone = lines.filter((line) => !line.shippedAt && !line.cancelledAt);
	if (lines === order.lines && gone.length < order.lines.length) return false;
	for (const line of gone) {
		line.cancelledAt = at;
		const { stock, variant } = line.offer;
		const level = order.stocked ? variant.levels[order.location] : stock;
		if (!level) continue;
		level.committed = Math.max(0, level.committed - line.quantity);
		level.available += line.quantity;
		level.updatedAt = Math.max(level.updatedAt, at);
	}
	if (order.lines.every((line) => line.cancelledAt)) {
		order.cancelledAt = at;
		order.cancelReason ??= 'NO_INVENTORY';
	}
	return gone.length > 0;
}

/** The share of a sum that belongs to some of a line's units; the last units take the rounding rest. */
export function shareOf(whole: number, line: MarketLine, before: number, units: number): number {
	const upTo = (n: number) => Math.round((whole * n) / line.quantity);
	return upTo(before + units) - upTo(before);
}

function refund(
	market: Market,
	order: MarketOrder,
	at: number,
	part: RefundPart,
	random: Random
): MarketRefund | null {
	const open = order.lines.filter((line) => line.shippedAt && line.refundedUnits < line.quantity);
	if (open.length === 0 || order.replacementOf) return null;
	const shippingBack = order.refunds.some((one) => one.lines.some((line) => line.shipping > 0));
	const lines: MarketRefundLine[] = [];
	for (const line of part === 'full' ? open : open.slice(0, 1)) {
		const left = line.quantity - line.refundedUnits;
		const units = part === 'shipping' ? 0 : part === 'unit' ? 1 : left;
		const all = (part === 'full' || part === 'shipping') && !shippingBack;
		const item = {
			line,
			quantity: units,
			subtotal: shareOf(line.gross - line.discount, line, line.refundedUnits, units),
			tax: shareOf(line.tax, line, line.refundedUnits, units),
			shipping: all ? line.shipping : 0,
			shippingTax: all ? line.shippingTax : 0
		};
		if (item.subtotal + item.shipping === 0) continue;
		line.refundedUnits += units;
		lines.push(item);
		if (units > 0 && random.chance(0.6)) putBack(order, line, units, at);
	}
	if (lines.length === 0) return null;
	const made = { n: ++market.counters.refund, at, reason: 'CUSTOMER_RETURN', lines };
	order.refunds.push(made);
	return made;
}

function putBack(order: MarketOrder, line: MarketLine, units: number, at: number): void {
	const { stock, variant } = line.offer;
	if (stock) {
		stock.available += units;
		stock.updatedAt = Math.max(stock.updatedAt, at);
	} else if (order.stocked) {
		returnStock(variant, order.location, units, at);
	}
}

function replace(market: Market, order: MarketOrder, at: number, random: Random): MarketOrder | null {
	const line = order.lines.find((one) => one.shippedAt && one.refundedUnits === 0);
	if (!line || order.replacementOf) return null;
	const wish = {
		lines: [{ sku: line.offer.sku, quantity: 1 }],
		site: order.site.code,
		replacementOf: order
	};
	const made = drawOrder(market, random, at, () => line.offer, wish);
	if (!made) return null;
	const { createdAt } = made;
	if ((line.offer.stock || at > market.historyEnd) && offered(line.offer) > 0)
		takeGoods(market, made, at, random);
	market.agenda.add({ at: createdAt + 1000, kind: 'price', order: made });
	market.agenda.add({ at: createdAt + 2 * 3_600_000, kind: 'acknowledge', order: made });
	market.agenda.add({ at: createdAt + 20 * 3_600_000, kind: 'ship', order: made });
	market.agenda.add({ at: createdAt + 70 * 3_600_000, kind: 'deliver', order: made });
	return made;
}
