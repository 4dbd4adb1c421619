import { afterEach, expect, test, vi } from 'vitest';
import { inOrganization } from '../../../src/lib/server/platform/db.ts';
import { connectedSeller, connectionRow, deadLetters, expectLedger, type ConnectedSeller } from './seller.ts';

vi.mock('../../../src/lib/server/platform/queue.ts', () => ({ enqueue: async () => {} }));

let target: ConnectedSeller;
afterEach(() => target?.stop());

test('the first sync has the ledger’s figures, to the cent', async () => {
	target = await connectedSeller();
	expect(await target.run()).toMatchObject({ status: 'succeeded', error: null });
	expect(await deadLetters(target)).toEqual([]);
	await expectLedger(target);
	expect(await connectionRow(target)).toMatchObject({ status: 'healthy' });
	// the last week once more: nothing changes
	await inOrganization(
		target.organizationId,
		({ sql }) =>
			sql`update sync_cursors set synced_to = synced_to - interval '7 days' where resource in ('orders', 'transactions')`
	);
	for (const kind of ['incremental', 'finances'] as const) {
		expect(await target.run(kind)).toMatchObject({ status: 'succeeded' });
		const [run] = await inOrganization(
			target.organizationId,
			({ sql }) => sql<{ progress: Record<string, { done: number; written: number }> }[]>`
			select progress from sync_runs where kind = ${kind} order by queued_at desc limit 1`
		);
		const read = run!.progress[kind === 'incremental' ? 'orders' : 'transactions'];
		expect(read!.done).toBeGreaterThan(5);
		expect(read!.written).toBe(0);
	}
	await expectLedger(target);
	const [changed] = await inOrganization(
		target.organizationId,
		({ sql }) => sql<{ n: number }[]>`select count(*)::int as n from customers`
	);
	// stand-in addresses are nobody
	expect(changed!.n).toBe(0);
}, 120_000);
