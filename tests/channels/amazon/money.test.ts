import { afterEach, expect, test, vi } from 'vitest';
import { inOrganization } from '../../../src/lib/server/platform/db.ts';
import { later, now } from './clock.ts';
import { connectedSeller, deadLetters, expectLedger, type ConnectedSeller } from './seller.ts';

vi.mock('../../../src/lib/server/platform/queue.ts', () => ({ enqueue: async () => {} }));

let target: ConnectedSeller;
afterEach(async () => {
	now();
	await target?.stop();
});

interface Movement {
	externalId: string;
	kind: string;
	state: string;
	amount: string;
}
const movementsOf = (order: string) =>
	inOrganization(
		target.organizationId,
		({ sql }) => sql<Movement[]>`
		select external_id, kind, state, amount from channel_transactions where order_external_id = ${order} order by external_id`
	);

test('F07: money that comes late, is held back, released and corrected is counted once each time', async () => {
	target = await connectedSeller();
	await target.run();
	await target.sim.control('faults', { on: ['F07'] });
	const placed = (await target.control('order')) as { id: string };
	for (const step of ['price', 'ship', 'deliver']) await target.control(step, { order: placed.id });
	later(3);
	await target.run('incremental');
	await target.run('finances');
	const estimated = await movementsOf(placed.id);
	expect(estimated.length).toBeGreaterThan(0);
	expect(estimated.every(({ state }) => state === 'estimated')).toBe(true);

	later(50 * 60);
	await target.control('post', { order: placed.id });
	later(3);
	await target.run('finances');
	const held = (await movementsOf(placed.id)).filter(({ state }) => state === 'deferred');
	expect(held.length).toBeGreaterThan(0);
	await expectLedger(target);

	later(9 * 24 * 60);
	await target.control('release', { order: placed.id });
	await target.control('adjust', { order: placed.id });
	later(3);
	await target.run('finances');
	await target.run('reconcile');
	const told = (await movementsOf(placed.id)).filter(({ state }) => state !== 'estimated');
	expect(told.every(({ state }) => state === 'settled')).toBe(true);
	expect(told.filter(({ kind }) => kind === 'fee').map(({ externalId }) => externalId)).toEqual(
		held.filter(({ kind }) => kind === 'fee').map(({ externalId }) => externalId)
	);
	expect(told.filter(({ kind }) => kind === 'adjustment')).toHaveLength(1);
	await expectLedger(target);
	expect(await deadLetters(target)).toEqual([]);
}, 120_000);

test.each(['F08', 'F09'])(
	'%s: transactions are whole: tokens that end and empty pages leave no gap',
	async (fault) => {
		target = await connectedSeller('--fault', fault, '--months', '2', '--orders-per-day', '30');
		expect(await target.run()).toMatchObject({ status: 'succeeded' });
		await expectLedger(target);
		expect(await target.run('reconcile')).toMatchObject({ status: 'succeeded' });
		await expectLedger(target);
	},
	180_000
);

test('a refund that transactions tell joins its order, and stays when the order is read again', async () => {
	target = await connectedSeller();
	await target.run();
	const placed = (await target.control('order')) as { id: string };
	for (const step of ['price', 'ship', 'deliver']) await target.control(step, { order: placed.id });
	later(3);
	await target.run('incremental');
	await target.control('refund', { order: placed.id, part: 'full' });
	later(3);
	await target.run('finances');
	await expectLedger(target);
	const statusOf = () =>
		inOrganization(
			target.organizationId,
			({ sql }) => sql`select status from orders where external_id = ${placed.id}`
		);
	expect(await statusOf()).toEqual([{ status: 'refunded' }]);
	later(3);
	await target.run('incremental');
	await expectLedger(target);
	expect(await statusOf()).toEqual([{ status: 'refunded' }]);
}, 120_000);

test('Amazon’s own figures, visits and review topics are kept', async () => {
	target = await connectedSeller();
	await target.run();
	expect(await target.run('reconcile')).toMatchObject({ status: 'succeeded', error: null });
	const [kept] = await inOrganization(
		target.organizationId,
		({ sql }) => sql<Record<string, number>[]>`
		select (select count(*)::int from channel_figures) as figures, (select count(*)::int from channel_traffic where item = '') as days,
			(select count(*)::int from channel_traffic where item <> '') as items, (select count(*)::int from review_topics) as topics`
	);
	expect(kept!.figures).toBeGreaterThan(30);
	expect(kept!.days).toBeGreaterThan(25);
	expect(kept!.items).toBeGreaterThan(0);
	expect(kept!.topics).toBeGreaterThan(0);
	// the channel's independent figure equals ours, day by day, but for what it already counts of pending orders
	const differing = await inOrganization(
		target.organizationId,
		({ sql }) => sql`
		select f.day, f.orders, f.units, f.gross, o.orders as ours from channel_figures f
		left join lateral (
			select count(*)::int as orders, coalesce(sum(l.gross), 0) as gross, coalesce(sum(l.units), 0)::int as units from orders o
			left join lateral (select sum(gross) as gross, sum(quantity) as units from order_lines where order_id = o.id) l on true
			where o.connection_id = f.connection_id and o.kind = 'sale' and (o.placed_at at time zone f.time_zone)::date = f.day
		) o on true
		where f.day < current_date - 3 and (f.orders <> o.orders or f.units <> o.units or f.gross <> o.gross)`
	);
	expect(differing).toEqual([]);
}, 120_000);
