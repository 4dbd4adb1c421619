import { expect, test } from 'vitest';
import { makeConnection } from '../../../../../tests/factories/connection.ts';
import { makeOrder } from '../../../../../tests/factories/order.ts';
import { makeOrganization } from '../../../../../tests/factories/organization.ts';
import { recordOrders, type ChannelOrder } from '../../orders/index.ts';
import { inOrganization } from '../../platform/db.ts';
import type { RunContext } from '../channel.ts';
import { loadCursor } from './cursors.ts';
import { writeInTurn } from './in-turn.ts';
import { queueRun } from './runs.ts';
import { writeBatch, type ResourcePlan } from './write.ts';

/** Enough that the rows are copied, as in a first sync. */
const A_BATCH = 250;
/** Fewer than orders: the same people come again in the next batch. */
const BUYERS = 60;

const order = (n: number, minute = 0): ChannelOrder =>
	makeOrder({
		externalId: `order-${n}`,
		name: `#${n}`,
		updatedAt: new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString(),
		customer: {
			externalId: `buyer-${n % BUYERS}`,
			name: `Buyer ${minute}`,
			updatedAt: new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString()
		}
	});

async function sync(batches: ChannelOrder[][], poison?: string) {
	const { organization } = await makeOrganization();
	const connection = { id: await makeConnection(organization.id), organizationId: organization.id };
	const within = <T>(work: Parameters<typeof inOrganization<T>>[1]) =>
		inOrganization<T>(organization.id, work);
	const run = { id: await within((tx) => queueRun(tx, connection, 'backfill', 'person')) };
	// only what writing uses of a run
	const context = {
		connection,
		run,
		assertWanted() {},
		progress: { add() {} }
	} as unknown as RunContext;
	let beside = 0;
	let underWay = 0;
	const plan: ResourcePlan<ChannelOrder> = {
		resource: 'orders',
		parse: () => order(0),
		async write(tx, _context, rows, locked) {
			beside = Math.max(beside, ++underWay);
			try {
				const entries = rows.map((one) => ({
					organizationId: organization.id,
					connectionId: connection.id,
					channel: 'shopify' as const,
					timeZone: 'UTC',
					order: one
				}));
				const { events, outcomes } = await recordOrders(tx, entries, { locked });
				if (rows.some(({ externalId }) => externalId === poison)) await tx.sql`select 1 / 0`;
				return { written: outcomes.length, unchanged: 0, events };
			} finally {
				underWay--;
			}
		}
	};
	async function* read() {
		for (const [index, rows] of batches.entries())
			yield { rows: rows.map((parsed) => ({ node: { id: parsed.externalId }, parsed })), upTo: index + 1 };
	}
	await writeInTurn(read(), ({ rows, upTo }, turn) =>
		writeBatch(context, plan, { rows, dead: [] }, { syncedTo: null, state: { upTo } }, turn)
	);
	return within(async (tx) => {
		const [stored] = await tx.sql<Record<string, number>[]>`
			select (select count(*)::int from orders) as orders, (select count(*)::int from order_lines) as lines,
				(select count(*)::int from customers) as customers, (select count(*)::int from customers where name = 'Buyer 1') as renamed,
				(select count(*)::int from orders where customer_id is null) as without_buyer,
				(select count(*)::int from inbox where status = 'dead') as dead`;
		const events = await tx.sql<{ position: number; ids: number }[]>`
			select position, jsonb_array_length(payload -> 'orderIds') as ids from outbox where kind = 'orders' order by position`;
		const { state } = await loadCursor(tx, connection, 'orders');
		return { ...stored, told: events.map(({ ids }) => ids), upTo: state.upTo, beside };
	});
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);

test('batches that share buyers and orders are written as if one came after the other', async () => {
	const first = numbers(0, A_BATCH).map((n) => order(n));
	// the last hundred of the first batch once more, in a newer version
	const second = numbers(A_BATCH - 100, 2 * A_BATCH).map((n) => order(n, 1));
	const third = numbers(2 * A_BATCH, 3 * A_BATCH).map((n) => order(n, 1));
	expect(await sync([first, second, third])).toEqual({
		orders: 3 * A_BATCH,
		lines: 3 * A_BATCH,
		customers: BUYERS,
		renamed: BUYERS,
		withoutBuyer: 0,
		dead: 0,
		told: [A_BATCH, A_BATCH + 100, A_BATCH],
		upTo: 3,
		beside: 2
	});
});

test('a row that PostgreSQL refuses becomes a dead letter, and the batch beside it is whole', async () => {
	const batches = [0, 1, 2].map((at) => numbers(at * A_BATCH, (at + 1) * A_BATCH).map((n) => order(n)));
	for (const poison of ['order-7', `order-${2 * A_BATCH + 7}`])
		expect(await sync(batches, poison), poison).toMatchObject({
			orders: 3 * A_BATCH - 1,
			lines: 3 * A_BATCH - 1,
			dead: 1,
			upTo: 3
		});
});
