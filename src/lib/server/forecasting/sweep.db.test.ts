import { expect, test } from 'vitest';
import { makeConnection } from '../../../../tests/factories/connection.ts';
import { makeAnalyticsShop } from '../../../../tests/factories/olap.ts';
import { makeOrder } from '../../../../tests/factories/order.ts';
import { inOrganization } from '../platform/db.ts';
import { queueDue } from './sweep.ts';

// far ahead of the rows' own clock, so that no moment of the test's day matters
const now = new Date('2101-01-05T12:00:00Z');

test('an organization is trained once its sales are there and every channel has told its past; once at a time', async () => {
	const shop = await makeAnalyticsShop();
	const { id } = shop.organization;
	const waiting = async () => (await queueDue(now)).filter(({ organizationId }) => organizationId === id);
	// nothing was ever sold
	expect(await waiting()).toEqual([]);

	await shop.save([makeOrder()]);
	const connectionId = await makeConnection(id, { channel: 'amazon', externalId: 'A1' });
	await inOrganization(
		id,
		({ sql }) =>
			sql`update connections set credentials = 'sealed' where organization_id = ${id} and id = ${connectionId}`
	);
	// its past is still on the way
	expect(await waiting()).toEqual([]);

	await inOrganization(
		id,
		({ sql }) =>
			sql`insert into sync_cursors (organization_id, connection_id, resource, synced_to) values (${id}, ${connectionId}, 'orders', now())`
	);
	const first = await waiting();
	expect(first).toHaveLength(1);
	expect(await waiting()).toEqual(first);
	const rows = await inOrganization(
		id,
		({ sql }) =>
			sql<
				{ kind: string; trigger: string }[]
			>`select kind, trigger from forecast_runs where organization_id = ${id}`
	);
	expect(rows.map((row) => ({ ...row }))).toEqual([{ kind: 'train', trigger: 'start' }]);
});
