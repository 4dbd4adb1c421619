import { date, numeric, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt, money } from '../platform/columns.ts';
import { organizations } from '../identity/schema.ts';

/** Entered by hand: units of `base`, the organization's currency at that time, for one unit of `currency` from a day on. */
export const exchangeRates = pgTable(
	'exchange_rates',
	{
		organizationId: uuid()
			.notNull()
			.references(() => organizations.id, { onDelete: 'cascade' }),
		currency: text().notNull(),
		base: text().notNull(),
		day: date().notNull(),
		rate: numeric({ precision: 20, scale: 10 }).notNull(),
		source: text().notNull().default('manual'),
		createdAt: createdAt()
	},
	(t) => [primaryKey({ columns: [t.organizationId, t.currency, t.base, t.day] })]
);

/** Units of a currency for one euro on a day, from the provider (`FX_API_URL`): the same for all organizations. */
export const referenceRates = pgTable(
	'reference_rates',
	{
		currency: text().notNull(),
		day: date().notNull(),
		perEuro: numeric({ precision: 20, scale: 10 }).notNull()
	},
	(t) => [primaryKey({ columns: [t.currency, t.day] })]
);

/** What was spent on ads that lead to a channel, by day and by where it was spent (Google, Meta, Amazon Ads; '' is not told). */
export const adSpend = pgTable(
	'ad_spend',
	{
		organizationId: uuid()
			.notNull()
			.references(() => organizations.id, { onDelete: 'cascade' }),
		day: date().notNull(),
		channel: text({ enum: ['shopify', 'amazon', 'walmart'] }).notNull(),
		platform: text().notNull().default(''),
		amount: money().notNull(),
		currency: text().notNull(),
		createdAt: createdAt()
	},
	(t) => [primaryKey({ columns: [t.organizationId, t.day, t.channel, t.platform] })]
);
