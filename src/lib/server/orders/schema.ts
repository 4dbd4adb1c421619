import { sql } from 'drizzle-orm';
import {
	bigint,
	boolean,
	index,
	integer,
	jsonb,
	pgTable,
	text,
	uniqueIndex,
	uuid
} from 'drizzle-orm/pg-core';
import { createdAt, id, instant, money, unitPrice } from '../platform/columns.ts';
import { organizations } from '../identity/schema.ts';
import { connections } from '../channels/schema.ts';
import { customers } from '../customers/schema.ts';

/**
 * An order as its channel last told it. Amounts are in `currency`, the shop's own; what the buyer saw is kept beside it.
 * `kind` decides what it counts as: only `sale` is in orders, units and sales.
 */
export const orders = pgTable(
	'orders',
	{
		id: id(),
		organizationId: uuid()
			.notNull()
			.references(() => organizations.id, { onDelete: 'cascade' }),
		connectionId: uuid()
			.notNull()
			.references(() => connections.id, { onDelete: 'cascade' }),
		channel: text({ enum: ['shopify', 'amazon', 'walmart'] }).notNull(),
		externalId: text().notNull(),
		/** The number people use: #AF18941. */
		name: text().notNull(),
		kind: text({
			enum: ['sale', 'refund_only', 'adjustment', 'test', 'gift_card', 'replacement', 'cancelled']
		}).notNull(),
		/** open, cancelled; with the two channel words beside it. */
		status: text({
			enum: [
				'pending',
				'paid',
				'partially_refunded',
				'refunded',
				'shipped',
				'delivered',
				'cancelled',
				'other'
			]
		}).notNull(),
		financialStatus: text(),
		fulfillmentStatus: text(),
		placedAt: instant().notNull(),
		cancelledAt: instant(),
		/** The channel's version of the order; an older one never overwrites a newer one. */
		sourceUpdatedAt: instant().notNull(),
		currency: text().notNull(),
		presentmentCurrency: text(),
		presentmentTotal: money(),
		/** Item prices without tax before discounts; null while the channel has not told a price. */
		gross: money(),
		discounts: money().notNull().default('0'),
		shipping: money().notNull().default('0'),
		tax: money().notNull().default('0'),
		/** What the buyer pays: gross - discounts + shipping + tax, as the channel says. */
		total: money(),
		/** Sum of refunds of items and adjustments, without tax and shipping. */
		refunded: money().notNull().default('0'),
		units: integer().notNull().default(0),
		lineCount: integer().notNull().default(0),
		customerId: uuid().references(() => customers.id, { onDelete: 'set null' }),
		shipName: text(),
		shipCity: text(),
		/** ISO 3166-1 alpha-2 where the channel tells one. */
		shipCountry: text(),
		shipRegion: text(),
		/** The country as the channel wrote it, when it has no code. */
		shipCountryName: text(),
		/** The country that lists show and filter by, '' where none is told. A column, since coalesce too keeps row-level security from an index. */
		countryKey: text()
			.notNull()
			.generatedAlwaysAs(sql`coalesce(ship_country, ship_country_name, '')`),
		/** First line's title and SKU, for lists and the ticker. */
		summary: text().notNull().default(''),
		/** What the order adds to net sales over all its days (orders/figures.ts); null while the price is unknown. */
		net: money(),
		/** Lower-cased name without a leading #, for search by prefix. */
		nameKey: text().notNull(),
		/** Total in ten-thousandths, lowest where unknown. Sorted by this since only leakproof comparisons reach an index through row-level security, and numeric's are not. */
		totalKey: bigint({ mode: 'number' }).generatedAlwaysAs(
			sql`coalesce((total * 10000)::bigint, '-9223372036854775808'::bigint)`
		),
		/** Of the order as its channel told it, without version and payload: a replay with the same hash writes nothing. */
		contentHash: text().notNull(),
		createdAt: createdAt(),
		updatedAt: createdAt()
	},
	(t) => [
		uniqueIndex('orders_external').on(t.connectionId, t.externalId),
		index('orders_placed').on(t.organizationId, t.placedAt, t.id),
		index('orders_customer').on(t.customerId),
		index('orders_total').on(t.organizationId, t.totalKey, t.id),
		// a status, country or kind that few of millions have; most are sales, which are found by their time
		index('orders_status').on(t.organizationId, t.status, t.placedAt, t.id),
		index('orders_country').on(t.organizationId, t.countryKey, t.placedAt, t.id),
		index('orders_kind')
			.on(t.organizationId, t.kind, t.placedAt, t.id)
			.where(sql`${t.kind} <> 'sale'`),
		index('orders_name').on(t.organizationId, t.nameKey.op('text_pattern_ops'))
	]
);

