import {
	foreignKey,
	index,
	integer,
	pgTable,
	primaryKey,
	text,
	uniqueIndex,
	uuid
} from 'drizzle-orm/pg-core';
import { createdAt, id, instant } from '../platform/columns.ts';
import { members, organizations, sessions } from '../identity/schema.ts';

/**
 * A person's programme that signed in for one organization. It ends with its session (sign-out, revocation, a new password) and with
 * the membership, and all its tokens with it.
 */
export const apiGrants = pgTable(
	'api_grants',
	{
		id: id(),
		organizationId: uuid().notNull(),
		userId: uuid().notNull(),
		sessionId: text()
			.notNull()
			.references(() => sessions.id, { onDelete: 'cascade' }),
		createdAt: createdAt()
	},
	(t) => [
		foreignKey({
			name: 'api_grants_member',
			columns: [t.organizationId, t.userId],
			foreignColumns: [members.organizationId, members.userId]
		}).onDelete('cascade'),
		index('api_grants_member_key').on(t.organizationId, t.userId),
		uniqueIndex('api_grants_session').on(t.sessionId)
	]
);

/** Refresh tokens and stream tickets by the SHA-256 of their text. A used refresh token stays, so that its second use is noticed. */
export const apiTokens = pgTable(
	'api_tokens',
	{
		id: text().primaryKey(),
		organizationId: uuid().notNull(),
		grantId: uuid()
			.notNull()
			.references(() => apiGrants.id, { onDelete: 'cascade' }),
		kind: text({ enum: ['refresh', 'ticket'] }).notNull(),
		expiresAt: instant().notNull(),
		usedAt: instant(),
		createdAt: createdAt()
	},
	(t) => [index('api_tokens_grant').on(t.grantId)]
);

/** What a write with an Idempotency-Key answered, kept for a day. `status` is null while the write runs. */
export const idempotencyKeys = pgTable(
	'idempotency_keys',
	{
		organizationId: uuid()
			.notNull()
			.references(() => organizations.id, { onDelete: 'cascade' }),
		userId: uuid().notNull(),
		key: text().notNull(),
		/** SHA-256 of method, address and body. */
		fingerprint: text().notNull(),
		status: integer(),
		contentType: text(),
		location: text(),
		body: text(),
		createdAt: createdAt()
	},
	(t) => [
		primaryKey({ columns: [t.organizationId, t.userId, t.key] }),
		index('idempotency_keys_age').on(t.organizationId, t.createdAt)
	]
);
