import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { startApp, temporaryFolder } from '../../bench/process.ts';
import { openStore, plantShop, plantTenant } from '../../bench/tenants.ts';
import type { Delivery } from '../../bench/webhook.ts';
import { expectPanelsEqualPostgres, expectRecordedOnce } from './check.ts';
import { follow } from './follower.ts';
import { startLoad } from './load.ts';

/** Two in CI; TIDEMARK_FAULT_ROUNDS=20 for the whole proof. */
const ROUNDS = Number(process.env.TIDEMARK_FAULT_ROUNDS ?? 2);
const folder = temporaryFolder('kill-app');
afterAll(() => folder.remove());

test(
	`kill -9 of the app under webhooks, ${ROUNDS} random moments: nothing acknowledged is lost or doubled`,
	async () => {
		let app = await startApp({ dataDir: folder.path });
		let sql = openStore(folder.path);
		const tenant = await plantTenant(sql);
		const shop = await plantShop(sql, folder.path, tenant);
		const follower = follow(`${app.url}/${tenant.slug}/stream`, tenant.cookie);
		const acknowledged: Delivery[] = [];
		const backIn: number[] = [];

		for (let round = 0; round < ROUNDS; round++) {
			const load = startLoad(app.port, shop, 16);
			await sleep(200 + Math.random() * 1500);
			await app.kill();
			await load.stop();
			const begun = performance.now();
			app = await startApp({ dataDir: folder.path, port: app.port });
			backIn.push(Math.round(performance.now() - begun));
			load.open.push(...load.acknowledged.slice(-20)); // the channel may send again what we have: its answer was lost on the way
			await load.retry();
			acknowledged.push(...load.acknowledged);
			expect(load.acknowledged.length, 'the load reached the app').toBeGreaterThan(20);
		}

		await sql.end({ timeout: 1 });
		sql = openStore(folder.path);
		await expectRecordedOnce(sql, tenant, shop, acknowledged);
		await expectPanelsEqualPostgres(app.url, sql, tenant);
		const [{ last }] =
			(await sql`select max(position) as last from outbox where organization_id = ${tenant.id}`) as unknown as [
				{ last: number }
			];
		for (let waited = 0; waited < 10_000 && follower.positions.at(-1) !== last; waited += 50) await sleep(50);
		await follower.stop();
		const first = follower.positions[0]!;
		expect(follower.resets).toBe(0);
		expect(follower.reconnects).toBeGreaterThanOrEqual(ROUNDS);
		expect(follower.positions, 'a stream that resumes has no gap and no double').toEqual(
			Array.from({ length: last - first + 1 }, (_, n) => first + n)
		);
		console.log(
			`${acknowledged.length} webhooks acknowledged over ${ROUNDS} kills; serving again after ${backIn.join(', ')} ms`
		);
		await sql.end({ timeout: 1 });
		await app.stop();
	},
	60_000 + ROUNDS * 20_000
);
