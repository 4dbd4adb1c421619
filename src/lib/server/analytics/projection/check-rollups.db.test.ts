import { expect, test } from 'vitest';
import { makeAnalyticsShop } from '../../../../../tests/factories/olap.ts';
import { makeOrder } from '../../../../../tests/factories/order.ts';
import { olapStore } from '../../platform/olap.ts';
import { checkRollups, checkTonight } from './check-rollups.ts';

const october = { range: { from: '2026-10-01', to: '2026-10-31' } };

async function makeShop() {
	const shop = await makeAnalyticsShop({ timeZone: 'Asia/Kathmandu' });
	await shop.save([
		makeOrder({ externalId: '1', placedAt: '2026-10-05T10:00:00Z' }),
		makeOrder({ externalId: '2', placedAt: '2026-10-07T10:00:00Z' })
	]);
	await shop.project();
	return shop;
}

async function damage(organizationId: string): Promise<void> {
	const { ingest, database } = olapStore();
	await ingest.command({
		query: `delete from ${database}.daily_sales_summary where organization_id = '${organizationId}' and day = '2026-10-07'`
	});
}

test('rollups that equal their facts are left alone', async () => {
	const shop = await makeShop();
	expect(await checkRollups(shop.organization.id)).toEqual([]);
});

test('a day that differs is found and made anew', async () => {
	const shop = await makeShop();
	const before = (await shop.view(october)).totals;
	await damage(shop.organization.id);
	expect(await checkRollups(shop.organization.id)).toEqual(['2026-10-07']);
	expect(await checkRollups(shop.organization.id)).toEqual([]);
	await shop.save([makeOrder({ externalId: '3', placedAt: '2026-10-20T10:00:00Z' })]); // the cache goes by position
	await shop.project();
	const after = (await shop.view(october)).totals;
	expect(after.orders).toBe(before.orders + 1);
	expect(Number(after.gross)).toBe(Number(before.gross) * 1.5);
});

test('each organization is looked at when its own night begins', async () => {
	const shop = await makeShop();
	await damage(shop.organization.id);
	await checkTonight(new Date('2026-11-20T20:10:00Z')); // 1:55 in Kathmandu
	expect(await checkRollups(shop.organization.id)).toEqual(['2026-10-07']);
	await damage(shop.organization.id);
	await checkTonight(new Date('2026-11-20T20:15:00Z')); // two o'clock
	expect(await checkRollups(shop.organization.id)).toEqual([]);
});
