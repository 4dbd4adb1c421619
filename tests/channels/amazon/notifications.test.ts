import { afterEach, expect, test, vi } from 'vitest';
import { queueOf } from '../../../src/lib/server/channels/amazon/queues.ts';
import { readQueue } from '../../../src/lib/server/channels/amazon/notifications.ts';
import { fetchOrders } from '../../../src/lib/server/channels/sync/fetch-orders.ts';
import { backgroundDone } from '../../../src/lib/server/platform/background.ts';
import { inOrganization } from '../../../src/lib/server/platform/db.ts';
import { connectedSeller, deadLetters, expectLedger, type ConnectedSeller } from './seller.ts';

interface Fetch {
	organizationId: string;
	connectionId: string;
	externalIds: string[];
}
const queued = vi.hoisted(() => [] as { name: string; payload: unknown }[]);
vi.mock('../../../src/lib/server/platform/queue.ts', () => ({
	enqueue: async ({ name }: { name: string }, payload: unknown) => void queued.push({ name, payload })
}));

let target: ConnectedSeller;
afterEach(async () => {
	queued.length = 0;
	await target?.stop();
});

/** Reads the queue until it is empty; answers how many messages there were. */
async function drain(): Promise<number> {
	const queue = queueOf(target.seller.apiUrl)!;
	let count = 0;
	for (;;) {
		const read = await readQueue(queue, target.seller.apiUrl, 1, new AbortController().signal);
		if (read === 0) return count;
		count += read;
	}
}

/** Does the fetches that were queued, each tried again while the order is not shown yet, as the job does. */
async function fetchQueued(): Promise<number> {
	await backgroundDone();
	const fetches = queued
		.filter(({ name }) => name === 'channels.fetch-orders')
		.map(({ payload }) => payload as Fetch);
	queued.length = 0;
	let refusals = 0;
	for (const fetch of fetches) {
		for (let attempt = 0; attempt < 20; attempt++) {
			try {
				await fetchOrders(fetch);
				break;
			} catch (error) {
				refusals++;
				if (attempt === 19) throw error;
				await new Promise((resolve) => setTimeout(resolve, 500));
			}
		}
	}
	return refusals;
}

test('a change of an order is there by its notification, once', async () => {
	target = await connectedSeller();
	await target.run();
	await target.control('order', { count: 3 });
	await target.control('pause');
	expect(await drain()).toBeGreaterThanOrEqual(3);
	await fetchQueued();
	await expectLedger(target);
	expect(await deadLetters(target)).toEqual([]);
}, 60_000);

test('F15: twice, out of order and before the order can be found: one effect, and nothing older wins', async () => {
	target = await connectedSeller();
	await target.run();
	await target.sim.control('faults', { on: ['F15'] });
	const placed = (await target.control('order', { count: 3 })) as { orders: { id: string }[] };
	for (const { id } of placed.orders) await target.control('price', { order: id });
	await target.control('pause');
	await new Promise((resolve) => setTimeout(resolve, 700));
	const messages = await drain();
	expect(messages).toBeGreaterThanOrEqual(12);
	const [inbox] = await inOrganization(
		target.organizationId,
		({ sql }) => sql<{ n: number }[]>`select count(*)::int as n from inbox where topic = 'ORDER_CHANGE'`
	);
	expect(inbox!.n).toBe(messages / 2);
	expect(await fetchQueued()).toBeGreaterThan(0);
	await expectLedger(target);
	const states = await inOrganization(
		target.organizationId,
		({ sql }) =>
			sql`select distinct status from orders where external_id = any(${placed.orders.map(({ id }) => id)}::text[])`
	);
	expect(states).toEqual([{ status: 'paid' }]);
	expect(await deadLetters(target)).toEqual([]);
}, 60_000);

test('a notification that cannot be read is set aside, one of another seller is nobody’s', async () => {
	target = await connectedSeller();
	await target.run();
	const { queue } = target.sim.simulator.amazon!.sellers[0]!;
	queue.send({
		NotificationType: 'ORDER_CHANGE',
		Payload: { OrderChangeNotification: { SellerId: target.seller.sellerId } },
		NotificationMetadata: { NotificationId: 'n-1' }
	});
	queue.send({
		NotificationType: 'ORDER_CHANGE',
		Payload: { OrderChangeNotification: { SellerId: 'A0000000000', AmazonOrderId: '111-1111111-1111111' } },
		NotificationMetadata: { NotificationId: 'n-2' }
	});
	expect(await drain()).toBe(2);
	expect(await deadLetters(target)).toEqual([
		{ topic: 'ORDER_CHANGE', error: 'The order of the notification is missing or not readable.' }
	]);
	expect(await drain()).toBe(0);
}, 60_000);
