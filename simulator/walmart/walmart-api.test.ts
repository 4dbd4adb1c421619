import { expect, test } from 'vitest';
import { NOW, testSeller } from './testing/seller.ts';

const ago = (days: number) => new Date(NOW - days * 86_400_000).toISOString();
type One = ReturnType<typeof testSeller>;

function allOrders({ call }: One, query: string): { purchaseOrderId: string; orderDate: number }[] {
	const found = [];
	let next: string | undefined = query;
	while (next) {
		const { status, body } = call('GET', `/v3/orders${next}`);
		expect(status).toBe(200);
		found.push(...body.list.elements.order);
		next = body.list.meta.nextCursor;
	}
	return found;
}

test('a token needs the right pair and the headers, and dies after fifteen minutes', () => {
	const one = testSeller();
	const basic = (id: string, secret: string) => ({
		headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
		body: 'grant_type=client_credentials'
	});
	const { clientId, clientSecret } = one.seller;
	expect(one.call('POST', '/v3/token', basic(clientId, 'wrong'))).toMatchObject({ status: 401, body: { errors: [{ code: 'UNAUTHORIZED.GMP_GATEWAY_API' }] } }); // prettier-ignore
	const without = one.call('POST', '/v3/token', {
		...basic(clientId, clientSecret),
		headers: { 'wm_svc.name': '' }
	});
	expect(without).toMatchObject({ status: 400, body: { errors: [{ field: 'WM_SVC.NAME' }] } });
	expect(one.signIn().body).toMatchObject({ token_type: 'Bearer', expires_in: 900 });
	expect(one.call('GET', '/v3/items?limit=1').status).toBe(200);
	expect(
		one.call('GET', '/v3/items?limit=1', { headers: { 'wm_qos.correlation_id': undefined as never } }).status
	).toBe(400);
	one.clock.now += 901_000;
	expect(one.call('GET', '/v3/items?limit=1').status).toBe(401);
});

test('each order is in exactly one of three passes, and without a pass only the seller’s own come', () => {
	const one = testSeller();
	one.signIn();
	const window = `createdStartDate=${ago(50)}&createdEndDate=${ago(0)}&limit=50`;
	const passes = ['SellerFulfilled', 'WFSFulfilled', '3PLFulfilled'].map((type) =>
		allOrders(one, `?${window}&shipNodeType=${type}`)
	);
	const ids = passes.flat().map((order) => order.purchaseOrderId);
	const from = NOW - 50 * 86_400_000;
	expect(new Set(ids).size).toBe(ids.length);
	expect(ids.length).toBe(one.market.orders.filter((order) => order.createdAt >= from).length);
	expect(allOrders(one, `?${window}`).length).toBe(passes[0]!.length);
	expect(passes[1]!.length).toBeGreaterThan(0);
});

test('without a start the last seven days come; the cap cuts a listing and totalCount tells', () => {
	const one = testSeller({ cap: 100 });
	one.signIn();
	const week = allOrders(one, '?limit=200');
	expect(week.length).toBeGreaterThan(0);
	expect(Math.min(...week.map((order) => order.orderDate))).toBeGreaterThanOrEqual(NOW - 7 * 86_400_000);
	const first = one.call('GET', `/v3/orders?createdStartDate=${ago(60)}&limit=30`);
	expect(first.body.list.meta.totalCount).toBeGreaterThan(100);
	expect(allOrders(one, `?createdStartDate=${ago(60)}&limit=30`).length).toBe(100);
});

test('F27: a cursor is a query string of its own and is taken only letter by letter', () => {
	const one = testSeller({ faults: new Set(['F27']) });
	one.signIn();
	const { nextCursor } = one.call(
		'GET',
		`/v3/orders?createdStartDate=${ago(50)}&createdEndDate=${ago(0)}&limit=50`
	).body.list.meta;
	expect(nextCursor).toMatch(/^\?limit=10&hasMoreElements=true&soIndex=10&.*createdEndDate=.*Z/);
	expect(one.call('GET', `/v3/orders${nextCursor}&limit=50`).status).toBe(400);
	expect(one.call('GET', `/v3/orders?${new URLSearchParams(nextCursor)}`).status).toBe(400);
	expect(one.call('GET', `/v3/orders${nextCursor}`).status).toBe(200);
});

