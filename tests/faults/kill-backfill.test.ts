import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from 'postgres';
import { afterAll, expect, test } from 'vitest';
import { startApp, temporaryFolder, type Child } from '../../bench/process.ts';
import { openStore, plantTenant, type Tenant } from '../../bench/tenants.ts';
import { walmartCredentials } from '../../simulator/walmart/mount.ts';
import { CHANNELS, type Channel } from '../../src/lib/contracts/channels.ts';
import { startShop, type SimulatedShop } from '../channels/simulated-shop.ts';
import { stored, told } from '../mixed-faults/ledger.ts';
import { expectPanelsEqualPostgres } from './check.ts';

/** Two in CI; TIDEMARK_FAULT_ROUNDS=20 for the whole proof. */
const ROUNDS = Number(process.env.TIDEMARK_FAULT_ROUNDS ?? 2);
const PATIENCE_MS = 240_000;
/** From the first answer of a new process until it has taken up what the one before was at: no run waits to count as lost. */
const SOON_MS = 15_000;
const folder = temporaryFolder('kill-backfill');
let shop: SimulatedShop | undefined;
let app: Child | undefined;
afterAll(async () => {
	await app?.stop();
	await shop?.stop();
	await folder.remove();
});

test(
	`kill -9 of the app in the middle of the first syncs of three channels, ${ROUNDS} random moments: they end by themselves and equal the ledgers`,
	async () => {
		shop = await startShop('--months', '3', '--orders-per-day', '24', '--products', '40', '--amazon-quota', '2000', '--walmart-quota', '2000'); // prettier-ignore
		const seller = shop.simulator.amazon!.ready() as Record<string, string>;
		const walmart = walmartCredentials(shop.simulator);
		const env = {
			SHOPIFY_API_URL: shop.baseUrl,
			AMAZON_API_URL: seller.apiUrl!,
			WALMART_API_URL: walmart.url
		};
		app = await startApp({ dataDir: folder.path, env });
		let sql = openStore(folder.path);
		const tenant = await plantTenant(sql);
		const { region, sellerId, clientId, clientSecret, refreshToken } = seller;
		await connect(app.url, tenant, 'amazon', { region, sellerId, clientId, clientSecret, refreshToken });
		await connect(app.url, tenant, 'walmart', {
			clientId: walmart.clientId,
			clientSecret: walmart.clientSecret
		});
		const { accessToken, clientSecret: secret } = shop;
		await connect(app.url, tenant, 'token', { shop: shop.shop, accessToken, clientSecret: secret });
		// what happened is what is compared: nothing ships or is charged meanwhile
		await shop.control('pause');

		const hits: string[] = [];
		for (let round = 0; round < ROUNDS; round++) {
			const before = await countOrders(sql, tenant);
			await until(async () => (await countOrders(sql, tenant)) > before || (await allDone(sql, tenant)));
			await sleep(Math.random() * 500);
			await app.kill();
			const lost = await sql<LostRun[]>`
				select c.channel, r.id, now() as lost_at from sync_runs r join connections c on c.id = r.connection_id where r.status = 'running'`;
			hits.push(
				`${await countOrders(sql, tenant)} orders (${lost.map(({ channel }) => channel).join(', ')})`
			);
			await sql.end({ timeout: 1 });
			if (round === 0) expect(lost.length, 'syncs that the kill cut off').toBeGreaterThan(0);
			app = await startApp({ dataDir: folder.path, port: app.port, env });
			sql = openStore(folder.path);
			const restarted = performance.now();
			await until(async () => (await stillWaiting(sql, lost)) === 0, SOON_MS);
			console.log(`taken up ${Math.round(performance.now() - restarted)} ms after the start`);
		}
		await until(() => allDone(sql, tenant));

		const connections = await sql<{ id: string; channel: Channel; status: string }[]>`
			select id, channel, status from connections where organization_id = ${tenant.id}`;
		expect(new Set(connections.map(({ channel }) => channel))).toEqual(new Set(CHANNELS));
		for (const { id, channel, status } of connections)
			expect({ channel, status, days: await stored(sql, id) }).toEqual({
				channel,
				status: 'healthy',
				days: await told(shop.baseUrl, channel)
			});
		const doubled = await sql`
			select external_id from orders where organization_id = ${tenant.id} group by connection_id, external_id having count(*) > 1
			union all select subject_id::text from outbox where organization_id = ${tenant.id} and payload ->> 'change' = 'created' group by subject_id having count(*) > 1`;
		expect([...doubled]).toEqual([]);
		const dead = await sql`select topic, error from inbox where organization_id = ${tenant.id} and status = 'dead'`; // prettier-ignore
		expect([...dead]).toEqual([]);
		const day = (back: number) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);
		await expectPanelsEqualPostgres(app.url, sql, tenant, 60_000, `from=${day(200)}&to=${day(0)}`);
		console.log(`killed at ${hits.join('; ')}`);
		await sql.end({ timeout: 1 });
	},
	PATIENCE_MS + ROUNDS * 120_000
);

/** Connects an account as a person does: by the form. */
async function connect(
	url: string,
	tenant: Tenant,
	action: string,
	fields: Record<string, string | undefined>
): Promise<void> {
	const reply = await fetch(`${url}/${tenant.slug}/channels/connect?/${action}`, {
		method: 'POST',
		headers: { cookie: tenant.cookie, origin: url, accept: 'text/html' },
		body: new URLSearchParams(fields as Record<string, string>),
		redirect: 'manual'
	});
	const said =
		reply.status === 303 ? '' : (/"?errors"?:\{[^}]*\}/.exec(await reply.text())?.[0] ?? 'no reason');
	expect([action, reply.status, said]).toEqual([action, 303, '']);
}

async function countOrders(sql: Sql, tenant: Tenant): Promise<number> {
	const [row] = await sql<{ n: number }[]>`select count(*)::int as n from orders where organization_id = ${tenant.id}`; // prettier-ignore
	return row!.n;
}

/** A run that a kill cut off. */
interface LostRun {
	id: string;
	channel: Channel;
	lostAt: Date;
}

/** How many of the runs that a kill cut off nobody has taken up. */
async function stillWaiting(sql: Sql, lost: readonly LostRun[]): Promise<number> {
	if (lost.length === 0) return 0;
	const [row] = await sql<{ n: number }[]>`
		select count(*)::int as n from sync_runs where id = any(${lost.map(({ id }) => id)}::uuid[]) and status = 'running' and heartbeat_at <= ${lost[0]!.lostAt}`;
	return row!.n;
}

/** True once every connection has had its first sync to the end. */
async function allDone(sql: Sql, tenant: Tenant): Promise<boolean> {
	const [row] = await sql<{ done: boolean }[]>`
		select bool_and(exists (select 1 from sync_runs r where r.connection_id = c.id and r.kind = 'backfill' and r.status = 'succeeded')) as done
		from connections c where c.organization_id = ${tenant.id}`;
	return row!.done;
}

async function until(holds: () => Promise<boolean>, patience = PATIENCE_MS): Promise<void> {
	const deadline = Date.now() + patience;
	while (!(await holds())) {
		if (Date.now() > deadline) throw new Error('The syncs did not get there in time.');
		await sleep(25);
	}
}
