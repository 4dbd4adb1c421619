import { createHash } from 'node:crypto';
import { TRANSACTION_STATES, type ChannelTransaction } from './channel-transaction.ts';

/** Equal for two tellings that say the same; what the raw object says besides does not matter. */
export function contentHash(transaction: ChannelTransaction): string {
	const { payload: _raw, ...content } = transaction;
	return createHash('sha256')
		.update(JSON.stringify(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1))))
		.digest('hex');
}

/** How certain a state is; PostgreSQL compares the same way (`STATE_RANK`). */
export function stateRank(state: ChannelTransaction['state']): number {
	return TRANSACTION_STATES.indexOf(state);
}

/** A telling with what decides between it and another. */
export interface Telling {
	transaction: ChannelTransaction;
	hash: string;
}

/**
 * Which of two tellings of one transaction stands: the more certain, else the later posted, else by content, so that any order of
 * arrival ends in the same row. Positive when `a` replaces `b`, 0 when they say the same.
 */
export function compareTellings(a: Telling, b: Telling): number {
	const [one, other] = [a.transaction, b.transaction];
	return (
		stateRank(one.state) - stateRank(other.state) ||
		Date.parse(one.postedAt) - Date.parse(other.postedAt) ||
		(a.hash === b.hash ? 0 : a.hash > b.hash ? 1 : -1)
	);
}
