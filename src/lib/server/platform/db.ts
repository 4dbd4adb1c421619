import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres, { type Options, type Sql, type TransactionSql } from 'postgres';
import { isConnectionError, Unavailable } from './errors.ts';

/**
 * One open transaction. `sql` is postgres.js (rows come in camelCase, numeric as string, int8 as number, date as 'YYYY-MM-DD',
 * timestamptz as Date); `orm` is Drizzle over the same transaction, for ordinary reads and writes.
 */
export interface Tx {
	sql: TransactionSql<Record<string, unknown>>;
	orm: PostgresJsDatabase;
}

/**
 * Takes a statement that is on its way and whose answer nobody waits for before the commit: one trip less. When it fails,
 * PostgreSQL turns the commit into a rollback, and the transaction throws its error.
 */
export type Ahead = (statement: Promise<unknown>) => void;

/** Pools of the two serving roles. */
export interface Database {
	readonly app: Sql;
	readonly system: Sql;
	/** For LISTEN only. Without one, `system` is used. */
	readonly listener?: Sql;
	/** Told when a pool lost a connection; see `openPools`. */
	lost?(pool: Sql): void;
	close(): Promise<void>;
}

/** Options that every pool shares: types as the product uses them. */
export const POSTGRES_TYPES = {
	transform: { column: { from: postgres.toCamel } },
	types: {
		int8: { to: 20, from: [20], parse: Number, serialize: String },
		date: { to: 1082, from: [1082], parse: (value: string) => value, serialize: (value: string) => value }
	},
	onnotice: () => {}
} satisfies Options<Record<string, postgres.PostgresType>>;

const held = globalThis as unknown as { tidemarkDatabase?: Database };

/** Sets the pools the process works with; called once by the boot, and by tests. */
export function useDatabase(database: Database): void {
	held.tidemarkDatabase = database;
}

/** The pools. @throws Unavailable before the platform has started */
export function database(): Database {
	if (!held.tidemarkDatabase) throw new Unavailable('The server is still starting.', 1);
	return held.tidemarkDatabase;
}

/**
 * Runs `work` in one transaction that sees the given organization only (or several: the webhook intake's shared commit).
 * Never await the network inside.
 * @throws Unavailable when PostgreSQL cannot be reached
 */
export function inOrganization<T>(
	organization: string | readonly string[],
	work: (tx: Tx, ahead: Ahead) => Promise<T>
): Promise<T> {
	const visible = typeof organization === 'string' ? organization : organization.join(',');
	return transaction(database().app, work, visible);
}

/** One transaction on a pool, with the visible organizations set when given. Use `inOrganization` or `asSystem`. */
export async function transaction<T>(
	pool: Sql,
	work: (tx: Tx, ahead: Ahead) => Promise<T>,
	visible?: string
): Promise<T> {
	const sent: Promise<unknown>[] = [];
	const ahead: Ahead = (statement) => {
		statement.catch(() => {}); // thrown below
		sent.push(statement);
	};
	try {
		const result = await pool.begin(async (sql) => {
			const tx = { sql: sendable(sql as Tx['sql']), orm: ormOf(pool, sql) };
			// leaves with the first statement of the work and runs before it
			if (visible !== undefined)
				ahead(sql`select set_config('app.organizations', ${visible}, true)`.execute());
			return work(tx, ahead);
		});
		await Promise.all(sent);
		return result as T;
	} catch (error) {
		if (!isConnectionError(error)) throw error;
		database().lost?.(pool);
		throw new Unavailable(undefined, 2);
	}
}

/**
 * Refuses a value that cannot be sent before postgres.js sees it. Where another statement is on its way, postgres.js 3.4.9 blames
 * that one for it and waits forever for an answer to the bad one, which was never sent.
 */
function sendable(sql: Tx['sql']): Tx['sql'] {
	return new Proxy(sql, {
		apply(target, self, given: unknown[]) {
			if (Array.isArray(given[0]) && 'raw' in given[0]) given.slice(1).forEach(assertSendable);
			return Reflect.apply(target as never, self, given);
		},
		get(target, name) {
			if (name === 'unsafe')
				return (text: string, values: unknown[] = [], ...more: unknown[]) => {
					values.forEach(assertSendable);
					return target.unsafe(text, values as never, ...(more as []));
				};
			if (name === 'savepoint')
				return (work: (inner: Tx['sql']) => Promise<unknown>) =>
					target.savepoint((inner) => work(sendable(inner as Tx['sql'])));
			return Reflect.get(target, name);
		}
	});
}

function assertSendable(value: unknown, index: number): void {
	if (value === undefined)
		throw new TypeError(`The value ${index + 1} of a statement is undefined; null is what is unknown.`);
	if (value instanceof Date && Number.isNaN(value.getTime()))
		throw new TypeError(`The value ${index + 1} of a statement is a date that does not exist.`);
}

/** Drizzle over a running transaction, made at its first use: Drizzle wants a client with options, a transaction has none of its own. */
function ormOf(pool: Sql, sql: TransactionSql): PostgresJsDatabase {
	let made: PostgresJsDatabase | undefined;
	const build = () => {
		const { parsers, serializers } = pool.options;
		const client = Object.assign(sql, {
			options: { parsers: { ...parsers }, serializers: { ...serializers } }
		});
		return drizzle(client as never, { casing: 'snake_case' });
	};
	return new Proxy({} as PostgresJsDatabase, { get: (_target, key) => Reflect.get((made ??= build()), key) });
}
