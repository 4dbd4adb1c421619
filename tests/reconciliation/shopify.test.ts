import { expect, test, vi } from 'vitest';
import { connectSimulated } from '../../src/lib/server/channels/index.ts';
import { performRun } from '../../src/lib/server/channels/sync/perform.ts';
import { queueRun, type RunKind } from '../../src/lib/server/channels/sync/runs.ts';
import { inOrganization } from '../../src/lib/server/platform/db.ts';
import { reconciliation } from '../../src/lib/server/reconciliation/index.ts';
import { makeOrganization } from '../factories/organization.ts';
import { startShop } from '../channels/simulated-shop.ts';

vi.mock('../../src/lib/server/platform/queue.ts', () => ({ enqueue: async () => {} }));

test('a shop’s own report of sales and ours are equal on every day, found by the nightly run', async () => {
	const sim = await startShop('--months', '2', '--orders-per-day', '6');
	try {
		const { organization, ctx } = await makeOrganization({ timeZone: 'Europe/Berlin' });
		const connectionId = await connectSimulated(ctx(), sim);
		const target = { organizationId: organization.id, connectionId };
		const run = async (kind: RunKind) => {
			const runId = await inOrganization(organization.id, (tx) =>
				queueRun(tx, { organizationId: organization.id, id: connectionId }, kind, 'schedule')
			);
			expect(await performRun({ ...target, runId }, new AbortController().signal)).toBe(true);
		};
		await run('backfill');
		expect((await reconciliation(ctx()))[0]).toMatchObject({ days: [], silence: expect.any(String) });
		await run('reconcile');
		const [connection] = await reconciliation(ctx());
		expect(connection).toMatchObject({ channel: 'shopify', silence: null });
		expect(connection!.days.length).toBeGreaterThan(25);
		expect(connection!.days.filter(({ verdict }) => verdict !== 'equal')).toEqual([]);
		expect(connection!.totals[0]!.theirs).toMatchObject({
			orders: connection!.totals[0]!.ours.orders,
			units: null
		});

		// one order less here: the day says so
		const [gone] = await inOrganization(
			organization.id,
			({ sql }) => sql<{ id: string }[]>`
			delete from orders where id = (select id from orders where kind = 'sale' and placed_at < now() - interval '3 days' order by placed_at desc limit 1) returning id`
		);
		expect(gone).toBeDefined();
		const differs = (await reconciliation(ctx()))[0]!.days.filter(({ verdict }) => verdict !== 'equal');
		expect(differs).toHaveLength(1);
		expect(differs[0]).toMatchObject({ verdict: 'open' });
		expect(differs[0]!.theirs!.orders - differs[0]!.ours.orders).toBe(1);
	} finally {
		await sim.stop();
	}
});
