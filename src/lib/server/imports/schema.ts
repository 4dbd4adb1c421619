import { bigint, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { ImportOptions, ImportProgress, ImportResult, ImportSummary } from '#lib/contracts/imports.ts';
import { createdAt, id, instant } from '../platform/columns.ts';
import { organizations } from '../identity/schema.ts';
import { connections } from '../channels/schema.ts';

/** One file of orders, from its upload to its undoing. The row is the record of the work: a lost job is found by it. */
export const imports = pgTable(
	'imports',
	{
		id: id(),
		organizationId: uuid()
			.notNull()
			.references(() => organizations.id, { onDelete: 'cascade' }),
		/** Where the orders go; known from the start of the import on. */
		connectionId: uuid().references(() => connections.id, { onDelete: 'cascade' }),
		filename: text().notNull(),
		/** As announced before the upload. */
		bytes: bigint({ mode: 'number' }).notNull(),
		/** Bytes that arrived. */
		received: bigint({ mode: 'number' }).notNull().default(0),
		status: text({
			enum: [
				'uploading',
				'mapping',
				'checking',
				'ready',
				'importing',
				'done',
				'failed',
				'undoing',
				'undone',
				'discarded'
			]
		}).notNull(),
		/** The columns of the file in its order. */
		header: text().array().notNull().default([]),
		options: jsonb().$type<ImportOptions>(),
		summary: jsonb().$type<ImportSummary>(),
		progress: jsonb().$type<ImportProgress>(),
		result: jsonb().$type<ImportResult>(),
		/** A sentence for people: why it failed. */
		error: text(),
		/** Byte of the sorted file at which recording goes on; moves in the transaction of the orders. */
		position: bigint({ mode: 'number' }).notNull().default(0),
		createdBy: uuid(),
		createdAt: createdAt(),
		startedAt: instant(),
		/** While a process works on it; null when it waits for one. */
		heartbeatAt: instant(),
		finishedAt: instant()
	},
	(t) => [
		index('imports_organization').on(t.organizationId, t.createdAt),
		index('imports_status').on(t.status)
	]
);

/** What could not be read, by line of the file. At most 10,000 of an import are kept. */
export const importErrors = pgTable(
	'import_errors',
	{
		organizationId: uuid().notNull(),
		importId: uuid()
			.notNull()
			.references(() => imports.id, { onDelete: 'cascade' }),
		number: integer().notNull(),
		line: integer().notNull(),
		field: text(),
		value: text(),
		problem: text().notNull()
	},
	(t) => [primaryKey({ columns: [t.importId, t.number] })]
);

/** Rows that would not exist without the import: what undoing takes away. */
export const importCreations = pgTable(
	'import_creations',
	{
		organizationId: uuid().notNull(),
		importId: uuid()
			.notNull()
			.references(() => imports.id, { onDelete: 'cascade' }),
		kind: text({ enum: ['order', 'customer', 'listing', 'product'] }).notNull(),
		subjectId: uuid().notNull()
	},
	(t) => [primaryKey({ columns: [t.importId, t.kind, t.subjectId] })]
);
