import type { TransactionKind } from '../../finances/index.ts';
import { micros, ZERO, type Micros } from '../amount.ts';
import { unknownValue } from '../drift.ts';
import { object, objects, text, type Json } from '../json.ts';

/** What a part of a transaction is for. The sale's own parts stand in the order already. */
export type Part = TransactionKind | 'principal' | 'promotion' | 'withheld';

/** Names that say nothing about what a part is for. */
const CONTAINERS = /^(sales|expenses|amazonfees|fees|base|total|other)$/i;
const NAMES: [RegExp, Part][] = [
	[/withheld|facilitator/i, 'withheld'],
	[/refund.*(commission|fee)|(commission|fee).*refund/i, 'refund_fee'],
	[/postage|label|shippingservices/i, 'shipping_label'],
	[/fee|commission|closing|storage|subscription|advertis|chargeback|holdback/i, 'fee'],
	[/promo|discount|rebate/i, 'promotion'],
	[/tax|vat|gst/i, 'tax'],
	[/shipping|giftwrap|gift_wrap|delivery/i, 'shipping_income'],
	[/principal|productcharge/i, 'principal'],
	[/reimburse|compensat|goodwill|adjust|reversal|lost|damaged/i, 'adjustment'],
	[/transfer|disburse|payout|reserve/i, 'payout']
];

/** A piece of a transaction that has no pieces of its own. */
export interface Leaf {
	part: Part;
	name: string;
	amount: Micros;
}

/** The ends of a tree of parts; a difference between a part and its own parts is a leaf of its own. */
export function* leavesOf(
	parts: readonly Json[],
	total: Micros | null,
	fallback: Part,
	name: string,
	above: Part | null = null,
	named = false
): Generator<Leaf> {
	let sumOfParts = ZERO;
	for (const one of parts) {
		const own = text(one.breakdownType) ?? '';
		const amount = amountOf(one.breakdownAmount) ?? ZERO;
		sumOfParts += amount;
		const part = partBelow(above, own);
		// the name nearest the root that says what it is: a fee's own base and tax are that fee
		const told = CONTAINERS.test(own) || (named && part === above) ? name : own;
		const inner = objects(one.breakdowns, 'The parts of a part');
		yield* leavesOf(inner, amount, fallback, told, part, named || !CONTAINERS.test(own));
	}
	const rest = total === null ? ZERO : total - sumOfParts;
	if (rest === ZERO) return;
	// nothing is told of a whole transaction: then it is what its type says; an unknown part of one is kept apart
	const part = above ?? (named || (parts.length > 0 && fallback === 'principal') ? 'other' : fallback);
	if (part === 'other') unknownValue('amazon', 'breakdownType', name);
	yield { part, name, amount: rest };
}

/** What is inside a fee is that fee, also its tax. */
function partBelow(above: Part | null, name: string): Part | null {
	const own = partOf(name);
	if (above === 'refund_fee') return above;
	if (above === 'fee') return own === 'refund_fee' ? own : above;
	return own ?? above;
}

/** What a name says; null for one that says nothing. */
export function partOf(name: string): Part | null {
	if (/^(amazonfees|fees)$/i.test(name)) return 'fee';
	if (CONTAINERS.test(name)) return null;
	return NAMES.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

/** An amount of money as Amazon writes it, or null. */
export function amountOf(value: unknown): Micros | null {
	return micros(object(value)?.currencyAmount);
}

export function sum(leaves: readonly Leaf[]): Micros {
	return leaves.reduce((total, leaf) => total + leaf.amount, ZERO);
}
