import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeConnection } from '../../../../tests/factories/connection.ts';
import { makeOrder } from '../../../../tests/factories/order.ts';
import { makeOrganization } from '../../../../tests/factories/organization.ts';
import { record } from '../live/index.ts';
import { recordOrders } from '../orders/index.ts';
import { inOrganization } from '../platform/db.ts';
import {
	countedTransactions,
	recordTransactions,
	toChannelTransaction,
	type ChannelTransaction,
	type TransactionOutcome
} from './index.ts';

const timeZone = 'UTC';
const save = (
	place: { organizationId: string; connectionId: string },
	transactions: readonly ChannelTransaction[]
): Promise<TransactionOutcome[]> =>
	record(place.organizationId, async (tx) => {
		const done = await recordTransactions(
			tx,
			transactions.map((transaction) => ({ ...place, channel: 'amazon', timeZone, transaction }))
		);
		return { result: done.outcomes, events: done.events };
	});

const stored = ({ organizationId, connectionId }: { organizationId: string; connectionId: string }) =>
	inOrganization(
		organizationId,
		({ sql }) => sql<(ChannelTransaction & { id?: string })[]>`
		select external_id, order_external_id, sku, kind, amount, state, posted_at::text from channel_transactions
		where connection_id = ${connectionId} order by external_id`
	).then((rows) => rows.map((row) => ({ ...row })));

async function place() {
	const { organization } = await makeOrganization();
	const connectionId = await makeConnection(organization.id, { channel: 'amazon' });
	return { organizationId: organization.id, connectionId };
}

const fee = (given: Partial<Parameters<typeof toChannelTransaction>[0]> = {}) =>
	toChannelTransaction({
		externalId: 't1',
		orderExternalId: '111-1',
		kind: 'fee',
		feeType: 'Commission',
		amount: '-1.50',
		currency: 'USD',
		postedAt: '2026-11-20T10:00:00Z',
		state: 'settled',
		...given
	});

test('deferred, released and said again is one row and counts once', async () => {
	const at = await place();
	expect(await save(at, [fee({ state: 'deferred', amount: '-1.40' })])).toEqual(['created']);
	expect(await save(at, [fee()])).toEqual(['updated']);
	expect(await save(at, [fee()])).toEqual(['unchanged']);
	expect(await save(at, [fee({ state: 'deferred', amount: '-1.40' })])).toEqual(['stale']);
	expect(await stored(at)).toMatchObject([{ externalId: 't1', amount: '-1.5000', state: 'settled' }]);
});

test('two tellings in one batch: the more certain stands, whichever comes first', async () => {
	const at = await place();
	expect(await save(at, [fee(), fee({ state: 'estimated', amount: '-9' })])).toEqual(['created', 'stale']);
	expect(await stored(at)).toMatchObject([{ amount: '-1.5000' }]);
});

test('the event names the order and the movement, and the days they stand on', async () => {
	const at = await place();
	const order = makeOrder({ externalId: '111-1', placedAt: '2026-11-18T09:00:00Z' });
	const entry = { ...at, channel: 'amazon' as const, timeZone, order };
	const orderId = await record(at.organizationId, async (tx) => {
		const done = await recordOrders(tx, [entry]);
		return { result: done.outcomes[0]!.orderId, events: done.events };
	});
	await save(at, [fee(), fee({ externalId: 't2', orderExternalId: null, kind: 'adjustment' })]);
	const [last] = await inOrganization(
		at.organizationId,
		({ sql }) =>
			sql<
				{ payload: { orderIds: string[]; days: string[] } }[]
			>`select payload from outbox where organization_id = ${at.organizationId} order by position desc limit 1`
	);
	expect(last!.payload.orderIds).toContain(orderId);
	expect(last!.payload.orderIds).toHaveLength(3);
	expect(last!.payload.days).toEqual(['2026-11-18', '2026-11-20']);
});

test('a replay writes nothing to the outbox', async () => {
	const at = await place();
	await save(at, [fee()]);
	const position = () =>
		inOrganization(
			at.organizationId,
			({ sql }) => sql`select position from outbox_positions where organization_id = ${at.organizationId}`
		).then(([row]) => row!.position);
	const before = await position();
	await save(at, [fee()]);
	expect(await position()).toBe(before);
});

test('an estimate counts until the channel told the same, by SKU where both name one', () => {
	const estimateA = fee({ externalId: 'e-a', sku: 'A', state: 'estimated' });
	const estimateB = fee({ externalId: 'e-b', sku: 'B', state: 'estimated' });
	const label = fee({ externalId: 'e-l', kind: 'shipping_label', state: 'estimated' });
	const told = fee({ externalId: 's-a', sku: 'A', state: 'deferred' });
	expect(countedTransactions([estimateA, estimateB, label, told])).toEqual([estimateB, label, told]);
	expect(countedTransactions([estimateA, estimateB, { ...told, sku: null }])).toEqual([
		{ ...told, sku: null }
	]);
	expect(countedTransactions([estimateA, { ...told, orderExternalId: '111-2' }])).toHaveLength(2);
});

const telling = fc.record({
	transaction: fc.integer({ min: 0, max: 3 }),
	order: fc.constantFrom('o1', 'o2', null),
	sku: fc.constantFrom('A', 'B', null),
	kind: fc.constantFrom('fee' as const, 'shipping_label' as const),
	state: fc.constantFrom('estimated' as const, 'deferred' as const, 'settled' as const),
	cents: fc.integer({ min: -999, max: 999 }),
	hour: fc.integer({ min: 0, max: 3 })
});

test('any order of estimates, deferrals, settlements and replays ends in the same rows, each counted once', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc
				.array(telling, { minLength: 1, maxLength: 10 })
				.chain((all) =>
					fc.tuple(
						fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2, maxLength: all.length * 2 }),
						fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2, maxLength: all.length * 2 }),
						fc.integer({ min: 1, max: 4 })
					)
				),
			async ([first, second, size]) => {
				const [a, b] = [await place(), await place()];
				for (const [at, order] of [
					[a, first],
					[b, second]
				] as const) {
					const all = order.map((one) =>
						fee({
							externalId: `t${one.transaction}`,
							orderExternalId: one.order,
							sku: one.sku,
							kind: one.kind,
							state: one.state,
							amount: (one.cents / 100).toFixed(2),
							postedAt: `2026-11-20T0${one.hour}:00:00Z`
						})
					);
					for (let from = 0; from < all.length; from += size) await save(at, all.slice(from, from + size));
				}
				const rows = await stored(a);
				expect(await stored(b)).toEqual(rows);
				expect(new Set(rows.map((row) => row.externalId)).size).toBe(rows.length);
				expect(rows).toHaveLength(new Set(first.map((one) => one.transaction)).size);
				const counted = countedTransactions(rows);
				expect(new Set(counted).size).toBe(counted.length);
				for (const row of rows.filter((one) => one.state !== 'estimated')) expect(counted).toContain(row);
			}
		),
		{ numRuns: 40 }
	);
});
