import { sql } from 'drizzle-orm';
import {
	boolean,
	customType,
	date,
	index,
	integer,
	jsonb,
	numeric,
	pgTable,
	primaryKey,
	text,
	uniqueIndex,
	uuid
} from 'drizzle-orm/pg-core';
import { createdAt, id, instant, money } from '../platform/columns.ts';
import { organizations } from '../identity/schema.ts';

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** One account at a channel: a Shopify shop, an Amazon seller, a Walmart partner. */
export const connections = pgTable(
	'connections',
	{
		id: id(),
		organizationId: uuid()
			.notNull()
			.references(() => organizations.id, { onDelete: 'cascade' }),
		channel: text({ enum: ['shopify', 'amazon', 'walmart'] }).notNull(),
		/** The account's own id: the shop's myshopify.com domain, a seller id. */
		externalId: text().notNull(),
		name: text().notNull(),
		status: text({
			enum: ['connecting', 'healthy', 'degraded', 'needs_reauthorization', 'paused', 'disconnected']
		}).notNull(),
		/** A sentence for people: why the status is not healthy. */
		statusReason: text(),
		/** How it was authorized: client_credentials, oauth, access_token. */
		authMethod: text().notNull(),
		/** `crypto.seal` of the credentials as JSON, with `<organization id>:<connection id>` as owner. */
		credentials: text(),
		/** Sealed like these: what the shop's privacy requests are signed with after the app was uninstalled. */
		privacySecret: text(),
		/** Only the server makes a connection with its own base URL (the simulator); tenants cannot set it. */
		baseUrl: text(),
		isSimulated: boolean().notNull().default(false),
		currency: text(),
		timeZone: text(),
		/** What the channel told on discovery: plan, granted scopes, API version. */
		facts: jsonb().$type<Record<string, unknown>>().notNull().default({}),
		connectedAt: createdAt(),
		/** The last moment at which we knew that we had everything up to then. */
		freshAt: instant(),
		lastWebhookAt: instant(),
		createdAt: createdAt()
	},
	(t) => [
		uniqueIndex('connections_account').on(t.organizationId, t.channel, t.externalId),
		index('connections_channel_account').on(t.channel, t.externalId)
	]
);

/** Where each resource's next window starts; written in the transaction that writes the data. */
export const syncCursors = pgTable(
	'sync_cursors',
	{
		organizationId: uuid().notNull(),
		connectionId: uuid()
			.notNull()
			.references(() => connections.id, { onDelete: 'cascade' }),
		resource: text().notNull(),
		/** All changes up to this instant are in. */
		syncedTo: instant(),
		/** Resume point inside a window: page token, bulk operation, line number. */
		state: jsonb().$type<Record<string, unknown>>().notNull().default({}),
		updatedAt: createdAt()
	},
	(t) => [primaryKey({ columns: [t.connectionId, t.resource] })]
);

/** One run of the engine over one connection. */
export const syncRuns = pgTable(
	'sync_runs',
	{
		id: id(),
		organizationId: uuid().notNull(),
		connectionId: uuid()
			.notNull()
			.references(() => connections.id, { onDelete: 'cascade' }),
		kind: text({ enum: ['backfill', 'incremental', 'stock', 'catalog', 'finances', 'reconcile'] }).notNull(),
		status: text({ enum: ['queued', 'running', 'succeeded', 'failed', 'cancelled'] }).notNull(),
		trigger: text({ enum: ['connect', 'schedule', 'person', 'webhook', 'recovery'] }).notNull(),
		/** Per resource `{ done, total|null, written, unchanged, dead }`. */
		progress: jsonb()
			.$type<
				Record<
					string,
					{ done: number; total: number | null; written: number; unchanged: number; dead: number }
				>
			>()
			.notNull()
			.default({}),
		requests: integer().notNull().default(0),
		retries: integer().notNull().default(0),
		/** Pages written, waits and what the channel refused meanwhile; see journal.ts. */
		journal: jsonb().$type<Record<string, unknown>>().notNull().default({}),
		error: text(),
		queuedAt: createdAt(),
		/** A queued run that the channel told to wait is not taken before this. */
		resumeAt: instant(),
		startedAt: instant(),
		heartbeatAt: instant(),
		finishedAt: instant()
	},
	(t) => [
		index('sync_runs_connection').on(t.connectionId, t.queuedAt),
		// one run of a kind at a time
		uniqueIndex('sync_runs_active')
			.on(t.connectionId, t.kind)
			.where(sql`status in ('queued', 'running')`)
	]
);

