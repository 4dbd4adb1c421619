import { createHash } from 'node:crypto';
import type { Order } from '../world/model.ts';

const PURCHASE_ORDERS = 1_790_000_000_000;
const CUSTOMER_ORDERS = 4_020_000_000_000;
const REPLACEMENTS = 1_890_000_000_000;
const RETURNS = 106_152_711_000_000_000n;

/** Walmart's number of an order: thirteen digits. */
export function purchaseOrderId(order: Order): string {
	return String(PURCHASE_ORDERS + order.n);
}

/** The number of the free order that replaces one. */
export function replacementId(order: Order): string {
	return String(REPLACEMENTS + order.n);
}

export function customerOrderId(order: Order): string {
	return String(CUSTOMER_ORDERS + order.n);
}

export function returnOrderId(refundNumber: number): string {
	return String(RETURNS + BigInt(refundNumber));
}

/** The world's order number behind a purchase order, and whether it is a replacement. */
export function orderNumber(id: string): { n: number; replacement: boolean } | null {
	if (!/^\d{13}$/.test(id)) return null;
	const value = Number(id);
	if (value > REPLACEMENTS) return { n: value - REPLACEMENTS, replacement: true };
	return value > PURCHASE_ORDERS ? { n: value - PURCHASE_ORDERS, replacement: false } : null;
}

/** A UUID that is the same for the same words. */
export function uuidOf(...words: (string | number)[]): string {
	const hex = createHash('sha256').update(words.join('|')).digest('hex');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The address of a buyer as sellers see it. */
export function relayAddress(customerNumber: number): string {
	return `${uuidOf('relay', customerNumber).replaceAll('-', '').toUpperCase()}@relay.walmart.com`;
}
