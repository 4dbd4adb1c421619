import { expect, test } from 'vitest';
import {
	cohortsQuery,
	listQuery,
	NO_LIST_FILTERS,
	overviewQuery,
	parseCohorts,
	parseList,
	parseOverview
} from './url.ts';

test.each([
	'',
	'?range=last-30-days&by=week',
	'?from=2026-01-01&to=2026-02-28&channel=amazon&channel=shopify'
])('overview %s comes back as it is', (query) => {
	expect(overviewQuery(parseOverview(new URLSearchParams(query)).filters)).toBe(query);
});

test.each(['', '?months=24&until=2011-12&show=ltv&channel=walmart'])('cohorts %s', (query) => {
	expect(cohortsQuery(parseCohorts(new URLSearchParams(query)).filters)).toBe(query);
});

test.each(['', '?search=ann&segment=champions&segment=at_risk&sort=last&page=3&channel=shopify'])(
	'list %s',
	(query) => {
		expect(listQuery(parseList(new URLSearchParams(query)).filters)).toBe(query);
	}
);

test('what cannot be used is left out and named', () => {
	const { filters, notes } = parseList(new URLSearchParams('segment=nobody&sort=luck&page=-1&channel=ebay'));
	expect(filters).toEqual(NO_LIST_FILTERS);
	expect(notes).toHaveLength(3);
	expect(parseCohorts(new URLSearchParams('months=7&show=x')).filters).toMatchObject({
		months: 12,
		show: 'retention'
	});
	expect(parseOverview(new URLSearchParams('by=hour')).notes).toHaveLength(1);
});