/** Raw deliveries as they came, unique by connection and delivery id; processed rows expire, dead ones wait for a person. */
export const inbox = pgTable(
	'inbox',
	{
		id: id(),
		organizationId: uuid().notNull(),
		connectionId: uuid()
			.notNull()
			.references(() => connections.id, { onDelete: 'cascade' }),
		deliveryId: text().notNull(),
		topic: text().notNull(),
		/** The exact bytes received. */
		body: bytea().notNull(),
		/** When the channel says it happened, when it says so. */
		triggeredAt: instant(),
		receivedAt: createdAt(),
		status: text({ enum: ['processed', 'ignored', 'dead'] }).notNull(),
		error: text(),
		attempts: integer().notNull().default(1),
		/** The sync run that set it aside; null for deliveries. No key: runs are removed after a month, dead letters are not. */
		runId: uuid()
	},
	(t) => [
		uniqueIndex('inbox_delivery').on(t.connectionId, t.deliveryId),
		index('inbox_dead')
			.on(t.organizationId, t.connectionId, t.receivedAt)
			.where(sql`status = 'dead'`),
		index('inbox_received').on(t.receivedAt)
	]
);

/** What the channel itself says was sold on a day: the independent figure that reconciliation compares with ours. */
export const channelFigures = pgTable(
	'channel_figures',
	{
		organizationId: uuid().notNull(),
		connectionId: uuid()
			.notNull()
			.references(() => connections.id, { onDelete: 'cascade' }),
		/** The marketplace, where an account has several; else empty. */
		marketplace: text().notNull().default(''),
		/** In `timeZone`. */
		day: date().notNull(),
		timeZone: text().notNull(),
		currency: text().notNull(),
		orders: integer().notNull(),
		/** Null where the channel counts none (Shopify's reports). */
		units: integer(),
		/** Item sales without tax and before refunds, as the channel counts them. */
		gross: money().notNull(),
		readAt: createdAt()
	},
	(t) => [primaryKey({ columns: [t.connectionId, t.marketplace, t.day] })]
);

/** Refunds that a channel tells apart from their orders (Amazon: among its financial transactions); they join the order when it is written. */
export const channelRefunds = pgTable(
	'channel_refunds',
	{
		organizationId: uuid().notNull(),
		connectionId: uuid()
			.notNull()
			.references(() => connections.id, { onDelete: 'cascade' }),
		orderExternalId: text().notNull(),
		externalId: text().notNull(),
		/** A refund as `ChannelOrder` has it. */
		refund: jsonb().$type<Record<string, unknown>>().notNull(),
		readAt: createdAt()
	},
	(t) => [primaryKey({ columns: [t.connectionId, t.orderExternalId, t.externalId] })]
);

/** Visits as the channel counts them, per day and item; an empty item stands for the whole account. */
export const channelTraffic = pgTable(
	'channel_traffic',
	{
		organizationId: uuid().notNull(),
		connectionId: uuid()
			.notNull()
			.references(() => connections.id, { onDelete: 'cascade' }),
		marketplace: text().notNull().default(''),
		/** A day of the channel's own reports. */
		day: date().notNull(),
		/** The channel's id of what was looked at (Amazon: the ASIN). */
		item: text().notNull().default(''),
		sessions: integer().notNull(),
		pageViews: integer().notNull(),
		/** Units ordered in them, where the channel tells them (Amazon). */
		units: integer(),
		/** Sessions that ended with an order, where the channel tells them (Shopify). */
		converted: integer(),
		readAt: createdAt()
	},
	(t) => [primaryKey({ columns: [t.connectionId, t.marketplace, t.day, t.item] })]
);

/** What reviews of an item talk about, as the channel sums them up. Amazon tells topics only, no single reviews. */
export const reviewTopics = pgTable(
	'review_topics',
	{
		organizationId: uuid().notNull(),
		connectionId: uuid()
			.notNull()
			.references(() => connections.id, { onDelete: 'cascade' }),
		item: text().notNull(),
		sentiment: text({ enum: ['positive', 'negative'] }).notNull(),
		topic: text().notNull(),
		mentions: integer(),
		/** Percent of the reviews that mention it. */
		occurrence: numeric({ precision: 9, scale: 4 }),
		/** Stars that the topic adds to or takes from the rating. */
		starImpact: numeric({ precision: 9, scale: 4 }),
		snippets: jsonb().$type<string[]>().notNull().default([]),
		readAt: createdAt()
	},
	(t) => [primaryKey({ columns: [t.connectionId, t.item, t.sentiment, t.topic] })]
);

/** What a shop asked about its buyers. No personal data: ids only, and a request outlives what it erased. */
export const privacyRequests = pgTable(
	'privacy_requests',
	{
		id: id(),
		organizationId: uuid().notNull(),
		connectionId: uuid()
			.notNull()
			.references(() => connections.id, { onDelete: 'cascade' }),
		kind: text({ enum: ['data_request', 'customer_redact', 'shop_redact'] }).notNull(),
		customerExternalId: text(),
		orderExternalIds: text().array().notNull().default([]),
		receivedAt: createdAt(),
		/** When it was erased, or answered by a member. */
		doneAt: instant()
	},
	(t) => [index('privacy_requests_connection').on(t.connectionId, t.receivedAt)]
);
