import { date, numeric, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt } from '../platform/columns.ts';
import { organizations } from '../identity/schema.ts';

/** Units of the organization's currency for one unit of `currency` on a day; entered by hand or by a provider. */
export const exchangeRates = pgTable(
	'exchange_rates',
	{
		organizationId: uuid()
			.notNull()
			.references(() => organizations.id, { onDelete: 'cascade' }),
		currency: text().notNull(),
		day: date().notNull(),
		rate: numeric({ precision: 20, scale: 10 }).notNull(),
		source: text().notNull().default('manual'),
		createdAt: createdAt()
	},
	(t) => [primaryKey({ columns: [t.organizationId, t.currency, t.day] })]
);
