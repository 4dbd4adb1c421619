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
import { createdAt, id, instant, money } from '../platform/columns.ts';
import { organizations, users } from '../identity/schema.ts';

const organizationId = () =>
	uuid()
		.notNull()
		.references(() => organizations.id, { onDelete: 'cascade' });
const createdBy = () => uuid().references(() => users.id, { onDelete: 'set null' });

/** What members write beside the figures: a promotion or anything else that may explain a change. Days in the organization's zone. */
export const annotations = pgTable(
	'annotations',
	{
		id: id(),
		organizationId: organizationId(),
		kind: text({ enum: ['promotion', 'note'] }).notNull(),
		fromDay: date().notNull(),
		toDay: date().notNull(),
		title: text().notNull(),
		/** Null: all channels. */
		channel: text({ enum: ['amazon', 'shopify', 'walmart'] }),
		createdBy: createdBy(),
		createdAt: createdAt()
	},
	(t) => [index('annotations_days').on(t.organizationId, t.fromDay)]
);

/** A trend with a name: the address of the page, without the organization. */
export const savedViews = pgTable(
	'saved_views',
	{
		id: id(),
		organizationId: organizationId(),
		name: text().notNull(),
		/** What the address asks for: "metric=orders&dimension=channel". */
		query: text().notNull(),
		/** Seen by all members; else by whoever made it. */
		shared: boolean().notNull().default(true),
		createdBy: createdBy(),
		createdAt: createdAt()
	},
	(t) => [index('saved_views_organization').on(t.organizationId, t.name)]
);

/** What a figure is meant to reach in each period, from now on. */
export const goals = pgTable(
	'goals',
	{
		id: id(),
		organizationId: organizationId(),
		metric: text().notNull(),
		period: text({ enum: ['week', 'month', 'quarter', 'year'] }).notNull(),
		/** Money in the organization's currency at that time, else a count or percent. */
		target: money().notNull(),
		/** '' is all channels. */
		channel: text().notNull().default(''),
		createdBy: createdBy(),
		createdAt: createdAt()
	},
	(t) => [uniqueIndex('goals_one').on(t.organizationId, t.metric, t.period, t.channel)]
);

/** A report that goes out by mail by itself. */
export const reports = pgTable(
	'reports',
	{
		id: id(),
		organizationId: organizationId(),
		name: text().notNull(),
		cadence: text({ enum: ['daily', 'weekly', 'monthly'] }).notNull(),
		/** Hour of the day in the organization's zone, 0 to 23. */
		hour: integer().notNull(),
		/** A trend that it carries besides the summary. */
		viewId: uuid().references(() => savedViews.id, { onDelete: 'set null' }),
		/** When it goes out next. */
		nextAt: instant().notNull(),
		lastSentAt: instant(),
		createdBy: createdBy(),
		createdAt: createdAt()
	},
	(t) => [index('reports_due').on(t.nextAt), index('reports_organization').on(t.organizationId)]
);

/** Members who get a report; whoever leaves the organization gets none. */
export const reportRecipients = pgTable(
	'report_recipients',
	{
		organizationId: organizationId(),
		reportId: uuid()
			.notNull()
			.references(() => reports.id, { onDelete: 'cascade' }),
		userId: uuid()
			.notNull()
			.references(() => users.id, { onDelete: 'cascade' }),
		createdAt: createdAt()
	},
	(t) => [primaryKey({ columns: [t.reportId, t.userId] }), index('report_recipients_user').on(t.userId)]
);
