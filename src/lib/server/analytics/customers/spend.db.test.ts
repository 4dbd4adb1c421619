import { expect, test } from 'vitest';
import { makeAnalyticsShop } from '../../../../../tests/factories/olap.ts';
import { listAdSpend, setAdSpend } from '../index.ts';

const entry = { channel: 'shopify', platform: 'Meta', currency: 'USD' };

test('entries are read a year at a time, the newest first, and a month of it alone', async () => {
	const shop = await makeAnalyticsShop();
	const ctx = shop.ctx('owner');
	expect(await listAdSpend(ctx)).toMatchObject({ year: null, years: [], rows: [], months: [], count: 0 });
	await setAdSpend(ctx, { ...entry, day: '2025-12-30', through: '2026-01-02', amount: '40' });
	await setAdSpend(ctx, { ...entry, day: '2026-03-01', amount: '7', currency: 'EUR' });
	await setAdSpend(ctx, { ...entry, day: '2026-03-02', amount: '5' });

	const newest = await listAdSpend(ctx);
	expect(newest).toMatchObject({ year: 2026, month: null, years: [2026, 2025], count: 4 });
	expect(newest.months).toEqual([
		{ month: '2026-03', channel: 'shopify', currency: 'EUR', amount: '7' },
		{ month: '2026-03', channel: 'shopify', currency: 'USD', amount: '5' },
		{ month: '2026-01', channel: 'shopify', currency: 'USD', amount: '20' }
	]);
	const march = await listAdSpend(ctx, { year: 2026, month: 3 });
	expect(march.rows.map(({ day }) => day)).toEqual(['2026-03-02', '2026-03-01']);
	expect(march.months).toEqual(newest.months);
	expect((await listAdSpend(ctx, { year: 2025 })).rows.map(({ day }) => day)).toEqual([
		'2025-12-31',
		'2025-12-30'
	]);
	expect(await listAdSpend(ctx, { year: 1999 })).toMatchObject({ year: 1999, count: 0, years: [2026, 2025] });
});

test('a day whose year was typed wrong is refused', async () => {
	const ctx = (await makeAnalyticsShop()).ctx('owner');
	for (const day of ['0206-11-01', '2206-11-01'])
		await expect(setAdSpend(ctx, { ...entry, day, amount: '1' })).rejects.toMatchObject({
			fields: { day: expect.stringContaining('a year from now') }
		});
});
