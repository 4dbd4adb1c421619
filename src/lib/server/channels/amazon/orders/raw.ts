import type { Micros } from '../../amount.ts';

/** What Amazon's shapes (the Orders API, the All Orders report) say about an order, before we decide what it means. */
export interface RawOrder {
	id: string;
	createdAt: string;
	updatedAt: string;
	/** In capitals as the Orders API writes it: PENDING, UNSHIPPED, SHIPPED, CANCELLED. */
	status: string;
	delivered: boolean;
	/** Sold elsewhere and only shipped by Amazon (multi-channel fulfilment): no sale of Amazon. */
	elsewhere: boolean;
	replacement: boolean;
	/** The marketplace's while Amazon tells no price; null where neither is known. */
	currency: string | null;
	fulfilledBy: string | null;
	total: Micros | null;
	address: RawAddress | null;
	items: RawItem[];
}

export interface RawAddress {
	name: string | null;
	city: string | null;
	region: string | null;
	country: string | null;
}

export interface RawItem {
	sku: string | null;
	asin: string | null;
	title: string;
	/** Ordered, without cancelled pieces. */
	quantity: number;
	unitPrice: Micros | null;
	/** Without tax and before discounts; null while no price is told. */
	gross: Micros | null;
	/** Positive. */
	discount: Micros;
	/** What the buyer pays for shipping, wrapping and the like, without tax and after its own discounts. */
	shipping: Micros;
	tax: Micros;
}
