export {
	channelTransactionSchema,
	toChannelTransaction,
	type ChannelTransaction,
	type ChannelTransactionInput,
	type TransactionKind,
	type TransactionState
} from './channel-transaction.ts';
export { countedTransactions } from './counted.ts';
export {
	MAX_TRANSACTIONS,
	recordTransactions,
	type RecordedTransactions,
	type TransactionEntry,
	type TransactionOutcome
} from './record.ts';
