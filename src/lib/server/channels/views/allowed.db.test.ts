import { expect, test } from 'vitest';
import { makeConnection } from '../../../../../tests/factories/connection.ts';
import { makeOrganization } from '../../../../../tests/factories/organization.ts';
import { inOrganization } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import {
	channelsOverview,
	deadLetterBody,
	firstSyncs,
	getConnection,
	getRun,
	listConnections,
	listDeadLetters,
	syncNow
} from '../index.ts';
import { queueRun } from '../sync/runs.ts';

async function makeTwo() {
	const made = await makeOrganization();
	const organizationId = made.organization.id;
	const within = <T>(work: Parameters<typeof inOrganization<T>>[1]) =>
		inOrganization<T>(organizationId, work);
	const shopify = await makeConnection(organizationId, { channel: 'shopify' });
	const amazon = await makeConnection(organizationId, { channel: 'amazon' });
	const run = await within((tx) => queueRun(tx, { id: shopify, organizationId }, 'backfill', 'connect'));
	const letter = newId();
	await within(
		({ sql }) => sql`insert into inbox (id, organization_id, connection_id, delivery_id, topic, body, status)
			values (${letter}, ${organizationId}, ${shopify}, 'e1', 'orders/create', 'a buyer', 'dead')`
	);
	return { made, shopify, amazon, run, letter };
}

/** Of the refusal; 200 without one. */
const statusOf = (answer: Promise<unknown>) =>
	answer.then(
		() => 200,
		(error: { status: number }) => error.status
	);

test('who is limited to a channel learns nothing of the others', async () => {
	const { made, shopify, amazon, run, letter } = await makeTwo();
	const all = made.ctx('manager');
	expect((await listConnections(all)).map(({ id }) => id).sort()).toEqual([shopify, amazon].sort());
	expect(await firstSyncs(all)).toEqual(['shopify']);
	expect((await channelsOverview(all)).runs).toHaveLength(1);
	expect(await listDeadLetters(all)).toHaveLength(1);
	expect(await deadLetterBody(made.ctx('owner'), letter)).toBe('a buyer');

	const limited = made.ctx('manager', { channels: ['amazon'] });
	expect((await listConnections(limited)).map(({ id }) => id)).toEqual([amazon]);
	const overview = await channelsOverview(limited);
	expect(overview.connections.map(({ id }) => id)).toEqual([amazon]);
	expect(overview.runs).toEqual([]);
	expect(await firstSyncs(limited)).toEqual([]);
	expect(await listDeadLetters(limited)).toEqual([]);
	expect(await listDeadLetters(limited, shopify)).toEqual([]);
	for (const asked of [
		() => deadLetterBody(made.ctx('owner', { channels: ['amazon'] }), letter),
		() => getConnection(limited, shopify),
		() => getRun(limited, shopify, run),
		() => syncNow(limited, shopify)
	])
		expect([403, 404]).toContain(await statusOf(asked()));
	expect((await getConnection(limited, amazon)).connection.ordersToday).toBe(0);
});

test('who is limited to a category sees channels without the figures of a whole channel', async () => {
	const { made, shopify, letter } = await makeTwo();
	const limited = made.ctx('manager', { categories: ['Mugs'] });
	const seen = await getConnection(limited, shopify);
	expect(seen.connection.ordersToday).toBeNull();
	expect([seen.fees, seen.visits, seen.stored]).toEqual([[], null, []]);
	expect([403, 404]).toContain(
		await statusOf(deadLetterBody(made.ctx('owner', { categories: ['Mugs'] }), letter))
	);
});
