import { schema, z } from './zod.ts';
import { CHANNELS, type Channel } from './channels.ts';
import type { LiveOrder } from './live.ts';

export const ORDER_KINDS = [
	'sale',
	'refund_only',
	'adjustment',
	'test',
	'gift_card',
	'replacement',
	'cancelled'
] as const;
export type OrderKindName = (typeof ORDER_KINDS)[number];
export const ORDER_STATUS_NAMES = [
	'pending',
	'paid',
	'partially_refunded',
	'refunded',
	'shipped',
	'delivered',
	'cancelled',
	'other'
] as const;
export type OrderStatusName = (typeof ORDER_STATUS_NAMES)[number];

const day = schema(() =>
	z
		.string()
		.regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'must be a date such as 2026-11-19' })
		.refine((value) => !Number.isNaN(Date.parse(value)), { error: 'is not a day of the calendar' })
);

/** What the order list is narrowed to. Days are local to the organization, ends included; empty lists mean all. */
export const orderFiltersSchema = schema(() =>
	z.strictObject({
		from: day.optional(),
		to: day.optional(),
		channels: z.array(z.enum(CHANNELS)).max(3).default([]),
		statuses: z.array(z.enum(ORDER_STATUS_NAMES)).max(8).default([]),
		kinds: z.array(z.enum(ORDER_KINDS)).max(7).default([]),
		/** ISO 3166-1 alpha-2, or the channel's word where it has no code; '' is "none told". */
		countries: z.array(z.string().max(200)).max(60).default([]),
		/** Beginning of an order number, customer name, e-mail or SKU, or words of a product's title. */
		search: z.string().trim().max(100).default('')
	})
);
export type OrderFilters = z.output<typeof orderFiltersSchema>;

/** A page of the list. A cursor is opaque and comes from the page before. */
export const orderQuerySchema = schema(() =>
	orderFiltersSchema.extend({
		sort: z.enum(['placed', 'total']).default('placed'),
		direction: z.enum(['desc', 'asc']).default('desc'),
		cursor: z.string().max(200).optional(),
		limit: z.int().min(1).max(200).default(50)
	})
);
export type OrderQuery = z.input<typeof orderQuerySchema>;

/** A row of the list. Amounts are decimal strings in `currency`; a manager's are sums of the lines they may see. */
export interface OrderRow extends LiveOrder {
	lineCount: number;
	financialStatus: string | null;
	fulfillmentStatus: string | null;
	/** Null without the permission to read customers. */
	customerName: string | null;
}

export interface OrderPage {
	orders: OrderRow[];
	next: string | null;
	previous: string | null;
}

/** The header of the list. `capped`: there are more than `count`, and then net is not summed. */
export interface OrderTotals {
	count: number;
	capped: boolean;
	net: { currency: string; amount: string }[] | null;
}

export interface OrderLineView {
	id: string;
	productId: string;
	sku: string | null;
	title: string;
	variantTitle: string | null;
	category: string | null;
	quantity: number;
	unitPrice: string | null;
	gross: string | null;
	discount: string;
	tax: string;
	isGiftCard: boolean;
	adjustment: { quantity?: string; unitPrice?: string } | null;
}

export interface RefundView {
	id: string;
	refundedAt: string;
	total: string | null;
	lines: {
		id: string;
		kind: 'item' | 'shipping' | 'adjustment';
		title: string | null;
		sku: string | null;
		quantity: number;
		amount: string;
		tax: string;
		restocked: boolean;
	}[];
}

export interface TimelineEntry {
	kind: string;
	at: string;
	/** When we learned of it; null for what the order itself says. */
	receivedAt: string | null;
	source: string | null;
	data: Record<string, unknown>;
}

/** Everything about one order. `partial`: the person sees some of its lines only, and amounts are sums of these. */
export interface OrderView {
	id: string;
	name: string;
	channel: Channel;
	connectionId: string;
	connectionName: string;
	externalId: string;
	kind: OrderKindName;
	status: OrderStatusName;
	financialStatus: string | null;
	fulfillmentStatus: string | null;
	placedAt: string;
	cancelledAt: string | null;
	sourceUpdatedAt: string;
	currency: string;
	presentment: { currency: string; total: string | null } | null;
	gross: string | null;
	discounts: string;
	/** Null for a partial view. */
	shipping: string | null;
	tax: string;
	total: string | null;
	refunded: string;
	net: string | null;
	units: number;
	partial: boolean;
	/** Null without the permission to read customers, or for a guest. */
	customer: {
		id: string;
		name: string | null;
		email: string | null;
		country: string | null;
		orders: number;
	} | null;
	shipTo: {
		name: string | null;
		city: string | null;
		region: string | null;
		country: string | null;
		countryName: string | null;
	};
	lines: OrderLineView[];
	refunds: RefundView[];
	timeline: TimelineEntry[];
	/** Ids of the orders placed before and after, null at the ends. */
	older: string | null;
	newer: string | null;
	mayReadPayload: boolean;
}
