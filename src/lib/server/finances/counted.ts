import type { ChannelTransaction } from './channel-transaction.ts';

type Counting = Pick<ChannelTransaction, 'orderExternalId' | 'sku' | 'kind' | 'state'>;

/**
 * The transactions of one connection that count: an estimate does not once the channel told a movement of the same kind for the
 * same order, and for the same SKU where both name one. Analytics says the same in SQL (`superseded`); change both or neither.
 */
export function countedTransactions<T extends Counting>(transactions: readonly T[]): T[] {
	const told = new Map<string, Set<string | null>>();
	for (const { orderExternalId, sku, kind, state } of transactions) {
		if (state === 'estimated' || orderExternalId === null) continue;
		const key = `${kind} ${orderExternalId}`;
		told.set(key, (told.get(key) ?? new Set()).add(sku));
	}
	return transactions.filter(({ orderExternalId, sku, kind, state }) => {
		const skus = state === 'estimated' ? told.get(`${kind} ${orderExternalId}`) : undefined;
		return !(skus && (sku === null || skus.has(null) || skus.has(sku)));
	});
}
