import { z } from 'zod';
import { CHANNELS } from '#lib/contracts/channels.ts';
import {
	amount,
	count,
	countryCode,
	currencyCode,
	instant,
	jsonObject,
	key,
	label,
	price
} from './fields.ts';

/** What the product calls the state of an order; the channel's own words stay beside it. */
export const ORDER_STATUSES = [
	'pending',
	'paid',
	'partially_refunded',
	'refunded',
	'shipped',
	'delivered',
	'cancelled',
	'other'
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];
/** How an order came in. */
export const SOURCES = ['webhook', 'poll', 'bulk', 'import'] as const;
export type Source = (typeof SOURCES)[number];
/** What a refund line gives back. */
export const REFUND_KINDS = ['item', 'shipping', 'adjustment'] as const;

const line = z.object({
	/** The channel's id of the line, unique in the order. */
	externalId: key,
	position: count,
	/** The channel's id of what was sold (Shopify: the variant's numeric id); null where the line names none. */
	listingExternalId: key.nullable().default(null),
	/** The channel's id of the group (Shopify: the product). */
	groupExternalId: key.nullable().default(null),
	sku: key.nullable().default(null),
	title: label,
	variantTitle: label.nullable().default(null),
	/** Fill the brand and category of a product that the catalogue does not know yet. */
	vendor: label.nullable().default(null),
	category: label.nullable().default(null),
	/** Pieces ordered, after edits of the order and before refunds; 0 for a line that sells nothing. */
	quantity: count,
	unitPrice: price.nullable(),
	/** quantity x unit price as the channel rounds it, without tax and before discounts; null while no price is told. */
	gross: amount.nullable(),
	discount: amount.default('0'),
	tax: amount.default('0'),
	isGiftCard: z.boolean().default(false),
	/** Kept but counted nowhere: a quantity-0 line of a file import, as the file had it. */
	adjustment: z.object({ quantity: label.optional(), unitPrice: label.optional() }).nullable().default(null)
});

const refundLine = z.object({
	/** Unique in the refund. */
	externalId: key,
	kind: z.enum(REFUND_KINDS),
	lineExternalId: key.nullable().default(null),
	/** Negative for a correction of an earlier refund. */
	quantity: count.default(0),
	/** Without tax; positive when money goes back to the buyer. */
	amount,
	tax: amount.default('0'),
	restocked: z.boolean().default(false)
});

const refund = z.object({
	externalId: key,
	refundedAt: instant,
	/** What the channel says was paid back, tax and shipping included. */
	total: amount.nullable().default(null),
	lines: z.array(refundLine).max(5_000).default([])
});

/** Of `channelOrderSchema`, apart. */
export const eventsSchema = z
	.array(z.object({ kind: label, at: instant, data: jsonObject.default({}) }))
	.max(1_000)
	.default([]);

/**
 * An order as any channel's parser hands it over: canonical names, exact decimals as strings, instants as Date or ISO 8601 with
 * an offset. Money is in `currency`, the shop's. The output is safe for PostgreSQL: instants are ISO strings in UTC, texts have no
 * NUL and no lone surrogate, amounts fit their columns. Unknown keys are dropped.
 */
export const channelOrderSchema = z.object({
	externalId: key,
	/** The number people use: #1001. */
	name: label,
	placedAt: instant,
	/** The channel's version of the order: an older one never overwrites a newer one. */
	updatedAt: instant,
	cancelledAt: instant.nullable().default(null),
	isTest: z.boolean().default(false),
	/** A free replacement of an earlier order (Amazon IsReplacementOrder, Walmart REPLACEMENT). */
	isReplacement: z.boolean().default(false),
	currency: currencyCode,
	/** What the buyer saw, when the shop's currency is another. */
	presentment: z.object({ currency: currencyCode, total: amount.nullable() }).nullable().default(null),
	/** The channel's own words. */
	financialStatus: label.nullable().default(null),
	fulfillmentStatus: label.nullable().default(null),
	status: z.enum(ORDER_STATUSES),
	/** False while the channel has not told a price (Amazon pending): counted in orders and units, not in money. */
	priceKnown: z.boolean().default(true),
	shipping: amount.default('0'),
	tax: amount.default('0'),
	/** What the buyer pays, as the channel says. */
	total: amount.nullable().default(null),
	customer: z
		.object({
			externalId: key,
			name: label.nullable().default(null),
			email: label.nullable().default(null),
			country: countryCode.default(null),
			/** The channel's version of the customer, when it tells one. */
			updatedAt: instant.nullable().default(null)
		})
		.nullable()
		.default(null),
	address: z
		.object({
			name: label.nullable().default(null),
			city: label.nullable().default(null),
			/** The region's code or name as the channel writes it. */
			region: label.nullable().default(null),
			/** ISO 3166-1 alpha-2; anything else becomes null, so put the words into countryName. */
			country: countryCode.default(null),
			countryName: label.nullable().default(null)
		})
		.nullable()
		.default(null),
	lines: z
		.array(line)
		.max(5_000)
		.refine((lines) => unique(lines), { error: 'two lines have the same id' }),
	refunds: z
		.array(refund)
		.max(1_000)
		.default([])
		.refine((refunds) => unique(refunds) && refunds.every((one) => unique(one.lines)), {
			error: 'two refunds or refund lines have the same id'
		}),
	/** What the channel says happened: paid, fulfilled, edited. Placed, cancelled and refunded are known from the order itself. */
	events: eventsSchema
});

/** What `channelOrderSchema` makes of an order. */
export type ValidOrder = z.output<typeof channelOrderSchema>;

/** The canonical order; see `channelOrderSchema`. */
export type ChannelOrder = ValidOrder & {
	/** The raw text from which it was read. */
	payload: string;
	source: Source;
};
/** What a parser may hand to `toChannelOrder`. */
export type ChannelOrderInput = z.input<typeof channelOrderSchema>;

/** Which channel, apart from the order. */
export const channelSchema = z.enum(CHANNELS);

function unique(rows: readonly { externalId: string }[]): boolean {
	return rows.length < 2 || new Set(rows.map((row) => row.externalId)).size === rows.length;
}
