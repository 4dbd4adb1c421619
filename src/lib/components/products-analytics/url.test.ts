import { expect, test } from 'vitest';
import { productAnalyticsSchema } from '#lib/contracts/product-analytics.ts';
import { parsePerformance, performanceQuery } from './url.ts';

test.each([
	'',
	'?range=last-7-days&channel=amazon&category=Mugs&sort=return_rate&order=asc&page=2',
	'?from=2026-10-01&to=2026-10-20&sort=trend'
])('%s means the same when written again', (address) => {
	const { filters, notes } = parsePerformance(new URLSearchParams(address));
	expect(notes).toEqual([]);
	expect(productAnalyticsSchema.safeParse(filters).success).toBe(true);
	expect(performanceQuery(filters)).toBe(address);
});

test('what cannot be used falls back with a note', () => {
	const { filters, notes } = parsePerformance(new URLSearchParams('?sort=luck&order=up&page=0'));
	expect(filters).toMatchObject({ sort: 'net_sales', order: 'desc', page: 1 });
	expect(notes).toHaveLength(2);
});
