import { expect, test, vi } from 'vitest';
import { walmartCredentials } from '../../simulator/walmart/mount.ts';
import {
	connectSimulatedAmazon,
	connectSimulatedWalmart,
	forgetSimulatedQueue,
	type SimulatedSeller
} from '../../src/lib/server/channels/index.ts';
import { performRun } from '../../src/lib/server/channels/sync/perform.ts';
import { queueRun, type RunKind } from '../../src/lib/server/channels/sync/runs.ts';
import { inOrganization } from '../../src/lib/server/platform/db.ts';
import { reconciliation } from '../../src/lib/server/reconciliation/index.ts';
import { makeOrganization } from '../factories/organization.ts';
import { startShop } from '../channels/simulated-shop.ts';

vi.mock('../../src/lib/server/platform/queue.ts', () => ({ enqueue: async () => {} }));

test('what Amazon’s metrics and Walmart’s list say is ours, or the reasons make up the whole difference', async () => {
	const sim = await startShop(
		...['--months', '2', '--products', '40', '--orders-per-day', '2', '--walmart-orders-per-day', '5'],
		...['--amazon-quota', '10000', '--walmart-quota', '10000']
	);
	const seller = sim.simulator.amazon!.ready() as unknown as SimulatedSeller;
	try {
		const { organization, ctx } = await makeOrganization({ timeZone: 'America/New_York' });
		const { url: baseUrl, ...keys } = walmartCredentials(sim.simulator);
		const connections = [
			await connectSimulatedAmazon(ctx(), seller),
			await connectSimulatedWalmart(ctx(), { baseUrl, ...keys })
		];
		const run = async (connectionId: string, kind: RunKind) => {
			const runId = await inOrganization(organization.id, (tx) =>
				queueRun(tx, { organizationId: organization.id, id: connectionId }, kind, 'schedule')
			);
			const done = () =>
				inOrganization(
					organization.id,
					({ sql }) =>
						sql<
							{ status: string; error: string | null }[]
						>`select status, error from sync_runs where id = ${runId}`
				);
			// a run that waits for the channel's limits goes back to the queue
			for (let tries = 0; tries < 50; tries++) {
				await performRun(
					{ organizationId: organization.id, connectionId, runId },
					new AbortController().signal
				);
				const [row] = await done();
				if (!['queued', 'running'].includes(row!.status)) {
					expect(row).toMatchObject({ status: 'succeeded' });
					return;
				}
				await inOrganization(organization.id, ({ sql }) => sql`select pg_sleep(0.2)`);
			}
			throw new Error('The run never ended.');
		};
		for (const connectionId of connections) {
			await run(connectionId, 'backfill');
			await run(connectionId, 'reconcile');
		}
		for (const connection of await reconciliation(ctx())) {
			expect([connection.channel, connection.silence]).toEqual([connection.channel, null]);
			expect(connection.days.length).toBeGreaterThan(20);
			const open = connection.days.filter(({ verdict }) => verdict === 'open');
			expect([
				connection.channel,
				open.map(({ day, ours, theirs, reasons }) => ({ day, ours, theirs, reasons }))
			]).toEqual([connection.channel, []]);
		}
	} finally {
		forgetSimulatedQueue(seller.apiUrl);
		await sim.stop();
	}
}, 240_000);
