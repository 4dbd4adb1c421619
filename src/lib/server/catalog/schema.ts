import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { createdAt, id, instant, unitPrice } from '../platform/columns.ts';
import { organizations } from '../identity/schema.ts';
import { connections } from '../channels/schema.ts';

/** What is stocked and sold under one SKU, across channels. SKUs are case-sensitive. */
export const products = pgTable(
	'products',
	{
		id: id(),
		organizationId: uuid()
			.notNull()
			.references(() => organizations.id, { onDelete: 'cascade' }),
		sku: text().notNull(),
		title: text().notNull(),
		brand: text(),
		category: text(),
		barcode: text(),
		/** Null: the default of 10 until a policy exists. */
		reorderPoint: integer(),
		createdAt: createdAt(),
		updatedAt: createdAt()
	},
	(t) => [
		uniqueIndex('products_sku').on(t.organizationId, t.sku),
		index('products_category')
			.on(t.organizationId, t.category)
			.where(sql`category is not null`)
	]
);

/** A product as one connection offers it: a Shopify variant, an Amazon SKU, a Walmart item. */
export const listings = pgTable(
	'listings',
	{
		id: id(),
		organizationId: uuid()
			.notNull()
			.references(() => organizations.id, { onDelete: 'cascade' }),
		connectionId: uuid()
			.notNull()
			.references(() => connections.id, { onDelete: 'cascade' }),
		productId: uuid()
			.notNull()
			.references(() => products.id, { onDelete: 'cascade' }),
		/** The channel's id of what is sold (Shopify: the variant's numeric id). `sku:<SKU>` or `title:<title>` where a line names no id. */
		externalId: text().notNull(),
		/** The channel's id of the group (Shopify: the product). */
		externalGroupId: text(),
		/** The channel's id for stock (Shopify: the inventory item). */
		externalStockId: text(),
		sku: text(),
		title: text().notNull(),
		variantTitle: text(),
		price: unitPrice(),
		currency: text(),
		/** The channel's own word. */
		status: text(),
		tracked: boolean().notNull().default(true),
		/** Price per piece that the channel holds as cost, in `currency`. */
		channelCost: unitPrice(),
		sourceUpdatedAt: instant(),
		createdAt: createdAt()
	},
	(t) => [
		uniqueIndex('listings_external').on(t.connectionId, t.externalId),
		index('listings_product').on(t.productId),
		index('listings_stock')
			.on(t.connectionId, t.externalStockId)
			.where(sql`external_stock_id is not null`),
		index('listings_sku')
			.on(t.connectionId, t.sku)
			.where(sql`sku is not null`)
	]
);
