import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { startApp, temporaryFolder } from '../../bench/process.ts';
import { openStore, plantShop, plantTenant } from '../../bench/tenants.ts';
import { expectPanelsEqualPostgres } from './check.ts';
import { startLoad } from './load.ts';

const folder = temporaryFolder('clickhouse-deleted');
afterAll(() => folder.remove());

test('the ClickHouse folder deleted at rest is rebuilt from PostgreSQL at the next start, exactly', async () => {
	let app = await startApp({ dataDir: folder.path });
	let sql = openStore(folder.path);
	const tenant = await plantTenant(sql);
	const shop = await plantShop(sql, folder.path, tenant);
	const load = startLoad(app.port, shop, 8);
	await sleep(1500);
	await load.stop();
	await expectPanelsEqualPostgres(app.url, sql, tenant);
	await sql.end({ timeout: 1 });
	await app.stop();

	fs.rmSync(path.join(folder.path, 'clickhouse'), { recursive: true });
	app = await startApp({ dataDir: folder.path });
	sql = openStore(folder.path);
	await expectPanelsEqualPostgres(app.url, sql, tenant);
	expect(load.acknowledged.length).toBeGreaterThan(20);
	await sql.end({ timeout: 1 });
	await app.stop();
}, 120_000);
