import { expect, test } from 'vitest';
import { makeAnalyticsShop } from '../../../../../tests/factories/olap.ts';
import { makeOrder } from '../../../../../tests/factories/order.ts';
import { database } from '../../platform/db.ts';
import { olapStore } from '../../platform/olap.ts';
import { sweepRemoved } from './sweep-removed.ts';

const october = { range: { from: '2026-10-01', to: '2026-10-31' } };

async function makeShop() {
	const shop = await makeAnalyticsShop();
	await shop.save([makeOrder({ externalId: '1', placedAt: '2026-10-05T10:00:00Z' })]);
	await shop.project();
	return shop;
}

async function rowsOf(organizationId: string): Promise<number> {
	const store = olapStore();
	let sum = 0;
	for (const table of ['sales_facts', 'order_days', 'cells', 'daily_sales_summary', 'applied']) {
		const found = await store.rebuild.query({
			query: `select toUInt32(count()) as n from ${store.database}.${table} where organization_id = '${organizationId}'`,
			format: 'JSONEachRow'
		});
		sum += (await found.json<{ n: number }>())[0]!.n;
	}
	return sum;
}

test('what is left of a removed organization is dropped, what belongs to others stays', async () => {
	const [removed, kept] = [await makeShop(), await makeShop()];
	expect(await rowsOf(removed.organization.id)).toBeGreaterThan(4);
	const before = await kept.view(october);
	await database().system`delete from organizations where id = ${removed.organization.id}`;
	expect(await sweepRemoved()).toBe(1);
	expect(await rowsOf(removed.organization.id)).toBe(0);
	await kept.save([makeOrder({ externalId: '2', placedAt: '2026-10-06T10:00:00Z' })]); // a new position: nothing from a cache
	await kept.project();
	expect((await kept.view(october)).totals.orders).toBe(before.totals.orders + 1);
	expect(await sweepRemoved()).toBe(0);
});
