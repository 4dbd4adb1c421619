import { sql } from 'drizzle-orm';
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
		supplier: text(),
		/** title, brand, category: what a member wrote, which a sync leaves alone. */
		editedFields: text().array().notNull().default([]),
		/** Another product that took over all that this one had; it stays so that its SKU still leads there. */
		mergedInto: uuid(),
		/** Null: the default of 10 until a policy exists. */
		reorderPoint: integer(),
		createdAt: createdAt(),
		updatedAt: createdAt()
	},
	(t) => [
		uniqueIndex('products_sku').on(t.organizationId, t.sku),
		index('products_category')
			.on(t.organizationId, t.category)
			.where(sql`category is not null`),
		index('products_merged')
			.on(t.mergedInto)
			.where(sql`merged_into is not null`)
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
		/** GTIN, UPC or EAN as the channel writes it. */
		barcode: text(),
		title: text().notNull(),
		variantTitle: text(),
		/** Who ships it: FBA and WFS are the channel. Null where the channel does not tell. */
		fulfilledBy: text({ enum: ['seller', 'channel'] }),
		/** How it came to its product: by SKU, or by a member, whose choice a sync never changes. */
		mappedBy: text({ enum: ['sku', 'person'] })
			.notNull()
			.default('sku'),
		/** The product that sold under it before, while past order lines still follow it to the new one. */
		movedFrom: uuid(),
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
		index('listings_moving')
			.on(t.organizationId)
			.where(sql`moved_from is not null`),
		index('listings_stock')
			.on(t.connectionId, t.externalStockId)
			.where(sql`external_stock_id is not null`),
		index('listings_sku')
			.on(t.connectionId, t.sku)
			.where(sql`sku is not null`)
	]
);

/** What a piece of a product costs from a day on, until the next one. */
export const productCosts = pgTable(
	'product_costs',
	{
		organizationId: uuid()
			.notNull()
			.references(() => organizations.id, { onDelete: 'cascade' }),
		productId: uuid()
			.notNull()
			.references(() => products.id, { onDelete: 'cascade' }),
		/** In the organization's zone; 1970-01-01 is "from the beginning". */
		fromDay: date().notNull(),
		unitCost: unitPrice().notNull(),
		currency: text().notNull(),
		/** Where it is from: a member, a file, or the channel's own field, which gives way to the others. */
		source: text({ enum: ['person', 'file', 'channel'] }).notNull(),
		createdAt: createdAt()
	},
	(t) => [
		primaryKey({ columns: [t.productId, t.fromDay] }),
		index('product_costs_organization').on(t.organizationId)
	]
);

/** Goods received: the layers that first-in-first-out takes from. */
export const productReceipts = pgTable(
	'product_receipts',
	{
		id: id(),
		organizationId: uuid()
			.notNull()
			.references(() => organizations.id, { onDelete: 'cascade' }),
		productId: uuid()
			.notNull()
			.references(() => products.id, { onDelete: 'cascade' }),
		receivedOn: date().notNull(),
		quantity: integer().notNull(),
		unitCost: unitPrice().notNull(),
		currency: text().notNull(),
		reference: text(),
		createdAt: createdAt()
	},
	(t) => [index('product_receipts_product').on(t.organizationId, t.productId, t.receivedOn)]
);

/** How an organization values what it sells. No row: average. */
export const costSettings = pgTable('cost_settings', {
	organizationId: uuid()
		.primaryKey()
		.references(() => organizations.id, { onDelete: 'cascade' }),
	method: text({ enum: ['average', 'fifo'] }).notNull()
});

/** What a bundle is made of. */
export const productComponents = pgTable(
	'product_components',
	{
		organizationId: uuid()
			.notNull()
			.references(() => organizations.id, { onDelete: 'cascade' }),
		bundleId: uuid()
			.notNull()
			.references(() => products.id, { onDelete: 'cascade' }),
		componentId: uuid()
			.notNull()
			.references(() => products.id, { onDelete: 'cascade' }),
		quantity: integer().notNull()
	},
	(t) => [
		primaryKey({ columns: [t.bundleId, t.componentId] }),
		index('product_components_component').on(t.componentId)
	]
);

/** Pairs of products that a member said are not the same: they are not suggested again. `productId` < `otherId`. */
export const keptApart = pgTable(
	'kept_apart',
	{
		organizationId: uuid()
			.notNull()
			.references(() => organizations.id, { onDelete: 'cascade' }),
		productId: uuid()
			.notNull()
			.references(() => products.id, { onDelete: 'cascade' }),
		otherId: uuid()
			.notNull()
			.references(() => products.id, { onDelete: 'cascade' }),
		createdAt: createdAt()
	},
	(t) => [primaryKey({ columns: [t.productId, t.otherId] })]
);

/** A listing's price as the channel changed it. `at`: the channel's version of the listing. */
export const priceChanges = pgTable(
	'price_changes',
	{
		organizationId: uuid()
			.notNull()
			.references(() => organizations.id, { onDelete: 'cascade' }),
		listingId: uuid()
			.notNull()
			.references(() => listings.id, { onDelete: 'cascade' }),
		at: instant().notNull(),
		before: unitPrice().notNull(),
		after: unitPrice().notNull(),
		currency: text().notNull()
	},
	(t) => [
		primaryKey({ columns: [t.listingId, t.at] }),
		index('price_changes_organization').on(t.organizationId, t.at)
	]
);
