import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { PgBoss } from 'pg-boss';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { channelJobs, connectSimulated, syncNow } from '../../src/lib/server/channels/index.ts';
import { channelHandlers } from '../../src/lib/server/channels/sync/handlers.ts';
import { sweep } from '../../src/lib/server/channels/sync/sweep.ts';
import type { Ctx } from '../../src/lib/server/platform/ctx.ts';
import { inOrganization } from '../../src/lib/server/platform/db.ts';
import { startQueue, stopQueue } from '../../src/lib/server/platform/queue.ts';
import { asSystem } from '../../src/lib/server/platform/system.ts';
import { makeOrganization } from '../factories/organization.ts';
import { startShop, type SimulatedShop } from './simulated-shop.ts';

// The real queue with its real slots: shops that never answer, and shops that always fail, beside one that works.
/** More than the queue has slots for. */
const DEAF_ORGANIZATIONS = 3;
const SHOPS_EACH = 4;
let sim: SimulatedShop;
const deaf = http.createServer(() => {});
const broken = http.createServer((_request, response) => response.writeHead(503).end());
const addresses: Record<'deaf' | 'broken', string> = { deaf: '', broken: '' };

beforeAll(async () => {
	for (const [name, server] of Object.entries({ deaf, broken }) as ['deaf' | 'broken', http.Server][]) {
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		addresses[name] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	}
	sim = await startShop('--months', '1', '--orders-per-day', '3', '--products', '20', '--shops', String((DEAF_ORGANIZATIONS + 1) * SHOPS_EACH + 1)); // prettier-ignore
	const { host, port, username, password } = inject('postgres');
	const [place] = await asSystem(
		'operator: queues and health',
		({ sql }) => sql<{ name: string }[]>`select current_database() as name`
	);
	const boss = new PgBoss({
		host,
		port,
		user: username,
		password,
		database: place!.name,
		schema: 'pgboss',
		max: 4
	});
	await startQueue(boss, channelJobs, channelHandlers, true);
});
afterAll(async () => {
	for (const server of [deaf, broken]) {
		server.closeAllConnections();
		server.close();
	}
	await stopQueue(2000);
	await sim.stop();
});

interface Shop {
	ctx: Ctx;
	organizationId: string;
	connectionId: string;
}

async function connect(nth: number, given?: Awaited<ReturnType<typeof makeOrganization>>): Promise<Shop> {
	const { organization, ctx } = given ?? (await makeOrganization());
	const tenant = sim.simulator.tenants[nth]!;
	const connectionId = await connectSimulated(ctx(), {
		shop: tenant.shop.domain,
		baseUrl: sim.baseUrl,
		accessToken: tenant.legacyToken,
		clientSecret: sim.clientSecret
	});
	return { ctx: ctx(), organizationId: organization.id, connectionId };
}

async function runsOf({ organizationId, connectionId }: Shop): Promise<{ kind: string; status: string }[]> {
	return inOrganization(
		organizationId,
		({ sql }) => sql<{ kind: string; status: string }[]>`
		select kind, status from sync_runs where organization_id = ${organizationId} and connection_id = ${connectionId} order by queued_at`
	);
}

test('connections that hang or fail never delay another organization’s sync', async () => {
	const well = await connect(0);
	await vi.waitFor(async () => expect(await runsOf(well)).toMatchObject([{ kind: 'backfill', status: 'succeeded' }]), { timeout: 30_000 }); // prettier-ignore
	// organizations whose shops never answer, and one whose shops always fail
	let nth = 1;
	for (let n = 0; n <= DEAF_ORGANIZATIONS; n++) {
		const organization = await makeOrganization();
		for (const last = nth + SHOPS_EACH; nth < last; nth++) {
			const shop = await connect(nth, organization);
			await asSystem('operator: queues and health', ({ sql }) => sql`update connections set base_url = ${n === 0 ? addresses.broken : addresses.deaf} where id = ${shop.connectionId}`); // prettier-ignore
		}
	}
	await vi.waitFor(
		async () => {
			const [busy] = await asSystem('operator: queues and health', ({ sql }) => sql<{ n: number }[]>`select count(*)::int as n from sync_runs where status = 'running'`); // prettier-ignore
			expect(busy!.n).toBeGreaterThanOrEqual(12);
		},
		{ timeout: 20_000 }
	);
	const began = performance.now();
	await syncNow(well.ctx, well.connectionId);
	await vi.waitFor(
		async () => {
			const runs = (await runsOf(well)).filter(({ kind }) => kind === 'incremental');
			expect(runs).toMatchObject([{ status: 'succeeded' }]);
		},
		{ timeout: 30_000, interval: 100 }
	);
	expect(performance.now() - began).toBeLessThan(30_000); // a deaf shop keeps its request open for a minute, six times;
}, 120_000);

test('a sweep goes on past a connection that somebody holds, and queues what is due for the others', async () => {
	const held = await connect(0);
	const free = await connect(1);
	await asSystem('operator: queues and health', async ({ sql }) => {
		for (const { connectionId } of [held, free]) {
			await sql`update sync_runs set status = 'succeeded', finished_at = now(), queued_at = now() - interval '1 day', started_at = now() - interval '1 day' where connection_id = ${connectionId}`;
			await sql`insert into sync_cursors (organization_id, connection_id, resource, synced_to) select organization_id, id, 'orders', now() from connections where id = ${connectionId}
				on conflict (connection_id, resource) do update set synced_to = now()`;
		}
	});
	// by the other pool: a worker that waits for the held connection has the second of this one's two
	const scheduled = (shop: Shop) =>
		asSystem(
			'operator: queues and health',
			({ sql }) =>
				sql`select 1 from sync_runs where connection_id = ${shop.connectionId} and trigger = 'schedule'`
		).then((rows) => rows.length);
	await inOrganization(held.organizationId, async ({ sql }) => {
		await sql`select 1 from connections where id = ${held.connectionId} for update`;
		await sweep();
		expect(await scheduled(free)).toBeGreaterThanOrEqual(3);
	});
	expect(await scheduled(held)).toBe(0);
	await sweep();
	expect(await scheduled(held)).toBeGreaterThanOrEqual(3);
}, 30_000);
