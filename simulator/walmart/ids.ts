import { createHash } from 'node:crypto';
import type { Fulfilment, Market, MarketOrder } from '../world/market/model.ts';

const CUSTOMER_ORDERS = 200_010_000_000_000;
const RETURNS = 106_152_711_000_000_000n;

export const NODE_TYPES = ['SellerFulfilled', 'WFSFulfilled', '3PLFulfilled'] as const;
export type NodeType = (typeof NODE_TYPES)[number];
const NODE_TYPE_OF: Readonly<Record<Fulfilment, NodeType>> = {
	seller: 'SellerFulfilled',
	channel: 'WFSFulfilled',
	third_party: '3PLFulfilled'
};

/** Who ships an order, in Walmart's words. */
export function nodeTypeOf(order: MarketOrder): NodeType {
	return NODE_TYPE_OF[order.fulfilment];
}

/** The number the buyer sees: one for all purchase orders of a cart, here one for each. */
export function customerOrderId(order: MarketOrder): string {
	return String(CUSTOMER_ORDERS + order.n);
}

export function returnOrderId(refundNumber: number): string {
	return String(RETURNS + BigInt(refundNumber));
}

/** The number of one of the seller's own ship nodes, by warehouse. */
export function nodeId(location: number): string {
	return String(361_451_354_333_223_041n + BigInt(location));
}

/** The ship node of the company that ships 3PL orders. */
export const THIRD_PARTY_NODE = '361451354333229001';

/** A UUID that is the same for the same words. */
export function uuidOf(...words: (string | number)[]): string {
	const hex = createHash('sha256').update(words.join('|')).digest('hex');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The address of a buyer as sellers see it. */
export function relayAddress(market: Market, buyer: number): string {
	return `${uuidOf('relay', market.seed, buyer).replaceAll('-', '').toUpperCase()}@relay.walmart.com`;
}

const indexes = new WeakMap<Market, Map<string, MarketOrder>>();

/** An order by its purchase order id. */
export function orderById(market: Market, id: string): MarketOrder | undefined {
	let index = indexes.get(market);
	if (!index) indexes.set(market, (index = new Map()));
	for (let n = index.size; n < market.orders.length; n++) index.set(market.orders[n]!.id, market.orders[n]!);
	return index.get(id);
}
