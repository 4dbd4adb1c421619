import { index, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { createdAt, id, instant, money } from '../platform/columns.ts';
import { organizations } from '../identity/schema.ts';
import { connections } from '../channels/schema.ts';

/** A movement of money as a channel tells it: a fee, a label, a payout. Restated in place: estimated, deferred, settled. */
export const channelTransactions = pgTable(
	'channel_transactions',
	{
		id: id(),
		organizationId: uuid()
			.notNull()
			.references(() => organizations.id, { onDelete: 'cascade' }),
		connectionId: uuid()
			.notNull()
			.references(() => connections.id, { onDelete: 'cascade' }),
		externalId: text().notNull(),
		/** Joined when read: the order may come in later. Null for what concerns the whole account. */
		orderExternalId: text(),
		listingExternalId: text(),
		sku: text(),
		kind: text({
			enum: ['fee', 'shipping_label', 'shipping_income', 'refund_fee', 'adjustment', 'payout', 'tax', 'other']
		}).notNull(),
		/** The channel's own word. */
		feeType: text(),
		/** Negative costs us. */
		amount: money().notNull(),
		currency: text().notNull(),
		postedAt: instant().notNull(),
		state: text({ enum: ['estimated', 'deferred', 'settled'] }).notNull(),
		payload: jsonb().$type<Record<string, unknown>>(),
		/** Of the content; decides between two tellings of the same state and instant, so that their order never matters. */
		contentHash: text().notNull(),
		createdAt: createdAt(),
		updatedAt: createdAt()
	},
	(t) => [
		uniqueIndex('channel_transactions_external').on(t.connectionId, t.externalId),
		index('channel_transactions_order').on(t.connectionId, t.orderExternalId),
		index('channel_transactions_posted').on(t.organizationId, t.postedAt)
	]
);
