import { afterEach, expect, test, vi } from 'vitest';
import { OPERATIONS } from '../../../src/lib/server/channels/amazon/operations.ts';
import { fetchOrders } from '../../../src/lib/server/channels/sync/fetch-orders.ts';
import { later, now } from './clock.ts';
import { connectedSeller, type ConnectedSeller } from './seller.ts';
import { modelsHere, problemsOfRequest } from './models.ts';

vi.mock('../../../src/lib/server/platform/queue.ts', () => ({ enqueue: async () => {} }));

let target: ConnectedSeller;
afterEach(async () => {
	vi.restoreAllMocks();
	now();
	await target?.stop();
});

test.skipIf(!modelsHere)(
	'every request we send fits the official models, out of ../shared',
	async () => {
		const sent: { method: string; url: URL; body: string | null }[] = [];
		const watch = () => {
			const real = globalThis.fetch;
			vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
				if (typeof input === 'string' && init?.headers && 'x-amz-access-token' in init.headers)
					sent.push({
						method: init.method ?? 'GET',
						url: new URL(input),
						body: typeof init.body === 'string' ? init.body : null
					});
				return real(input, init);
			});
		};
		watch();
		target = await connectedSeller();
		await target.run();
		const placed = (await target.control('order')) as { id: string };
		for (const step of ['price', 'ship']) await target.control(step, { order: placed.id });
		vi.restoreAllMocks();
		later(3);
		watch();
		for (const kind of ['incremental', 'finances', 'stock', 'catalog', 'reconcile'] as const)
			expect(await target.run(kind)).toMatchObject({ status: 'succeeded' });
		await fetchOrders({ ...target, externalIds: [placed.id] });
		const prefix = new URL(target.seller.apiUrl).pathname;
		const wrong = new URL(`${target.seller.apiUrl}/orders/2026-01-01/orders?maxResults=5&fulfilledBy=SELLER`);
		expect(problemsOfRequest('GET', wrong, prefix, null)).toHaveLength(2);
		const problems = new Set(
			sent.flatMap(({ method, url, body }) => problemsOfRequest(method, url, prefix, body))
		);
		expect([...problems]).toEqual([]);
		// and none of our operations went untried
		const untried = Object.entries(OPERATIONS).filter(
			([, { method, path }]) =>
				!sent.some(
					(one) =>
						one.method === method &&
						new RegExp(`^${prefix}${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(one.url.pathname)
				)
		);
		expect(untried.map(([name]) => name)).toEqual([]);
	},
	120_000
);
