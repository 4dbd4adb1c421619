import { expect, test } from 'vitest';
import { trendSchema } from '#lib/contracts/trends.ts';
import { parseTrend, trendQuery } from './url.ts';

const TODAY = '2026-11-20';

test.each([
	'',
	'?metric=orders&dimension=channel',
	'?metric=contribution_margin&dimension=product&compare=year&range=last-12-months&order=asc&page=3',
	'?dimension=region&from=2026-10-01&to=2026-10-20&by=week&channel=amazon&category=&country=US',
	'?metric=units&product=0198d1c2-0000-7000-8000-000000000001'
])('%s means the same when written again', (address) => {
	const { filters, notes } = parseTrend(new URLSearchParams(address), TODAY);
	expect(notes).toEqual([]);
	expect(trendSchema.safeParse(filters).success).toBe(true);
	expect(trendQuery(filters, TODAY)).toBe(address);
});

test.each([
	['?metric=luck', 'net_sales', null],
	['?metric=average_order_value&dimension=product', 'average_order_value', null],
	['?metric=cost_of_goods&country=US', 'cost_of_goods', null],
	['?page=-1&product=none&order=sideways', 'net_sales', null]
])('%s falls back with a note', (address, metric, dimension) => {
	const { filters, notes } = parseTrend(new URLSearchParams(address), TODAY);
	expect(filters).toMatchObject({ metric, dimension, page: 1, countries: [], products: [] });
	expect(notes.length).toBeGreaterThan(0);
	expect(trendSchema.safeParse(filters).success).toBe(true);
});
