import { afterEach, expect, test, vi } from 'vitest';
import { visitsOf } from '../../simulator/world/visits.ts';
import { connectSimulated, getConnection, syncNow } from '../../src/lib/server/channels/index.ts';
import { performRun } from '../../src/lib/server/channels/sync/perform.ts';
import type { Ctx } from '../../src/lib/server/platform/ctx.ts';
import { inOrganization } from '../../src/lib/server/platform/db.ts';
import { makeOrganization } from '../factories/organization.ts';
import { startShop, type SimulatedShop } from './simulated-shop.ts';

// Visits of a shop by ShopifyQL: as the world counts them, or said to be withheld; a run never fails for them.
vi.mock('../../src/lib/server/platform/queue.ts', () => ({ enqueue: async () => {} }));

let sim: SimulatedShop;
afterEach(() => sim?.stop());

interface Target {
	ctx: Ctx;
	organizationId: string;
	connectionId: string;
}

async function connect(): Promise<Target> {
	const { organization, ctx } = await makeOrganization();
	const { shop, baseUrl, accessToken, clientSecret } = sim;
	const connectionId = await connectSimulated(ctx(), { shop, baseUrl, accessToken, clientSecret });
	return { ctx: ctx(), organizationId: organization.id, connectionId };
}

async function runWaiting({ organizationId, connectionId }: Target): Promise<void> {
	const waiting = await inOrganization(
		organizationId,
		({ sql }) => sql<{ id: string }[]>`select id from sync_runs where connection_id = ${connectionId} and status = 'queued' order by id` // prettier-ignore
	);
	for (const { id } of waiting)
		await performRun({ organizationId, connectionId, runId: id }, new AbortController().signal);
}

const small = ['--months', '1', '--orders-per-day', '6', '--products', '20'];

test('sessions, page views and completed checkouts of each day are those of the shop', async () => {
	sim = await startShop(...small);
	const target = await connect();
	await runWaiting(target);
	const stored = await inOrganization(
		target.organizationId,
		({ sql }) => sql<
			{ day: string; sessions: number; pageViews: number; converted: number; units: number | null }[]
		>`
		select day::text as day, sessions, page_views, converted, units from channel_traffic order by day`
	);
	const { shop } = sim.simulator.tenants[0]!;
	const told = visitsOf(shop, shop.zone, stored[0]!.day, stored.at(-1)!.day);
	expect(stored).toHaveLength(366);
	expect(stored).toEqual(
		told.map(({ day, sessions, pageviews, completed }) => ({
			day,
			sessions,
			pageViews: pageviews,
			converted: completed,
			units: null
		}))
	);
	const { visits, withheld } = await getConnection(target.ctx, target.connectionId);
	const month = told.slice(-31);
	expect(visits!.sessions).toBeGreaterThan(0);
	expect(visits!.sessions).toBeLessThanOrEqual(month.reduce((sum, one) => sum + one.sessions, 0));
	expect(withheld.filter(({ what }) => what === 'visits')).toEqual([]);

	// a second reading changes only the day that is not over
	await syncNow(target.ctx, target.connectionId, 'reconcile');
	await runWaiting(target);
	const { runs } = await getConnection(target.ctx, target.connectionId);
	expect(runs[0]).toMatchObject({ kind: 'reconcile', status: 'succeeded' });
	expect(runs[0]!.progress.traffic).toMatchObject({ done: 31, written: 0, unchanged: 31 });
}, 60_000);

test('a shop that does not let us read reports says so, and its runs go well', async () => {
	sim = await startShop(...small);
	const [tenant] = sim.simulator.tenants;
	const all = tenant!.scopes;
	tenant!.scopes = all.replace('read_reports,', '');
	const target = await connect();
	await runWaiting(target);
	const visitsWithheld = async () =>
		(await getConnection(target.ctx, target.connectionId)).withheld.find(({ what }) => what === 'visits')
			?.reason;
	expect(await visitsWithheld()).toContain('lacks the read_reports scope');

	// the scope is there, yet Shopify refuses: level 2 of protected customer data is not approved
	await inOrganization(target.organizationId, ({ sql }) => sql`update connections set facts = jsonb_set(facts, '{scopes}', ${sql.json(all.split(','))})`); // prettier-ignore
	await syncNow(target.ctx, target.connectionId, 'reconcile');
	await runWaiting(target);
	expect(await visitsWithheld()).toContain('level 2');

	// it is granted: what was withheld is there and nothing is said any more
	tenant!.scopes = all;
	await syncNow(target.ctx, target.connectionId, 'catalog');
	await runWaiting(target);
	const { runs, visits, connection } = await getConnection(target.ctx, target.connectionId);
	expect(await visitsWithheld()).toBeUndefined();
	expect(visits).not.toBeNull();
	expect(runs.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
	expect(connection.status).toBe('healthy');
}, 60_000);
