import { sql } from 'drizzle-orm';
import { boolean, index, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { createdAt, id, instant } from '../platform/columns.ts';

export const users = pgTable(
	'users',
	{
		id: id(),
		email: text().notNull(),
		name: text().notNull(),
		passwordHash: text().notNull(),
		emailVerifiedAt: instant(),
		createdAt: createdAt()
	},
	(t) => [uniqueIndex('users_email').on(sql`lower(${t.email})`)]
);

/** A tenant. Currency is ISO 4217, time zone an IANA name, locale a BCP 47 tag. */
export const organizations = pgTable('organizations', {
	id: id(),
	slug: text().notNull().unique(),
	name: text().notNull(),
	currency: text().notNull().default('USD'),
	timeZone: text().notNull().default('UTC'),
	locale: text().notNull().default('en-US'),
	plan: text().notNull().default('free'),
	isDemo: boolean().notNull().default(false),
	createdAt: createdAt()
});

export const members = pgTable(
	'members',
	{
		organizationId: uuid()
			.notNull()
			.references(() => organizations.id, { onDelete: 'cascade' }),
		userId: uuid()
			.notNull()
			.references(() => users.id, { onDelete: 'cascade' }),
		role: text({ enum: ['owner', 'admin', 'manager', 'analyst', 'viewer'] }).notNull(),
		/** Of a manager: `{ channels?, categories?, locations? }`, an intersection; null is everything. */
		scope: jsonb().$type<{ channels?: string[]; categories?: string[]; locations?: string[] }>(),
		createdAt: createdAt()
	},
	(t) => [primaryKey({ columns: [t.organizationId, t.userId] }), index('members_user').on(t.userId)]
);

/** An invitation by e-mail; the token's SHA-256 is its key. */
export const invitations = pgTable(
	'invitations',
	{
		id: id(),
		organizationId: uuid()
			.notNull()
			.references(() => organizations.id, { onDelete: 'cascade' }),
		email: text().notNull(),
		role: text({ enum: ['owner', 'admin', 'manager', 'analyst', 'viewer'] }).notNull(),
		tokenHash: text().notNull().unique(),
		invitedBy: uuid().references(() => users.id, { onDelete: 'set null' }),
		expiresAt: instant().notNull(),
		acceptedAt: instant(),
		createdAt: createdAt()
	},
	(t) => [index('invitations_organization').on(t.organizationId)]
);

/** A signed-in browser. The id is the SHA-256 of the cookie's token; the token itself is stored nowhere. */
export const sessions = pgTable(
	'sessions',
	{
		id: text().primaryKey(),
		userId: uuid()
			.notNull()
			.references(() => users.id, { onDelete: 'cascade' }),
		/** What lists show and revoke by; the id above would be enough to sign in as hash, so it stays inside. */
		publicId: uuid().notNull().unique(),
		userAgent: text().notNull().default(''),
		address: text().notNull().default(''),
		createdAt: createdAt(),
		lastSeenAt: createdAt(),
		expiresAt: instant().notNull()
	},
	(t) => [index('sessions_user').on(t.userId)]
);

/** One-time links for verification and password reset, by the SHA-256 of their token. */
export const emailTokens = pgTable(
	'email_tokens',
	{
		id: text().primaryKey(),
		userId: uuid()
			.notNull()
			.references(() => users.id, { onDelete: 'cascade' }),
		purpose: text({ enum: ['verify', 'reset'] }).notNull(),
		email: text().notNull(),
		expiresAt: instant().notNull(),
		createdAt: createdAt()
	},
	(t) => [index('email_tokens_user').on(t.userId)]
);

/** Append-only: who did what. `data` holds surrogate ids and settings, never secrets or personal data. */
export const auditLog = pgTable(
	'audit_log',
	{
		id: id(),
		organizationId: uuid()
			.notNull()
			.references(() => organizations.id, { onDelete: 'cascade' }),
		actorKind: text({ enum: ['member', 'api_key', 'job', 'channel', 'operator', 'visitor'] }).notNull(),
		actorId: text(),
		action: text().notNull(),
		targetKind: text(),
		targetId: text(),
		data: jsonb().$type<Record<string, unknown>>().notNull().default({}),
		requestId: text(),
		at: createdAt()
	},
	(t) => [index('audit_log_organization_at').on(t.organizationId, t.at)]
);
