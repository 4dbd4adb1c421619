import { expect, test } from 'vitest';
import { makeAnalyticsShop } from '../../../../tests/factories/olap.ts';
import { listAdSpend } from '../analytics/index.ts';
import { jobCtx } from '../identity/index.ts';
import { listAnnotations } from '../reporting/index.ts';
import { enterMarketing } from './marketing.ts';

const DAY_MS = 86_400_000;

test('the demo has two years of ad spend and the promotions of its shop', async () => {
	const shop = await makeAnalyticsShop();
	const ctx = await jobCtx(shop.organization.id, 'demo');
	const from = Date.now() - 30 * DAY_MS;
	await enterMarketing(ctx, [{ from, until: from + 3 * DAY_MS, title: 'Autumn offer' }]);

	const { rows, years } = await listAdSpend(ctx);
	const all = await Promise.all(years.map((year) => listAdSpend(ctx, { year })));
	expect(new Set(all.flatMap(({ months }) => months.map(({ month }) => month))).size).toBeGreaterThanOrEqual(
		24
	);
	expect(new Set(rows.map(({ channel }) => channel))).toEqual(new Set(['amazon', 'shopify', 'walmart']));
	const day = (at: number) => new Date(at).toISOString().slice(0, 10);
	const noted = await listAnnotations(ctx, { from: day(from - 5 * DAY_MS), to: day(Date.now()) });
	expect(noted).toEqual([expect.objectContaining({ kind: 'promotion', title: 'Autumn offer' })]);
}, 180_000);
