import type { Micros } from '../amount.ts';

/**
 * What both of Shopify's shapes (GraphQL node, webhook JSON) say about an order, before we decide what it means:
 * amounts of the shop's currency in millionths, ids as numbers in text, words in lower case.
 */
export interface RawOrder {
	id: string;
	name: string;
	processedAt: string;
	updatedAt: string;
	cancelledAt: string | null;
	test: boolean;
	taxesIncluded: boolean;
	currency: string;
	presentmentCurrency: string | null;
	presentmentTotal: Micros | null;
	financial: string | null;
	fulfillment: string | null;
	total: Micros;
	/** After edits, returns and refunds. */
	currentTotal: Micros | null;
	shipping: Micros;
	tax: Micros;
	email: string | null;
	customer: RawCustomer | null;
	address: RawAddress | null;
	lines: RawLine[];
	refunds: RawRefund[];
}

export interface RawCustomer {
	id: string;
	firstName: string | null;
	lastName: string | null;
	email: string | null;
	countryCode: string | null;
	updatedAt: string | null;
}

export interface RawAddress {
	name: string | null;
	city: string | null;
	province: string | null;
	provinceCode: string | null;
	country: string | null;
	countryCode: string | null;
}

export interface RawLine {
	id: string;
	variantId: string | null;
	productId: string | null;
	sku: string | null;
	title: string;
	variantTitle: string | null;
	vendor: string | null;
	/** As ordered, refunded and removed pieces included. */
	quantity: number;
	/** Without refunded and removed pieces. */
	currentQuantity: number;
	unitPrice: Micros;
	/** quantity x price as Shopify rounded it; null where the shape does not tell (webhooks). */
	total: Micros | null;
	/** Sum of the discounts allocated to the line. */
	discount: Micros;
	tax: Micros;
	isGiftCard: boolean;
	adjustmentQuantity: string | null;
	adjustmentUnitPrice: string | null;
}

export interface RawRefund {
	id: string;
	at: string;
	total: Micros;
	items: {
		id: string;
		lineId: string | null;
		quantity: number;
		subtotal: Micros;
		tax: Micros;
		restockType: string;
	}[];
	shipping: { id: string; subtotal: Micros; tax: Micros }[];
	/** As Shopify signs them: positive lessens what goes back. */
	adjustments: { id: string; amount: Micros; tax: Micros }[];
}
