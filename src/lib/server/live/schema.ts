import { bigint, index, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt } from '../platform/columns.ts';
import { organizations } from '../identity/schema.ts';

/** The last position of an organization's outbox. Its row is locked last in a recording transaction, so that position = commit order without gaps. */
export const outboxPositions = pgTable('outbox_positions', {
	organizationId: uuid()
		.primaryKey()
		.references(() => organizations.id, { onDelete: 'cascade' }),
	position: bigint({ mode: 'number' }).notNull().default(0)
});

/** What changed, in commit order per organization. Read by the live hub, by SSE resume and by the ClickHouse projection; pruned after a week. */
export const outbox = pgTable(
	'outbox',
	{
		organizationId: uuid().notNull(),
		position: bigint({ mode: 'number' }).notNull(),
		kind: text({ enum: ['order', 'orders', 'stock', 'product', 'connection', 'rates'] }).notNull(),
		/** The row that changed: an order, a product, a connection. */
		subjectId: uuid(),
		/** Client-safe event, `contracts/live.ts`. */
		payload: jsonb().notNull(),
		at: createdAt()
	},
	(t) => [primaryKey({ columns: [t.organizationId, t.position] }), index('outbox_at').on(t.at)]
);
