import type { Random } from '../random.ts';
import type { Level, Shop, Variant } from '../model.ts';
import type { Agenda } from './agenda.ts';

/** The marketplaces on which the shop's products are sold beside the shop itself. */
export const MARKETS = ['amazon', 'walmart'] as const;
export type MarketName = (typeof MARKETS)[number];

/**
 * Who ships: the seller from the warehouses the shop uses (FBM, SellerFulfilled), the marketplace (FBA, WFS) or another
 * company (Walmart's 3PLFulfilled). Only the seller's stock is shared with the shop.
 */
export type Fulfilment = 'seller' | 'channel' | 'third_party';

/** A country's shop front of a marketplace; `rate` is its currency's worth of one unit of the shop's. */
export interface Site {
	code: string;
	country: string;
	currency: string;
	rate: number;
	/** Share of the marketplace's orders. */
	share: number;
}

/** Stock that lies with the marketplace or another company. */
export interface RemoteStock extends Level {
	unfulfillable: number;
	/** Units on their way, when they arrive and how far they are; 0 when none. */
	inbound: number;
	sentAt: number;
	arrivesAt: number;
	reorderPoint: number;
	orderUpTo: number;
}

/** A listing: a variant as a marketplace sells it, under its own SKU and id. */
export interface Offer {
	n: number;
	variant: Variant;
	sku: string;
	/** ASIN or Walmart item id; FBA and FBM twins share it. */
	itemId: string;
	/** The same GTIN everywhere: the variant's EAN-13. */
	gtin: string | null;
	fulfilment: Fulfilment;
	/** 1/10,000 of the shop's currency. */
	price: number;
	/** How much this marketplace likes the product, 1 on average. */
	appeal: number;
	/** Referral fee or commission, a fraction of what the buyer pays without tax. */
	referral: number;
	/** Fulfilment fee a unit in cents; 0 when the seller ships. */
	unitFee: number;
	/** Of goods that lie with others; null when the seller ships. */
	stock: RemoteStock | null;
	/** The other way the same item is sold, if any. */
	twin: Offer | null;
	createdAt: number;
	updatedAt: number;
}

export interface MarketLine {
	n: number;
	offer: Offer;
	quantity: number;
	/** 1/10,000 of the site's currency. */
	price: number;
	gross: number;
	discount: number;
	tax: number;
	/** What the buyer pays for shipping of this line, without tax. */
	shipping: number;
	shippingTax: number;
	shippedAt: number;
	cancelledAt: number;
	refundedUnits: number;
}

export interface MarketRefundLine {
	line: MarketLine;
	quantity: number;
	subtotal: number;
	tax: number;
	shipping: number;
	shippingTax: number;
}

export interface MarketRefund {
	n: number;
	at: number;
	reason: string;
	lines: MarketRefundLine[];
}

export interface MarketOrder {
	n: number;
	/** Amazon order id, or Walmart purchase order id. */
	id: string;
	site: Site;
	createdAt: number;
	updatedAt: number;
	/** 0 while the order is pending and no price is told. */
	pricedAt: number;
	acknowledgedAt: number;
	deliveredAt: number;
	cancelledAt: number;
	cancelReason: string | null;
	fulfilment: Fulfilment;
	/** A free replacement of that order. */
	replacementOf: MarketOrder | null;
	/** Number of the buyer; `buyerOf` says who that is. */
	buyer: number;
	prime: boolean;
	business: boolean;
	express: boolean;
	/** Place of the seller's warehouse it leaves from. */
	location: number;
	/** True when the shop's own stock was lowered by it. */
	stocked: boolean;
	lines: MarketLine[];
	refunds: MarketRefund[];
	/** Price of the postage the seller bought through the marketplace, in cents; 0 for none. */
	label: number;
	/** When the sale's money was posted, and when it may be paid out; 0 when not yet. */
	postedAt: number;
	releasedAt: number;
	/** A later correction in cents (a reimbursement is positive) and its instant. */
	adjustment: number;
	adjustedAt: number;
}

export type StepKind =
	| 'price'
	| 'acknowledge'
	| 'ship'
	| 'deliver'
	| 'cancel'
	| 'cancel_line'
	| 'refund'
	| 'replace'
	| 'post'
	| 'release'
	| 'adjust';

/** Something that will happen to an order. */
export interface Step {
	at: number;
	kind: StepKind;
	order: MarketOrder;
	line?: MarketLine;
	part?: RefundPart;
}

export type RefundPart = 'full' | 'line' | 'unit' | 'shipping';

/** What happened, for notifications and webhooks. */
export interface MarketChange {
	kind: 'created' | 'status' | 'refund' | 'money';
	order: MarketOrder;
	at: number;
}

export interface Market {
	name: MarketName;
	seed: string;
	/** The shop whose products and warehouses these are. */
	shop: Shop;
	sites: Site[];
	offers: Offer[];
	/** Index n - 1 is order n. */
	orders: MarketOrder[];
	agenda: Agenda<Step>;
	/** Random source of everything that happens after the history. */
	random: Random;
	buyers: number;
	counters: { line: number; refund: number };
	/** Bumped at each change, so that sorted indexes know they are stale. */
	revision: number;
	createdAt: number;
	/** Orders before this instant left the warehouse long ago: the shop's stock knows nothing of them. */
	historyEnd: number;
	ordersPerDay: number;
	/** How much faster than the history the marketplace lives now. */
	pace: number;
	/** Heard for each change after the history. */
	listeners: Set<(change: MarketChange) => void>;
}
