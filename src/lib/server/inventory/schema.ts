import {
	boolean,
	date,
	index,
	integer,
	pgTable,
	primaryKey,
	text,
	uniqueIndex,
	uuid
} from 'drizzle-orm/pg-core';
import { createdAt, id, instant } from '../platform/columns.ts';
import { organizations } from '../identity/schema.ts';
import { connections } from '../channels/schema.ts';
import { products } from '../catalog/schema.ts';

/** A place that holds stock. With a connection it belongs to the channel and only the channel moves it; without, it is ours. */
export const locations = pgTable(
	'locations',
	{
		id: id(),
		organizationId: uuid()
			.notNull()
			.references(() => organizations.id, { onDelete: 'cascade' }),
		connectionId: uuid().references(() => connections.id, { onDelete: 'cascade' }),
		externalId: text(),
		name: text().notNull(),
		country: text(),
		isActive: boolean().notNull().default(true),
		createdAt: createdAt()
	},
	(t) => [
		uniqueIndex('locations_external').on(t.connectionId, t.externalId),
		index('locations_organization').on(t.organizationId)
	]
);

/** Pieces at a location, as its owner last told. A product that a channel offers under several stock ids has a level for each. */
export const stockLevels = pgTable(
	'stock_levels',
	{
		organizationId: uuid().notNull(),
		productId: uuid()
			.notNull()
			.references(() => products.id, { onDelete: 'cascade' }),
		locationId: uuid()
			.notNull()
			.references(() => locations.id, { onDelete: 'cascade' }),
		/** What the channel counts by (Shopify: the inventory item); at a location of ours the product's id. */
		stockExternalId: text().notNull(),
		available: integer().notNull(),
		onHand: integer(),
		committed: integer(),
		incoming: integer(),
		reserved: integer(),
		sourceUpdatedAt: instant().notNull()
	},
	(t) => [
		primaryKey({ columns: [t.locationId, t.stockExternalId] }),
		index('stock_levels_product').on(t.organizationId, t.productId)
	]
);

/** Pieces of a product over all active locations, by the day (organization's zone) on which they changed: the lowest and the last. */
export const stockHistory = pgTable(
	'stock_history',
	{
		organizationId: uuid()
			.notNull()
			.references(() => organizations.id, { onDelete: 'cascade' }),
		productId: uuid()
			.notNull()
			.references(() => products.id, { onDelete: 'cascade' }),
		day: date().notNull(),
		lowest: integer().notNull(),
		closing: integer().notNull()
	},
	(t) => [
		primaryKey({ columns: [t.productId, t.day] }),
		index('stock_history_organization').on(t.organizationId, t.day)
	]
);
