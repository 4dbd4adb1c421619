import { expect, test } from 'vitest';
import { makeConnection } from '../../../../../tests/factories/connection.ts';
import { makeOrganization } from '../../../../../tests/factories/organization.ts';
import { inOrganization } from '../../platform/db.ts';
import { firstSyncs } from '../index.ts';
import { queueRun } from '../sync/runs.ts';

test('a channel stands among first syncs while its history is read, and in its own organization only', async () => {
	const made = await makeOrganization();
	const organizationId = made.organization.id;
	const id = await makeConnection(organizationId);
	await makeConnection(organizationId, { channel: 'amazon' });
	const within = <T>(work: Parameters<typeof inOrganization<T>>[1]) =>
		inOrganization<T>(organizationId, work);
	expect(await firstSyncs(made.ctx('viewer'))).toEqual([]);
	await within((tx) => queueRun(tx, { id, organizationId }, 'stock', 'schedule'));
	expect(await firstSyncs(made.ctx('viewer'))).toEqual([]);
	const run = await within((tx) => queueRun(tx, { id, organizationId }, 'backfill', 'connect'));
	expect(await firstSyncs(made.ctx('viewer'))).toEqual(['shopify']);
	expect(await firstSyncs((await makeOrganization()).ctx())).toEqual([]);
	await within(({ sql }) => sql`update connections set status = 'paused' where id = ${id}`);
	expect(await firstSyncs(made.ctx())).toEqual([]);
	await within(({ sql }) => sql`update connections set status = 'healthy' where id = ${id}`);
	await within(
		({ sql }) => sql`update sync_runs set status = 'succeeded', finished_at = now() where id = ${run}`
	);
	expect(await firstSyncs(made.ctx())).toEqual([]);
});
