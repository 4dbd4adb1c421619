import { z } from 'zod';
import { amount, currencyCode, instant, jsonObject, key, label } from '../orders/index.ts';

/**
 * What a movement is. `fee`, `refund_fee`, `shipping_label`, `adjustment` and `other` are part of profit. `shipping_income` and
 * `tax` stand in the order already and `payout` moves what was counted before: these are kept for reconciliation only.
 */
export const TRANSACTION_KINDS = [
	'fee',
	'shipping_label',
	'shipping_income',
	'refund_fee',
	'adjustment',
	'payout',
	'tax',
	'other'
] as const;
export type TransactionKind = (typeof TRANSACTION_KINDS)[number];

/** From least to most certain; a transaction only moves up. */
export const TRANSACTION_STATES = ['estimated', 'deferred', 'settled'] as const;
export type TransactionState = (typeof TRANSACTION_STATES)[number];

/**
 * A movement of money as a channel's parser hands it over. `externalId` is unique in the connection and the same however often the
 * channel restates it: deferred and released are two tellings of one transaction. An estimate of ours has an id of its own
 * (`estimate:<order>:<sku>:<what>`) and stops counting once the channel told the same order's (and SKU's) movement of that kind.
 */
export const channelTransactionSchema = z.object({
	externalId: key,
	/** The channel's order id, as in `ChannelOrder.externalId`; null for what concerns the whole account. */
	orderExternalId: key.nullable().default(null),
	/** The channel's id of what was sold, as in the order's line. */
	listingExternalId: key.nullable().default(null),
	/** As the channel spells it in the order's line. */
	sku: key.nullable().default(null),
	kind: z.enum(TRANSACTION_KINDS),
	/** The channel's own word: "Commission", "FBAPerUnitFulfillmentFee". */
	feeType: label.nullable().default(null),
	/** Exact decimal; negative costs us. */
	amount,
	currency: currencyCode,
	/** An estimate's: the order's instant. */
	postedAt: instant,
	state: z.enum(TRANSACTION_STATES),
	/** The channel's own object, without anything about a buyer. */
	payload: jsonObject.nullable().default(null)
});

/** The canonical transaction; see `channelTransactionSchema`. */
export type ChannelTransaction = z.output<typeof channelTransactionSchema>;
/** What a parser may hand to `toChannelTransaction`. */
export type ChannelTransactionInput = z.input<typeof channelTransactionSchema>;

/** Validates a parser's result. @throws ZodError naming the wrong field */
export function toChannelTransaction(input: ChannelTransactionInput): ChannelTransaction {
	return channelTransactionSchema.parse(input);
}
