import type { Change } from '../model.ts';
import type { MarketChange } from './model.ts';

/** What a marketplace order of the seller's own goods did to the shop's stock, one change a variant. */
export function stockChangesOf({ kind, order }: MarketChange): Change[] {
	if (!order.stocked || (kind !== 'created' && kind !== 'refund' && !order.cancelledAt)) return [];
	const variants = new Set(order.lines.map((line) => line.offer.variant));
	return [...variants].map((variant) => ({
		topic: 'inventory_levels/update',
		variant,
		location: order.location
	}));
}
