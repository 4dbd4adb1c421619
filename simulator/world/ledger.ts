import { soldWorth } from './changes.ts';
import type { Order, Shop } from './model.ts';
import { fixed } from './money.ts';
import { movementsOf } from './payments.ts';
import { dayIn } from './time.ts';

export interface DayTruth {
	day: string;
	orders: number;
	units: number;
	gross: string;
	discounts: string;
	refunds: string;
	net: string;
	shipping: string;
	shippingRefunds: string;
	tax: string;
	/** Kept by the payment provider, of charges on the day of their order. */
	fees: string;
}

interface Sums {
	orders: number;
	units: number;
	gross: number;
	discounts: number;
	refunds: number;
	shipping: number;
	shippingRefunds: number;
	tax: number;
	fees: number;
}

function empty(): Sums {
	return {
		orders: 0,
		units: 0,
		gross: 0,
		discounts: 0,
		refunds: 0,
		shipping: 0,
		shippingRefunds: 0,
		tax: 0,
		fees: 0
	};
}

/** A sale has something sold in it: test orders, voided orders, gift cards, pure returns and orders edited down to nothing are none. */
function isSale(order: Order): boolean {
	if (order.test || order.financial === 'VOIDED') return false;
	return order.lines.some((line) => !line.giftCard && soldWorth(order, line).units > 0);
}

/**
 * The world's own truth by day of a time zone, in the shop's currency: sales on the day the order was processed
 * (edits restate that day), refunds on their own day, gift cards and test orders left out. `refunds` are the
 * subtotals of refunded lines less the discrepancies; net = gross - discounts - refunds.
 */
export function ledgerOf(shop: Shop, zone: string, from?: string, to?: string): DayTruth[] {
	const days = new Map<string, Sums>();
	const at = (instant: number): Sums | undefined => {
		const day = dayIn(instant, zone);
		if ((from && day < from) || (to && day > to)) return undefined;
		let sums = days.get(day);
		if (!sums) days.set(day, (sums = empty()));
		return sums;
	};
	for (const order of shop.orders) {
		if (order.test) continue;
		const sums = isSale(order) ? at(order.processedAt) : undefined;
		if (sums) {
			sums.orders++;
			sums.shipping += order.shipping;
			sums.tax += order.shippingTax;
			for (const line of order.lines) {
				if (line.giftCard) continue;
				const { units, gross, discount } = soldWorth(order, line);
				sums.units += units;
				sums.gross += gross;
				sums.discounts += discount;
				sums.tax += line.tax;
			}
		}
		for (const refund of order.refunds) {
			const back = at(refund.createdAt);
			if (!back) continue;
			for (const line of refund.lines) if (!line.line.giftCard) back.refunds += line.subtotal;
			for (const adjustment of refund.adjustments) back.refunds -= adjustment.amount;
			back.shippingRefunds += refund.shipping;
		}
	}
	for (const { order, fee } of movementsOf(shop)) {
		const placed = fee > 0 ? at(order.processedAt) : undefined;
		if (placed) placed.fees += fee;
	}
	return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, sums]) => ({ day, ...printed(sums) }));
}

function printed(sums: Sums): Omit<DayTruth, 'day'> {
	return {
		orders: sums.orders,
		units: sums.units,
		gross: fixed(sums.gross),
		discounts: fixed(sums.discounts),
		refunds: fixed(sums.refunds),
		net: fixed(sums.gross - sums.discounts - sums.refunds),
		shipping: fixed(sums.shipping),
		shippingRefunds: fixed(sums.shippingRefunds),
		tax: fixed(sums.tax),
		fees: fixed(sums.fees)
	};
}
