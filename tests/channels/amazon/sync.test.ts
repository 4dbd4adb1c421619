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
	const again = await target.run('incremental');
	expect(again.status).toBe('succeeded');
	const [changed] = await inOrganization(
		target.organizationId,
		({ sql }) => sql<{ n: number }[]>`select count(*)::int as n from customers`
	);
	// stand-in addresses are nobody
	expect(changed!.n).toBe(0);
}, 120_000);
