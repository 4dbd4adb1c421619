import { toChannelTransaction, type ChannelTransaction, type TransactionKind } from '../../finances/index.ts';
import { decimal, micros, ZERO, type Micros } from '../amount.ts';
import { idOf, object, requiredId, requiredInstant, requiredText, text, type Json } from './read.ts';
import { missing } from '../unparsable.ts';

/** What a movement of Shopify Payments is for us. Charges and refunds are in the orders: of those only the fee counts. */
function kindOf(type: string): { kind: TransactionKind; feeOnly: boolean } {
	if (/^CHARGE(_ADJUSTMENT)?$/.test(type)) return { kind: 'fee', feeOnly: true };
	if (/^REFUND(_|$)/.test(type)) return { kind: 'refund_fee', feeOnly: true };
	if (/^(TRANSFER|BALANCE_TRANSFER|RESERVED_FUNDS|ADVANCE|LENDING)/.test(type))
		return { kind: 'payout', feeOnly: false };
	if (/^SHIPPING_/.test(type)) return { kind: 'shipping_label', feeOnly: false };
	if (/(_FEE(_|$)|^BILLING_|STRIPE_FEE)/.test(type)) return { kind: 'fee', feeOnly: false };
	if (/(TAX|VAT|DUTY)/.test(type)) return { kind: 'tax', feeOnly: false };
	return { kind: 'adjustment', feeOnly: false };
}

/**
 * Reads a balance transaction of Shopify Payments. Null for what moves nothing of ours: test money, and a charge without a fee.
 * @throws Unparsable naming what is missing
 */
export function parseBalanceTransaction(node: Json): ChannelTransaction | null {
	const id = requiredId(node.id, 'A balance transaction’s id');
	const where = `balance transaction ${id}`;
	if (node.test === true) return null;
	const type = requiredText(node.type, `The type of ${where}`);
	const amount = money(node.amount, `The amount of ${where}`);
	const fee = money(node.fee, `The fee of ${where}`);
	const { kind, feeOnly } = kindOf(type);
	const ours = feeOnly ? -fee.amount : amount.amount - fee.amount;
	if (ours === ZERO) return null;
	return toChannelTransaction({
		externalId: `payments:${id}`,
		orderExternalId: idOf(object(node.associatedOrder)?.id),
		kind,
		feeType: text(node.adjustmentReason) ?? type,
		amount: decimal(ours),
		currency: feeOnly ? fee.currency : amount.currency,
		postedAt: requiredInstant(node.transactionDate, `The date of ${where}`),
		state: 'settled',
		payload: node as Record<string, never>
	});
}

/** Reads a payout: money on its way to the bank, which moves what was counted before. */
export function parsePayout(node: Json): ChannelTransaction {
	const id = requiredId(node.id, 'A payout’s id');
	const net = money(node.net, `The amount of payout ${id}`);
	return toChannelTransaction({
		externalId: `payout:${id}`,
		kind: 'payout',
		feeType: text(node.status),
		amount: decimal(-net.amount),
		currency: net.currency,
		postedAt: requiredInstant(node.issuedAt, `The date of payout ${id}`),
		state: node.status === 'PAID' ? 'settled' : 'deferred',
		payload: node as Record<string, never>
	});
}

function money(value: unknown, where: string): { amount: Micros; currency: string } {
	const told = object(value);
	return {
		amount: (told && micros(told.amount)) ?? missing(where),
		currency: requiredText(told?.currencyCode, `The currency of ${where}`)
	};
}