test('the cursor of items stays the same until no rows come, that of inventories changes each time', () => {
	const one = testSeller();
	one.signIn();
	const skus = new Set<string>();
	let cursor = '*';
	for (let pages = 0; ; pages++) {
		const { body } = one.call('GET', `/v3/items?limit=20&nextCursor=${encodeURIComponent(cursor)}`);
		if (body.ItemResponse.length === 0) break;
		if (pages > 0) expect(body.nextCursor).toBe(cursor);
		cursor = body.nextCursor;
		for (const item of body.ItemResponse) skus.add(item.sku);
	}
	expect(skus.size).toBe(one.market.offers.length);
	const cursors = new Set<string>();
	let next = '';
	do {
		const { body } = one.call(
			'GET',
			`/v3/inventories?limit=50${next && `&nextCursor=${encodeURIComponent(next)}`}`
		);
		next = body.meta.nextCursor ?? '';
		cursors.add(next);
	} while (next);
	expect(cursors.size).toBe(
		Math.ceil(one.market.offers.filter((offer) => offer.fulfilment !== 'channel').length / 50)
	);
});

test('F31: throttled calls name the time to come back in three ways, always absolute', () => {
	const one = testSeller({ faults: new Set(['F31']) });
	one.signIn();
	const seen = new Set<string>();
	for (let i = 0; i < 12; i++) {
		const { status, headers, body } = one.call('GET', '/v3/items?limit=1');
		if (status !== 429) continue;
		expect(body.errors[0].code).toContain('REQUEST_THRESHOLD_VIOLATED');
		expect(headers!['X-Current-Token-Count']).toBe('0');
		const [name, value] = Object.entries(headers!).find(([key]) => /replenish/i.test(key))!;
		const at = /^\d+$/.test(value) ? Number(value) : Date.parse(value);
		expect(at - NOW).toBeLessThan(2000);
		seen.add(`${name} ${/^\d+$/.test(value) ? 'ms' : 'iso'}`);
	}
	expect([...seen].sort()).toEqual(['X-Next-Replenishment-Time iso', 'X-Next-Replenishment-Time ms', 'x-next-replenish-time ms']); // prettier-ignore
});

test('F32: locked, timed out, a page of HTML, and partial answers that name what is missing', () => {
	const one = testSeller({ faults: new Set(['F32']) });
	one.signIn();
	const statuses = new Set<number>();
	for (let i = 0; i < 16; i++) {
		const { status, body } = one.call('GET', `/v3/orders?createdStartDate=${ago(50)}&limit=50`);
		statuses.add(status);
		if (status !== 206) continue;
		const missing = body.list.errors.map(
			(error: { description: string }) => /\d{13}/.exec(error.description)![0]
		);
		expect(missing).toHaveLength(2);
		expect(
			body.list.elements.order.some((order: { purchaseOrderId: string }) =>
				missing.includes(order.purchaseOrderId)
			)
		).toBe(false);
	}
	expect([...statuses].sort()).toEqual([200, 206, 423, 504, 520]);
});

test('limits are settings: the bucket runs dry and fills again', () => {
	const one = testSeller({
		limits: { token: { perMinute: 60, burst: 5 }, items: { perMinute: 60, burst: 3 } }
	});
	one.signIn();
	const statuses = [1, 2, 3, 4].map(() => one.call('GET', '/v3/items?limit=1').status);
	expect(statuses).toEqual([200, 200, 200, 429]);
	one.clock.now += 1000;
	expect(one.call('GET', '/v3/items?limit=1').status).toBe(200);
});
