import type { ChannelOrder } from './channel-order.ts';

/** What an order counts as. Only `sale` is in orders, units and gross; `refund_only` carries refunds without having sold. */
export type OrderKind =
	'sale' | 'refund_only' | 'adjustment' | 'test' | 'gift_card' | 'replacement' | 'cancelled';

/** Financial words under which a cancelled order never took money; compared without case and spaces. */
const NEVER_CAPTURED = new Set(['voided', 'pending', 'authorized', 'expired', 'unpaid']);

type Decided = Pick<ChannelOrder, 'isTest' | 'isReplacement' | 'cancelledAt' | 'financialStatus'> & {
	lines: readonly { quantity: number; isGiftCard: boolean }[];
	refunds: readonly { total: string | null; lines: readonly { amount: string }[] }[];
};

/**
 * Decides what an order counts as, from the order alone. In this order: test; replacement; cancelled before any money was taken
 * (cancelled after payment stays a sale, its refund is booked on its own day); nothing sold: refund_only with refunds, else
 * adjustment; only gift cards sold: gift_card; else sale. A channel without payment words charges when it ships, so its
 * cancelled order without refunds took no money.
 */
export function decideKind(order: Decided): OrderKind {
	if (order.isTest) return 'test';
	if (order.isReplacement) return 'replacement';
	if (order.cancelledAt !== null && !paid(order)) return 'cancelled';
	const sold = order.lines.filter((line) => line.quantity !== 0);
	if (sold.length === 0) return order.refunds.length > 0 ? 'refund_only' : 'adjustment';
	if (sold.every((line) => line.isGiftCard)) return 'gift_card';
	return 'sale';
}

function paid(order: Decided): boolean {
	const paidBack = order.refunds.some((refund) => Number(refund.total ?? 0) !== 0);
	if (paidBack) return true;
	if (order.financialStatus === null)
		return order.refunds.some((refund) => refund.lines.some((line) => Number(line.amount) !== 0));
	return !NEVER_CAPTURED.has(order.financialStatus.toLowerCase().replace(/[\s_-]/g, ''));
}
