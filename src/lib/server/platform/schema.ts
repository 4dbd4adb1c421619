import { pgTable, text } from 'drizzle-orm/pg-core';

/** Facts about this installation, by name: the canary of the secret key. */
export const installation = pgTable('installation', {
	name: text().primaryKey(),
	value: text().notNull()
});
