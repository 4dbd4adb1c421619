import type { Order } from '../../world/model.ts';
import type { Seller } from '../seller.ts';

export const NODE_TYPES = ['SellerFulfilled', 'WFSFulfilled', '3PLFulfilled'] as const;
export type NodeType = (typeof NODE_TYPES)[number];

/** Who ships an order: six in ten the seller, three Walmart, one a third party. F28 deals them out evenly. */
export function nodeTypeOf(seller: Seller, order: Order): NodeType {
	if (seller.faults.has('F28')) return NODE_TYPES[order.n % 3]!;
	const tenth = order.n % 10;
	return tenth < 6 ? 'SellerFulfilled' : tenth < 9 ? 'WFSFulfilled' : '3PLFulfilled';
}
