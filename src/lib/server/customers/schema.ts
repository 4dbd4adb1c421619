import { index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { createdAt, id, instant } from '../platform/columns.ts';
import { organizations } from '../identity/schema.ts';
import { connections } from '../channels/schema.ts';

/** A buyer as one connection knows them. Guests without an id or e-mail have no row. */
export const customers = pgTable(
	'customers',
	{
		id: id(),
		organizationId: uuid()
			.notNull()
			.references(() => organizations.id, { onDelete: 'cascade' }),
		connectionId: uuid()
			.notNull()
			.references(() => connections.id, { onDelete: 'cascade' }),
		externalId: text().notNull(),
		name: text(),
		email: text(),
		/** Lower-cased and trimmed; null for relay and placeholder addresses, which join nobody. */
		emailKey: text(),
		/** Lower-cased name and its last word, for search by prefix. */
		nameKey: text(),
		familyKey: text(),
		country: text(),
		sourceUpdatedAt: instant(),
		createdAt: createdAt()
	},
	(t) => [
		uniqueIndex('customers_external').on(t.connectionId, t.externalId),
		index('customers_email').on(t.organizationId, t.emailKey.op('text_pattern_ops')),
		index('customers_name').on(t.organizationId, t.nameKey.op('text_pattern_ops')),
		index('customers_family').on(t.organizationId, t.familyKey.op('text_pattern_ops'))
	]
);
