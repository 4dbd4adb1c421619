import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from 'postgres';
import { afterAll, expect, test } from 'vitest';
import { plantSeller } from '../../bench/forecast/seller.ts';
import { startApp, temporaryFolder } from '../../bench/process.ts';
import { openStore } from '../../bench/tenants.ts';
import { callAdmin } from '../../src/lib/server/platform/admin-socket.ts';

const folder = temporaryFolder('kill-training');
afterAll(() => folder.remove());

interface Run {
	status: string;
	attempts: number;
	version: number;
	error: string | null;
}

const newestRun = async (sql: Sql): Promise<Run | undefined> =>
	(
		await sql<Run[]>`
		select status, attempts, version, error from forecast_runs where kind = 'train' order by version desc limit 1`
	)[0];
const partsOf = async (sql: Sql) =>
	(await sql<{ part: string }[]>`select part from forecast_parts order by part`).map(({ part }) => part);
const current = (sql: Sql) =>
	sql<{ seriesKey: string; version: number; units90: number }[]>`
		select series_key as "seriesKey", version, units90 from forecasts where is_current order by series_key`;

/** Asks until it is so; fails after ten minutes with what it saw last. */
async function until<T>(ask: () => Promise<T>, so: (seen: T) => boolean): Promise<T> {
	for (const deadline = Date.now() + 600_000; ; await sleep(200)) {
		const seen = await ask();
		if (so(seen)) return seen;
		if (Date.now() > deadline) throw new Error(`It did not come to that: ${JSON.stringify(seen)}`);
	}
}

test('kill -9 of the app while it trains: the last good forecasts stay, the run goes on from its parts and ends', async () => {
	let app = await startApp({ dataDir: folder.path, env: { JOBS: 'off' } });
	let sql = openStore(folder.path);
	await plantSeller(sql, 10);
	await callAdmin(folder.path, 'olap:rebuild');
	await callAdmin(folder.path, 'train', { allProducts: true });
	const good = await current(sql);
	expect(good.length).toBeGreaterThan(20);

	const lost = callAdmin(folder.path, 'train', { allProducts: true }).then(
		() => 'answered',
		() => 'lost'
	);
	await until(
		() => partsOf(sql),
		(parts) => parts.length >= 3
	);
	await sql.end({ timeout: 1 });
	await app.kill();
	expect(await lost).toBe('lost');

	// without background work: the row and its parts stand as the kill left them
	app = await startApp({ dataDir: folder.path, port: app.port, env: { JOBS: 'off' } });
	sql = openStore(folder.path);
	const kept = await partsOf(sql);
	expect(kept.length).toBeGreaterThanOrEqual(3);
	expect(await newestRun(sql)).toMatchObject({ status: 'running', version: 2, attempts: 0 });
	expect(await current(sql)).toEqual(good);
	// as if the minute and a half had passed after which a silent run is lost
	await sql`update forecast_runs set heartbeat_at = now() - interval '10 minutes' where status = 'running'`;
	await sql.end({ timeout: 1 });
	await app.stop();

	app = await startApp({ dataDir: folder.path, port: app.port, env: { JOBS: 'on' } });
	sql = openStore(folder.path);
	const run = await until(
		() => newestRun(sql),
		(seen) => seen?.status === 'succeeded' || seen?.status === 'failed'
	);
	expect(run).toEqual({ status: 'succeeded', version: 2, attempts: 1, error: null });
	expect(await partsOf(sql)).toEqual([]);
	const after = await current(sql);
	expect(after.map(({ seriesKey }) => seriesKey)).toEqual(good.map(({ seriesKey }) => seriesKey));
	expect(after.every(({ version }) => version === 2)).toBe(true);
	// the same days and the same seed
	expect(after.map(({ units90 }) => units90)).toEqual(good.map(({ units90 }) => units90));
	await sql.end({ timeout: 1 });
	await app.stop();
}, 1_800_000);