/** A line; equal lines are distinct. Amounts in the order's currency. */
export const orderLines = pgTable(
	'order_lines',
	{
		id: id(),
		organizationId: uuid().notNull(),
		orderId: uuid()
			.notNull()
			.references(() => orders.id, { onDelete: 'cascade' }),
		externalId: text().notNull(),
		position: integer().notNull(),
		/** Kept by recording, not by a foreign key: the check costs each line of a backfill, and a scan of all lines each removed listing. */
		listingId: uuid().notNull(),
		productId: uuid().notNull(),
		sku: text(),
		title: text().notNull(),
		variantTitle: text(),
		/** As ordered, after edits of the order; 0 for lines that sell nothing. */
		quantity: integer().notNull(),
		unitPrice: unitPrice(),
		/** quantity x unit price as the channel rounds it, without tax. */
		gross: money(),
		discount: money().notNull().default('0'),
		tax: money().notNull().default('0'),
		isGiftCard: boolean().notNull().default(false),
		/** Kept but counted nowhere: a quantity-0 line of a file import. */
		adjustment: jsonb().$type<{ quantity?: string; unitPrice?: string }>()
	},
	(t) => [
		uniqueIndex('order_lines_external').on(t.orderId, t.externalId),
		index('order_lines_product').on(t.organizationId, t.productId)
	]
);

export const refunds = pgTable(
	'refunds',
	{
		id: id(),
		organizationId: uuid().notNull(),
		orderId: uuid()
			.notNull()
			.references(() => orders.id, { onDelete: 'cascade' }),
		externalId: text().notNull(),
		/** Refunds are booked on their own day. */
		refundedAt: instant().notNull(),
		/** What the channel says was paid back, tax and shipping included. */
		total: money()
	},
	(t) => [uniqueIndex('refunds_external').on(t.orderId, t.externalId)]
);

/** Items, shipping and adjustments of a refund; amounts are positive when money goes back to the buyer, without tax. */
export const refundLines = pgTable(
	'refund_lines',
	{
		id: id(),
		organizationId: uuid().notNull(),
		orderId: uuid()
			.notNull()
			.references(() => orders.id, { onDelete: 'cascade' }),
		refundId: uuid()
			.notNull()
			.references(() => refunds.id, { onDelete: 'cascade' }),
		externalId: text().notNull(),
		kind: text({ enum: ['item', 'shipping', 'adjustment'] }).notNull(),
		orderLineId: uuid(),
		productId: uuid(),
		quantity: integer().notNull().default(0),
		amount: money().notNull(),
		tax: money().notNull().default('0'),
		restocked: boolean().notNull().default(false)
	},
	(t) => [
		uniqueIndex('refund_lines_external').on(t.refundId, t.externalId),
		index('refund_lines_order').on(t.orderId)
	]
);

/** The last payload from which an order was read, for the order page and for replays; expires with the connection's retention. */
export const orderPayloads = pgTable('order_payloads', {
	orderId: uuid()
		.primaryKey()
		.references(() => orders.id, { onDelete: 'cascade' }),
	organizationId: uuid().notNull(),
	source: text({ enum: ['webhook', 'poll', 'bulk', 'import'] }).notNull(),
	payload: text().notNull(),
	receivedAt: createdAt()
});

/** What happened to an order and when we learned of it. */
export const orderEvents = pgTable(
	'order_events',
	{
		id: id(),
		organizationId: uuid().notNull(),
		orderId: uuid()
			.notNull()
			.references(() => orders.id, { onDelete: 'cascade' }),
		kind: text().notNull(),
		at: instant().notNull(),
		receivedAt: createdAt(),
		source: text().notNull(),
		data: jsonb().$type<Record<string, unknown>>().notNull().default({})
	},
	(t) => [index('order_events_order').on(t.orderId, t.at)]
);
