import { afterEach, expect, test, vi } from 'vitest';
import {
	channelsOverview,
	connectSimulated,
	getConnection,
	getRun,
	syncNow
} from '../../src/lib/server/channels/index.ts';
import { performRun } from '../../src/lib/server/channels/sync/perform.ts';
import type { Ctx } from '../../src/lib/server/platform/ctx.ts';
import { inOrganization } from '../../src/lib/server/platform/db.ts';
import { NotFound } from '../../src/lib/server/platform/errors.ts';
import { makeOrganization } from '../factories/organization.ts';
import { startShop, type SimulatedShop } from './simulated-shop.ts';

// What the pages of channels say: each figure is counted again here from the rows.
vi.mock('../../src/lib/server/platform/queue.ts', () => ({ enqueue: async () => {} }));

let sim: SimulatedShop;
afterEach(() => sim?.stop());

async function connect(): Promise<{ ctx: Ctx; organizationId: string; connectionId: string }> {
	const { organization, ctx } = await makeOrganization({ timeZone: 'America/New_York' });
	const { shop, baseUrl, accessToken, clientSecret } = sim;
	const connectionId = await connectSimulated(ctx(), { shop, baseUrl, accessToken, clientSecret });
	return { ctx: ctx(), organizationId: organization.id, connectionId };
}

async function runAll({ organizationId, connectionId }: { organizationId: string; connectionId: string }) {
	const waiting = await inOrganization(
		organizationId,
		({ sql }) =>
			sql<
				{ id: string }[]
			>`select id from sync_runs where connection_id = ${connectionId} and status = 'queued' order by id`
	);
	for (const { id } of waiting)
		await performRun({ organizationId, connectionId, runId: id }, new AbortController().signal);
	return waiting.map(({ id }) => id);
}

test('a run tells its pages, its waits and refusals, and what it set aside', async () => {
	sim = await startShop('--months', '1', '--orders-per-day', '4', '--products', '30', '--fault', 'F16');
	const target = await connect();
	sim.simulator.tenants[0]!.shop.orders[3]!.name = '';
	const [id] = await runAll(target);
	const { run, connection } = await getRun(target.ctx, target.connectionId, id!);
	expect(run).toMatchObject({ kind: 'backfill', status: 'succeeded', before: null, after: null });
	expect(connection.name).toBe('Alder & Finch');
	expect(run.journal.pages.orders).toBeGreaterThan(0);
	expect(run.journal.pages.products).toBeGreaterThan(0);
	const refused = run.journal.troubles.find(({ what }) => what.includes('THROTTLED'));
	expect(refused!.count).toBe(run.retries);
	expect(run.waitedMs).toBe(run.journal.waitedMs);
	expect(run.waitedMs).toBeGreaterThanOrEqual(1000 * refused!.count);
	expect(run.deadLetters).toMatchObject([{ topic: 'sync/orders' }]);
	await expect(getRun((await makeOrganization()).ctx(), target.connectionId, id!)).rejects.toThrow(NotFound);
}, 60_000);

test('a connection tells its schedule, what it keeps, how it went and what is left to ask', async () => {
	sim = await startShop('--months', '1', '--orders-per-day', '4', '--products', '30');
	const target = await connect();
	await runAll(target);
	await syncNow(target.ctx, target.connectionId);
	await runAll(target);
	const { shop } = sim.simulator.tenants[0]!;
	const page = await getConnection(target.ctx, target.connectionId);
	const kinds = page.schedule.map(({ kind }) => kind);
	expect(kinds.slice(0, 3)).toEqual(['incremental', 'stock', 'catalog']);
	for (const kind of page.schedule) {
		expect(kind).toMatchObject({ succeeded: 1, failed: 0, active: null, last: { status: 'succeeded' } });
		expect(Date.parse(kind.nextAt!)).toBeGreaterThan(Date.now());
	}
	expect(page.connection.health).toMatchObject({ succeeded: 1 + kinds.length, failed: 0, failing: null });
	expect(page.connection.health.days).toHaveLength(30);
	expect(page.connection.health.days.at(-1)).toMatchObject({ succeeded: 1 + kinds.length });
	const stored = Object.fromEntries(page.stored.map(({ resource, count }) => [resource, count]));
	expect(stored).toMatchObject({
		orders: shop.orders.length,
		refunds: shop.orders.flatMap((order) => order.refunds).length,
		listings: shop.variants.length,
		customers: shop.customers.length,
		locations: shop.locations.length
	});
	expect(page.stored.find(({ resource }) => resource === 'orders')!.syncedTo).not.toBeNull();
	expect(page.connection.limits).toMatchObject([{ name: 'Admin API points', most: 20_000 }]);

	// it fails now, and says since when and why, until a run of that kind ends well again
	sim.simulator.tenants[0]!.installed = false;
	await syncNow(target.ctx, target.connectionId, 'stock');
	const [failed] = await runAll(target);
	const { connections, runs } = await channelsOverview(target.ctx);
	expect(connections[0]!.health).toMatchObject({ failed: 1, failing: { runId: failed, kind: 'stock' } });
	expect(runs[0]).toMatchObject({ id: failed, status: 'failed', connectionName: 'Alder & Finch' });
	expect((await getConnection(target.ctx, target.connectionId, { failed: true })).runs).toHaveLength(1);
	expect(connections[0]!.status).toBe('needs_reauthorization');
	await expect(syncNow(target.ctx, target.connectionId)).rejects.toThrow('not in use');
}, 60_000);
