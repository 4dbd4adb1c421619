import { createHash } from 'node:crypto';
import { toChannelTransaction, type ChannelTransaction, type TransactionKind } from '../../finances/index.ts';
import { decimal, micros, ZERO } from '../amount.ts';
import { knownWord, unknownValue } from '../drift.ts';
import { object, objects, requiredInstant, text, type Json } from '../json.ts';
import { missing } from '../unparsable.ts';
import type { ToldRefund } from './orders/refunds-stored.ts';
import { amountOf, leavesOf, partOf, sum, type Leaf, type Part } from './transaction-parts.ts';

const STATES = new Set(['DEFERRED', 'RELEASED', 'DEFERRED_RELEASED']);
const OF_ORDERS: ReadonlySet<Part> = new Set([
	'principal',
	'promotion',
	'shipping_income',
	'tax',
	'withheld'
]);
const REFUNDS = /refund|guarantee|chargeback/i;
/** A transaction as we keep it: its movements beside the sale, and the refund it brings. */
export interface ReadTransaction {
	movements: ChannelTransaction[];
	refund: ToldRefund | null;
}

/** The transaction's own id; one that Amazon releases later is told again under the same. */
export function transactionId(node: Json): string {
	const deferred = related(node, 'DEFERRED_TRANSACTION_ID');
	const own = deferred ?? text(node.transactionId);
	if (own) return own;
	const { transactionStatus: _status, ...rest } = node;
	return createHash('sha256').update(JSON.stringify(rest)).digest('hex').slice(0, 32);
}

/** The order of a transaction that gives money back, or null. */
export function refundedOrder(node: Json): string | null {
	return REFUNDS.test(text(node.transactionType) ?? '') ? related(node, 'ORDER_ID') : null;
}

/**
 * Reads a transaction of Finances 2024-06-19. Its parts are a tree with names of Amazon's choosing: what is not known is kept as
 * `other`, so that every cent of a transaction outside the sale itself is found again.
 * @throws Unparsable, ZodError
 */
export function readTransaction(node: Json): ReadTransaction {
	const id = transactionId(node);
	const type = text(node.transactionType) ?? 'Unknown';
	const orderExternalId = related(node, 'ORDER_ID');
	const status = knownWord('amazon', text(node.transactionStatus), STATES, 'transactionStatus');
	const state = status === 'DEFERRED' ? 'deferred' : 'settled';
	const total = object(node.totalAmount);
	const postedAt = requiredInstant(node.postedDate, 'The posting date');
	const movements: ChannelTransaction[] = [];
	const refundLines: NonNullable<ToldRefund['refund']['lines']>[number][] = [];
	const gives = orderExternalId !== null && REFUNDS.test(type);
	for (const { item, leaves, sku, asin, key } of itemsOf(node, type)) {
		for (const [name, some] of Map.groupBy(
			leaves.filter((leaf) => !OF_ORDERS.has(leaf.part)),
			(leaf) => `${leaf.part} ${leaf.name}`
		)) {
			const amount = sum(some);
			if (amount === ZERO) continue;
			movements.push(
				toChannelTransaction({
					externalId: `${id}:${key}:${name}`.slice(0, 500),
					orderExternalId,
					listingExternalId: sku ?? asin,
					sku,
					kind: some[0]!.part as TransactionKind,
					feeType: some[0]!.name,
					amount: decimal(amount),
					currency: text(total?.currencyCode) ?? missing('The currency'),
					postedAt,
					state,
					payload: { transactionType: type, transactionId: id, description: text(node.description) }
				})
			);
		}
		if (gives) refundLines.push(...refundOf(item, leaves, sku ?? asin, key));
	}
	const refund =
		gives && refundLines.length > 0
			? {
					orderExternalId,
					refund: {
						externalId: id,
						refundedAt: postedAt,
						total: decimal(
							refundLines.reduce(
								(all, line) => all + (micros(line.amount) ?? ZERO) + (micros(line.tax ?? '0') ?? ZERO),
								ZERO
							)
						),
						lines: refundLines
					}
				}
			: null;
	return { movements, refund };
}

