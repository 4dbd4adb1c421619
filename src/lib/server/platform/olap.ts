import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChdbConnection } from 'chdb/connection';

/**
 * The OLAP store: a ClickHouse server by URL, or chDB inside this process. A chDB connection runs one statement at a time,
 * so panels have a pool of their own, and ingest and rebuild one each.
 */
export interface Olap {
	embedded: boolean;
	database: string;
	/** The connection that has waited longest for work: panels. */
	reader(): ClickHouseClient;
	ingest: ClickHouseClient;
	rebuild: ClickHouseClient;
	/** Inserts rows that are TSV already (as `COPY ... TO STDOUT` writes them): the fastest way in. */
	insertTsv(
		lane: 'ingest' | 'rebuild',
		table: string,
		columns: readonly string[],
		rows: Buffer
	): Promise<void>;
	close(): Promise<void>;
}

const READERS = 6;
const held = globalThis as unknown as { tidemarkOlap?: Olap };

/** Sets the store the process works with; called once by the boot, and by tests. */
export function useOlap(olap: Olap): void {
	held.tidemarkOlap = olap;
}

/** The store. @throws Error before the platform has started */
export function olapStore(): Olap {
	if (!held.tidemarkOlap) throw new Error('ClickHouse is not open: the platform has not started.');
	return held.tidemarkOlap;
}

/** Thrown when another process has the data directory open. */
export class DataDirInUse extends Error {
	override name = 'DataDirInUse';
	constructor(dataDir: string, options?: ErrorOptions) {
		super(
			`${dataDir} is in use by another Tidemark process. Stop that one, or start this one with another DATA_DIR.`,
			options
		);
	}
}

/**
 * Opens the store. chDB's lock on its folder is the mutex of the data directory, so this comes before anything else.
 * @throws DataDirInUse when the folder is locked
 */
export async function openOlap(settings: {
	url?: string | undefined;
	database: string;
	dataDir: string;
}): Promise<Olap> {
	const make = settings.url ? remote(settings.url) : await embedded(settings.dataDir);
	const clients = Array.from({ length: READERS + 2 }, make);
	const lanes = { ingest: clients[READERS]!, rebuild: clients[READERS + 1]! };
	let next = 0;
	return {
		embedded: !settings.url,
		database: settings.database,
		reader: () => clients[next++ % READERS]!,
		...lanes,
		insertTsv: (lane, table, columns, rows) =>
			insertTsv(lanes[lane], `${settings.database}.${table}`, columns, rows),
		close: async () => {
			await Promise.all(clients.map((client) => client.close()));
		}
	};
}

const chdbOf = new WeakMap<ClickHouseClient, ChdbConnection>();

async function insertTsv(
	client: ClickHouseClient,
	table: string,
	columns: readonly string[],
	rows: Buffer
): Promise<void> {
	const chdb = chdbOf.get(client);
	if (chdb) await chdb.chdb.rawInsert({ table, columns, format: 'TSV', values: rows });
	else
		await client.insert({
			table,
			columns: columns as [string, ...string[]],
			format: 'TabSeparated',
			values: Readable.from([rows], { objectMode: false })
		});
}

function remote(url: string): () => ClickHouseClient {
	return () =>
		createClient({
			url,
			application: 'tidemark',
			compression: { request: false, response: false },
			log: { level: ClickHouseLogLevel.OFF }, // every failure is thrown, and our own log holds it
			clickhouse_settings: { wait_end_of_query: 1 }
		});
}

async function embedded(dataDir: string): Promise<() => ClickHouseClient> {
	const folder = path.join(dataDir, 'clickhouse');
	fs.mkdirSync(folder, { recursive: true });
	const { createChdbConnection } = await import('chdb/connection'); // 300 MB of shared library: only where it is used
	const make = () => {
		const connection = createChdbConnection({ path: folder });
		const client = createClient({ connection } as never);
		chdbOf.set(client, connection);
		return client;
	};
	for (let attempt = 0; ; attempt++) {
		try {
			const probe = make();
			await (await probe.query({ query: 'select 1', format: 'JSONEachRow' })).json();
			await probe.close();
			break;
		} catch (cause) {
			if (attempt >= 20) throw new DataDirInUse(dataDir, { cause });
			await sleep(50); // a process that is just ending holds the lock a moment longer
		}
	}
	return make;
}
