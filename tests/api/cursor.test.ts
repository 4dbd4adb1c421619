import { beforeAll, expect, test, vi } from 'vitest';
import { PRODUCTS_PAGE } from '../../src/lib/contracts/product-analytics.ts';
import { writePage } from '../../src/lib/server/api/paging.ts';
import { send } from './client.ts';
import { makeApiShop, type ApiShop } from './shop.ts';

vi.mock('../../src/lib/server/platform/queue.ts', () => ({ enqueue: async () => {} }));

let shop: ApiShop;
beforeAll(async () => {
	shop = await makeApiShop('CURSOR');
});

test('a cursor is of the list in the order it was made in', async () => {
	const get = (path: string) => send(path, { token: shop.token });
	const { next_cursor: cursor } = (await get('/orders?limit=1')).json;
	expect((await get(`/orders?limit=1&cursor=${cursor}`)).status).toBe(200);
	for (const other of ['direction=asc', 'sort=total']) {
		const { status, json } = await get(`/orders?limit=1&${other}&cursor=${cursor}`);
		expect([other, status, json.errors.map((one: { field: string }) => one.field)]).toEqual([
			other,
			400,
			['cursor']
		]);
	}
	const turned = await get(`/orders?limit=1&direction=asc&cursor=${cursor}`);
	expect(turned.json.detail).toContain('in the other direction');
	const page = writePage(2, PRODUCTS_PAGE, 'net_sales desc');
	expect((await get(`/analytics/products?cursor=${page}`)).status).toBe(200);
	for (const other of ['order=asc', 'sort=units']) {
		const { status, json } = await get(`/analytics/products?${other}&cursor=${page}`);
		expect([status, json.errors[0]]).toEqual([
			400,
			{ field: 'cursor', in: 'query', message: 'is of a list in another order. Start again without one.' }
		]);
	}
	const accuracy = writePage(2, 50, 'product units desc');
	expect((await get(`/forecast/accuracy?cursor=${accuracy}`)).status).toBe(200);
	expect((await get(`/forecast/accuracy?direction=asc&cursor=${accuracy}`)).status).toBe(400);
	const groups = writePage(2, PRODUCTS_PAGE, 'net_sales channel desc');
	expect((await get(`/analytics/trends?dimension=channel&cursor=${groups}`)).status).toBe(200);
	expect((await get(`/analytics/trends?dimension=channel&order=asc&cursor=${groups}`)).status).toBe(400);
});
