import type { Random } from './random.ts';

/** All instants are UTC milliseconds at whole seconds; all sums are cents of the shop's currency. */
export interface Address {
	city: string | null;
	provinceCode: string | null;
	province: string | null;
	countryCode: string | null;
	country: string;
	zip: string | null;
	line1: string | null;
}

export interface Customer {
	n: number;
	firstName: string | null;
	lastName: string | null;
	email: string | null;
	createdAt: number;
	updatedAt: number;
	orders: number;
	spent: number;
	subscribed: boolean;
	address: Address | null;
	note: string | null;
}

export interface Level {
	available: number;
	committed: number;
	updatedAt: number;
}

export interface Variant {
	n: number;
	product: Product;
	sku: string;
	title: string;
	option: string | null;
	barcode: string | null;
	/** 1/10,000 of the currency. */
	price: number;
	compareAt: number | null;
	/** Cents, null when the shop keeps no cost. */
	cost: number | null;
	tracked: boolean;
	weight: number;
	levels: Level[];
	/** Replenishment under way: arrival instant and units, 0 when none. */
	arrivesAt: number;
	arrivingUnits: number;
	reorderPoint: number;
	orderUpTo: number;
	leadDays: number;
	updatedAt: number;
	createdAt: number;
}

export interface Product {
	n: number;
	title: string;
	handle: string;
	type: string;
	vendor: string;
	giftCard: boolean;
	popularity: number;
	variants: Variant[];
	createdAt: number;
	updatedAt: number;
}

export interface Line {
	n: number;
	variant: Variant | null;
	sku: string;
	title: string;
	quantity: number;
	/** Ordered less refunded and removed. */
	currentQuantity: number;
	price: number;
	/** quantity x price, rounded. */
	gross: number;
	/** Discount allocated to this line, order-level and code discounts included. */
	discount: number;
	tax: number;
	giftCard: boolean;
	attributes: readonly (readonly [string, string])[] | null;
}

export type RestockType = 'RETURN' | 'CANCEL' | 'NO_RESTOCK';

export interface RefundLine {
	n: number;
	line: Line;
	quantity: number;
	restockType: RestockType;
	subtotal: number;
	tax: number;
	location: number;
}

export interface Adjustment {
	n: number;
	/** Negative: more was given back than the lines are worth; positive: less. */
	amount: number;
	tax: number;
	reason: 'REFUND_DISCREPANCY' | 'DAMAGE' | 'CUSTOMER';
}

export interface Refund {
	n: number;
	createdAt: number;
	note: string | null;
	lines: RefundLine[];
	shipping: number;
	shippingTax: number;
	adjustments: Adjustment[];
}

export type FinancialStatus =
	'AUTHORIZED' | 'PAID' | 'PARTIALLY_REFUNDED' | 'REFUNDED' | 'VOIDED' | 'PENDING';

export interface Discount {
	kind: 'code' | 'manual';
	title: string;
	percent: number;
}

export interface Order {
	n: number;
	name: string;
	createdAt: number;
	processedAt: number;
	updatedAt: number;
	cancelledAt: number;
	cancelReason: 'CUSTOMER' | 'INVENTORY' | 'FRAUD' | 'OTHER' | null;
	closedAt: number;
	test: boolean;
	edited: boolean;
	financial: FinancialStatus;
	fulfilled: boolean;
	customer: Customer | null;
	email: string | null;
	address: Address | null;
	source: string;
	lines: Line[];
	refunds: Refund[];
	shippingTitle: string | null;
	shipping: number;
	shippingTax: number;
	taxRate: number;
	discount: Discount | null;
	presentment: { currency: string; rate: number } | null;
	location: number;
}

export interface Location {
	n: number;
	name: string;
	address: Address;
	createdAt: number;
}

export interface Promotion {
	from: number;
	until: number;
	/** Empty: the whole shop. */
	types: readonly string[];
	discount: Discount;
	/** Demand multiplier while it runs. */
	boost: number;
}

export interface Shop {
	n: number;
	domain: string;
	name: string;
	email: string;
	currency: string;
	zone: string;
	createdAt: number;
	products: Product[];
	variants: Variant[];
	customers: Customer[];
	/** Index n - 1 is order n. */
	orders: Order[];
	locations: Location[];
	promotions: Promotion[];
	priceRiseAt: number;
	/** Random source of everything that happens after the history. */
	random: Random;
	counters: { line: number; refund: number; refundLine: number; adjustment: number };
	/** Bumped at each change of an order, so that sorted indexes know they are stale. */
	revision: number;
	/** How much faster than the history the shop lives now: suppliers deliver that much sooner. */
	pace: number;
	/** Replayed shops have no living catalogue to draw new orders from. */
	replayed: boolean;
}

/** What happened to the shop, in the words of the webhook topics. */
export type Change =
	| { topic: 'orders/create' | 'orders/updated' | 'orders/edited' | 'orders/cancelled'; order: Order }
	| { topic: 'orders/paid' | 'orders/fulfilled'; order: Order }
	| { topic: 'refunds/create'; order: Order; refund: Refund }
	| { topic: 'inventory_levels/update'; variant: Variant; location: number }
	| { topic: 'products/update'; product: Product }
	| { topic: 'customers/create' | 'customers/update'; customer: Customer };
