import type { Order, Refund, Shop } from './model.ts';
import { DAY } from './time.ts';
import { refundTotal, totalsOf } from './totals.ts';

const RATE = 0.029;
const FLAT = 30;

/** What the payment provider keeps of a charge, in cents: 2.9% and 30 cents. Refunds give nothing of it back. */
export function chargeFee(cents: number): number {
	return cents > 0 ? Math.round(cents * RATE) + FLAT : 0;
}

/** A movement of the provider's account: the money of an order, or what went back. */
export interface Movement {
	n: number;
	kind: 'CHARGE' | 'REFUND';
	order: Order;
	refund: Refund | null;
	at: number;
	/** Signed cents of the shop's currency, before the fee. */
	amount: number;
	fee: number;
	/** Midnight (UTC) of the day on which it is paid out. */
	payoutAt: number;
}

/** Two days later, the provider pays out what a day brought. */
const payoutOf = (at: number) => (Math.floor(at / DAY) + 2) * DAY;

/** All movements, oldest first. Test orders and those that were never captured have none. */
export function movementsOf(shop: Shop): Movement[] {
	const found: Movement[] = [];
	for (const order of shop.orders) {
		if (order.test || order.financial === 'AUTHORIZED' || order.financial === 'VOIDED') continue;
		const { received } = totalsOf(order);
		const base = { order, fee: 0 };
		if (received > 0) {
			const at = order.createdAt;
			found.push({ ...base, n: order.n * 16, kind: 'CHARGE', refund: null, at, amount: received, fee: chargeFee(received), payoutAt: payoutOf(at) }); // prettier-ignore
		}
		order.refunds.forEach((refund, place) => {
			const amount = -refundTotal(refund);
			const at = refund.createdAt;
			if (amount !== 0) found.push({ ...base, n: order.n * 16 + 1 + place, kind: 'REFUND', refund, at, amount, payoutAt: payoutOf(at) }); // prettier-ignore
		});
	}
	return found.sort((a, b) => a.at - b.at || a.n - b.n);
}
