import { setTimeout as sleep } from 'node:timers/promises';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { freePort, startApp, temporaryFolder } from '../../bench/process.ts';
import { openStore, plantShop, plantTenant } from '../../bench/tenants.ts';
import type { Delivery } from '../../bench/webhook.ts';
import { alive, processesIn } from '../../src/lib/server/platform/embedded/processes.ts';
import { expectPanelsEqualPostgres, expectRecordedOnce } from './check.ts';
import { startLoad } from './load.ts';

const ROUNDS = Number(process.env.TIDEMARK_FAULT_ROUNDS ?? 2);
const folder = temporaryFolder('kill-postgres');
afterAll(() => folder.remove());

test(
	`kill -9 of PostgreSQL and all its backends under webhooks, ${ROUNDS} times: 503, no false acknowledgement, the app survives`,
	async () => {
		const app = await startApp({ dataDir: folder.path, port: await freePort() });
		let sql = openStore(folder.path);
		const tenant = await plantTenant(sql);
		const shop = await plantShop(sql, folder.path, tenant);
		const acknowledged: Delivery[] = [];
		const readyIn: number[] = [];
		let refused = 0;

		for (let round = 0; round < ROUNDS; round++) {
			const load = startLoad(app.port, shop, 16);
			await sleep(200 + Math.random() * 1000);
			await sql.end({ timeout: 1 });
			const killed = processesIn(path.join(folder.path, 'postgres'));
			for (const pid of killed) if (alive(pid)) process.kill(pid, 'SIGKILL');
			const begun = performance.now();
			for (let ready = false; !ready && performance.now() - begun < 20_000; await sleep(20)) {
				ready =
					(await fetch(`${app.url}/readyz`).catch(() => null))?.status === 200 &&
					performance.now() - begun > 50;
			}
			readyIn.push(Math.round(performance.now() - begun));
			await sleep(300); // writers that were answered again
			await load.stop();
			expect(killed.length).toBeGreaterThan(1);
			const others = load.answers.filter(
				({ status, retryAfter }) => status !== 200 && !(status === 503 && retryAfter !== null)
			);
			expect(others, 'each refusal is a 503 with Retry-After').toEqual([]);
			expect(
				Math.max(...load.answers.map(({ sentAt, answeredAt }) => answeredAt - sentAt)),
				'nobody waits for a connection that is gone'
			).toBeLessThan(8000);
			refused += load.answers.filter(({ status }) => status === 503).length;
			await load.retry();
			acknowledged.push(...load.acknowledged);
			sql = openStore(folder.path);
		}

		expect(alive(app.pid), 'the app survives').toBe(true);
		await expectRecordedOnce(sql, tenant, shop, acknowledged);
		await expectPanelsEqualPostgres(app.url, sql, tenant);
		console.log(
			`${acknowledged.length} acknowledged, ${refused} refused with 503 over ${ROUNDS} kills; ready again after ${readyIn.join(', ')} ms`
		);
		await sql.end({ timeout: 1 });
		await app.stop();
	},
	60_000 + ROUNDS * 20_000
);
