import { createHmac, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import { PgBoss } from 'pg-boss';
import postgres, { type Options, type Sql } from 'postgres';
import { POSTGRES_TYPES, useDatabase } from './db.ts';
import { alive } from './embedded/processes.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded/postgres.ts';
import { log } from './log.ts';
import { openOlap, useOlap, type Olap } from './olap.ts';
import { migrateOlap } from './olap-migrations.ts';
import { openPools } from './pools.ts';
import { APP_ROLE, assertHarmless, createRoles, protectTables, SYSTEM_ROLE } from './roles.ts';
import type { Settings } from './settings.ts';
import { blaming, openDataDir } from './start-errors.ts';

/** What a running process holds. Verbs never touch it: they use db.ts, olap.ts, queue.ts. */
export interface Platform {
	settings: Settings;
	secretKey: string;
	/** Not started: queue.ts starts it with the handlers. */
	boss: PgBoss;
	/** Milliseconds each part of the start took. */
	timings: Record<string, number>;
	stop(): Promise<void>;
	/** For a process that ends without a shutdown: tells the embedded server to stop, without waiting. */
	stopNow(): void;
}

/** Drizzle's migrator reads raw rows by their column names, so the owner's connection keeps postgres.js' own types. */
const OWNER = { max: 1, onnotice: () => {} };

type Connection = Options<Record<string, postgres.PostgresType>>;

/**
 * Opens both stores, migrates them and sets up the serving roles.
 * @throws DataDirInUse, SettingsError, or an Error that says which store did not come up
 */
export async function bootPlatform(settings: Settings): Promise<Platform> {
	const timings: Record<string, number> = {};
	let last = performance.now();
	const lap = (name: string) => {
		timings[name] = Math.round(performance.now() - last);
		last = performance.now();
	};
	openDataDir(settings.DATA_DIR);
	const olap = await openOlap({
		url: settings.CLICKHOUSE_URL,
		database: settings.CLICKHOUSE_DATABASE,
		dataDir: settings.DATA_DIR
	});
	useOlap(olap);
	lap('clickhouse');
	const secretKey = settings.SECRET_KEY ?? ownSecretKey(settings.DATA_DIR);
	const server = settings.DATABASE_URL ? null : await startEmbeddedPostgres(settings.DATA_DIR);
	lap('postgres');
	try {
		return await openPlatform(settings, { olap, server, secretKey, timings }, lap);
	} catch (error) {
		await stopStores(olap, server); // nobody is left to use what was opened
		throw error;
	}
}

async function openPlatform(
	settings: Settings,
	{
		olap,
		server,
		secretKey,
		timings
	}: {
		olap: Olap;
		server: EmbeddedPostgres | null;
		secretKey: string;
		timings: Record<string, number>;
	},
	lap: (name: string) => void
): Promise<Platform> {
	const owner = await ownerConnection(settings, server);
	const passwords = { app: rolePassword(secretKey, APP_ROLE), system: rolePassword(secretKey, SYSTEM_ROLE) };
	const migrating = () => migratePostgres(owner, passwords);
	await (server ? migrating() : blaming('DATABASE_URL', migrating));
	lap('migrate postgres');
	await (olap.embedded ? migrateOlap(olap) : blaming('CLICKHOUSE_URL', () => migrateOlap(olap)));
	lap('migrate clickhouse');

	const pool = (username: string, password: string, max: number) =>
		postgres({ ...owner.target, username, password, max, ...POSTGRES_TYPES, ...RECONNECT });
	const database = openPools((role) => {
		if (role === 'app') return pool(APP_ROLE, passwords.app, settings.DATABASE_POOL);
		return pool(SYSTEM_ROLE, passwords.system, role === 'system' ? 6 : 2);
	});
	await Promise.all([assertHarmless(database.app), assertHarmless(database.system)]);
	useDatabase(database);
	const boss = new PgBoss({
		...bossTarget(owner.target),
		user: SYSTEM_ROLE,
		password: passwords.system,
		schema: 'pgboss',
		migrate: false,
		createSchema: false,
		max: 4
	});
	lap('pools');
	const watch = server && keepAlive(server, settings.DATA_DIR);
	return {
		settings,
		secretKey,
		boss,
		timings,
		stop: async () => {
			watch?.stop();
			await database.close();
			await stopStores(olap, watch?.current() ?? server);
		},
		stopNow: () => (watch?.current() ?? server)?.stopNow()
	};
}

async function stopStores(olap: Olap, server: EmbeddedPostgres | null): Promise<void> {
	await olap.close();
	await server?.stop();
}

/** Seconds: an attempt to connect may take 5, and the next follows soon; by default 30, and up to 20 between attempts. */
const RECONNECT = { connect_timeout: 5, backoff: (attempts: number) => Math.min(0.05 * 2 ** attempts, 0.5) };

/** The role that owns the tables, used for migrations only. `target` is the place without the person. */
interface Owner {
	sql: Sql;
	username: string;
	password: string;
	target: Connection;
}

async function ownerConnection(settings: Settings, server: EmbeddedPostgres | null): Promise<Owner> {
	if (server) return embeddedOwner(server);
	const url = new URL(settings.DATABASE_URL!);
	const sslmode = url.searchParams.get('sslmode');
	const target: Connection = {
		host: url.searchParams.get('host') ?? decodeURIComponent(url.hostname),
		port: Number(url.port || 5432),
		database: url.pathname.slice(1) || 'postgres',
		...(sslmode && sslmode !== 'disable' && { ssl: sslmode as 'require' })
	};
	const person = { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
	return { sql: postgres({ ...target, ...person, ...OWNER }), ...person, target };
}

async function embeddedOwner(server: EmbeddedPostgres): Promise<Owner> {
	const person = { username: server.user, password: server.password };
	const target = { host: server.host, port: server.port, database: 'tidemark' };
	const admin = postgres({ ...target, ...person, database: 'postgres', ...OWNER });
	const [made] = await admin`select 1 from pg_database where datname = 'tidemark'`;
	if (!made) await admin`create database tidemark`;
	await admin.end();
	return { sql: postgres({ ...target, ...person, ...OWNER }), ...person, target };
}

/** Roles, migrations, pg-boss' own schema, row-level security: in this order, behind one lock for several starting processes. */
async function migratePostgres(owner: Owner, passwords: { app: string; system: string }): Promise<void> {
	const { sql } = owner;
	try {
		await sql`select pg_advisory_lock(hashtext('tidemark.migrate'))`;
		await createRoles(sql, passwords);
		await migrate(drizzle(sql, { casing: 'snake_case' }), { migrationsFolder: path.resolve('drizzle') });
		await migrateQueue(owner);
		await protectTables(sql);
	} finally {
		await sql.end({ timeout: 5 });
	}
}

async function migrateQueue(owner: Owner): Promise<void> {
	const { username: user, password } = owner;
	const boss = new PgBoss({
		...bossTarget(owner.target),
		user,
		password,
		schema: 'pgboss',
		supervise: false,
		schedule: false,
		max: 1
	});
	boss.on('error', (error) => log.error({ err: error }, 'queue migration'));
	await boss.start();
	await boss.stop({ graceful: false });
	await owner.sql
		.unsafe(`grant usage on schema pgboss to ${SYSTEM_ROLE}; grant all on all tables in schema pgboss to ${SYSTEM_ROLE};
		grant all on all sequences in schema pgboss to ${SYSTEM_ROLE}; grant execute on all functions in schema pgboss to ${SYSTEM_ROLE}`);
}

function bossTarget(target: Connection): { host: string; port: number; database: string; ssl?: unknown } {
	return {
		host: String(target.host),
		port: Number(target.port),
		database: String(target.database),
		...(target.ssl ? { ssl: target.ssl } : {})
	};
}

/** The key outside the database that wraps all secrets: kept in DATA_DIR unless SECRET_KEY is set. */
function ownSecretKey(dataDir: string): string {
	const file = path.join(dataDir, 'secret.key');
	if (!fs.existsSync(file))
		fs.writeFileSync(file, randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx' });
	return fs.readFileSync(file, 'utf8').trim();
}

function rolePassword(secretKey: string, role: string): string {
	return createHmac('sha256', secretKey).update(`postgres role ${role}`).digest('base64url');
}

/** Starts the embedded server again when it dies under us; pools connect again by themselves. */
function keepAlive(first: EmbeddedPostgres, dataDir: string): { stop(): void; current(): EmbeddedPostgres } {
	let server = first;
	let stopped = false;
	void (async () => {
		while (!stopped) {
			await sleep(100, undefined, { ref: false });
			if (stopped || alive(server.pid)) continue;
			log.error({ pid: server.pid }, 'PostgreSQL ended; starting it again');
			try {
				server = await startEmbeddedPostgres(dataDir);
				log.info({ pid: server.pid }, 'PostgreSQL is back');
			} catch (error) {
				log.error({ err: error }, 'PostgreSQL did not come back; trying again');
				await sleep(1000, undefined, { ref: false });
			}
		}
	})();
	return { stop: () => (stopped = true), current: () => server };
}
