import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { connectSimulated } from '../../src/lib/server/channels/index.ts';
import { performRun } from '../../src/lib/server/channels/sync/perform.ts';
import { inOrganization } from '../../src/lib/server/platform/db.ts';
import { makeOrganization } from '../factories/organization.ts';
import { startShop, type SimulatedShop } from './simulated-shop.ts';

vi.mock('../../src/lib/server/platform/queue.ts', () => ({ enqueue: async () => {} }));

let sim: SimulatedShop;
beforeAll(async () => {
	sim = await startShop('--months', '3', '--orders-per-day', '20');
}, 60_000);
afterAll(() => sim.stop());

/** Connects the shop to an organization of its own. */
async function connect() {
	const { organization, ctx } = await makeOrganization();
	const connectionId = await connectSimulated(ctx(), {
		shop: sim.shop,
		baseUrl: sim.baseUrl,
		accessToken: sim.accessToken,
		clientSecret: sim.clientSecret
	});
	return { organization, ctx, connectionId };
}

async function runWaiting(organizationId: string, connectionId: string): Promise<void> {
	const [run] = await inOrganization(
		organizationId,
		({ sql }) =>
			sql<
				{ id: string }[]
			>`select id from sync_runs where connection_id = ${connectionId} and status = 'queued' order by queued_at`
	);
	expect(
		await performRun({ organizationId, connectionId, runId: run!.id }, new AbortController().signal)
	).toBe(true);
}

describe('the first sync', () => {
	test('brings every order of the shop', async () => {
		const { organization, connectionId } = await connect();
		await runWaiting(organization.id, connectionId);
		const rows = await inOrganization(organization.id, async ({ sql }) => ({
			runs: await sql`select kind, status, error, progress from sync_runs where connection_id = ${connectionId}`,
			connection:
				await sql`select status, status_reason, fresh_at from connections where id = ${connectionId}`,
			orders: await sql<
				{ n: number }[]
			>`select count(*)::int as n from orders where connection_id = ${connectionId}`
		}));
		expect(rows.runs).toMatchObject([{ kind: 'backfill', status: 'succeeded', error: null }]);
		expect(rows.connection[0]).toMatchObject({ status: 'healthy', statusReason: null });
		expect(rows.orders[0]!.n).toBe(sim.simulator.tenants[0]!.shop.orders.length);
	});
});
