import { database, transaction } from './db.ts';
import { olapStore } from './olap.ts';

const TIMEOUT_MS = 2_000;

/** Asks both stores; 'ok' or what is wrong in a few words. Never throws, never waits longer than two seconds. */
export async function checkStores(): Promise<{ postgres: string; clickhouse: string }> {
	const [postgres, clickhouse] = await Promise.all([
		probe(() => transaction(database().app, ({ sql }) => sql`select 1`)),
		probe(async () => (await olapStore().reader().query({ query: 'select 1', format: 'JSONEachRow' })).json())
	]);
	return { postgres, clickhouse };
}

async function probe(ask: () => Promise<unknown>): Promise<string> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<string>(
		(resolve) => (timer = setTimeout(resolve, TIMEOUT_MS, `no answer in ${TIMEOUT_MS / 1000} s`))
	);
	try {
		return await Promise.race([ask().then(() => 'ok'), late]);
	} catch {
		return 'not reachable';
	} finally {
		clearTimeout(timer);
	}
}