interface ItemParts {
	item: Json | null;
	leaves: Leaf[];
	sku: string | null;
	asin: string | null;
	/** Tells the items of a transaction apart, the same each time. */
	key: string;
}

/** The items with their parts; what the items do not explain of the total comes last. */
function* itemsOf(node: Json, type: string): Generator<ItemParts> {
	const fallback = partOf(type) ?? 'other';
	const own: Part = /shipment|order/i.test(type) || REFUNDS.test(type) ? 'principal' : fallback;
	const items = objects(node.items, 'The items');
	let explained = ZERO;
	const seen = new Map<string, number>();
	for (const item of items) {
		const context = productOf(item);
		const sku = text(context?.sku);
		const asin = text(context?.asin);
		const name = sku ?? asin ?? 'item';
		const n = (seen.get(name) ?? 0) + 1;
		seen.set(name, n);
		const leaves = [
			...leavesOf(objects(item.breakdowns, 'The parts of an item'), amountOf(item.totalAmount), own, type)
		];
		explained += sum(leaves);
		yield { item, leaves, sku, asin, key: n === 1 ? name : `${name}#${n}` };
	}
	const total = amountOf(node.totalAmount);
	if (items.length === 0) {
		const context = productOf(node);
		const leaves = [...leavesOf(objects(node.breakdowns, 'The parts'), total, own, type)];
		yield { item: null, leaves, sku: text(context?.sku), asin: text(context?.asin), key: 'all' };
	} else if (total !== null && total !== explained) {
		// what stands beside the items: a fee of the whole order
		const left = total - explained;
		const part = own === 'principal' ? 'other' : own;
		if (part === 'other') unknownValue('amazon', 'transaction', `${type}: beside items`);
		yield { item: null, leaves: [{ part, name: text(node.description) ?? type, amount: left }], sku: null, asin: null, key: 'rest' }; // prettier-ignore
	}
}

/** What goes back to the buyer for an item: goods less their promotion, shipping, and the taxes on both. */
function refundOf(
	item: Json | null,
	leaves: readonly Leaf[],
	line: string | null,
	key: string
): NonNullable<ToldRefund['refund']['lines']> {
	const of = (...parts: Part[]) => -sum(leaves.filter((leaf) => parts.includes(leaf.part)));
	const goods = of('principal', 'promotion');
	const shipping = of('shipping_income');
	const tax = of('tax');
	const quantity = Number(productOf(item)?.quantityShipped ?? 0);
	const lines: NonNullable<ToldRefund['refund']['lines']> = [];
	if (goods !== ZERO || (tax !== ZERO && shipping === ZERO))
		lines.push({
			externalId: `item:${key}`,
			kind: line === null ? 'adjustment' : 'item',
			lineExternalId: line,
			quantity: Number.isSafeInteger(quantity) ? Math.abs(quantity) : 0,
			amount: decimal(goods),
			tax: decimal(tax)
		});
	if (shipping !== ZERO)
		lines.push({
			externalId: `shipping:${key}`,
			kind: 'shipping',
			amount: decimal(shipping),
			tax: goods !== ZERO || lines.length > 0 ? '0' : decimal(tax)
		});
	return lines;
}

function productOf(item: Json | null): Json | null {
	return (
		objects(item?.contexts, 'The contexts').find(
			(one) => text(one.contextType) === 'ProductContext' || text(one.sku) !== null || text(one.asin) !== null
		) ?? null
	);
}

function related(node: Json, name: string): string | null {
	const found = objects(node.relatedIdentifiers, 'The related identifiers').find(
		(one) => text(one.relatedIdentifierName) === name
	);
	return text(found?.relatedIdentifierValue);
}
