import { expect, test } from 'vitest';
import {
	cohortsQuery,
	listQuery,
	NO_LIST_FILTERS,
	overviewQuery,
	parseCohorts,
	parseList,
	parseOverview,
	parseSpend
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

test('ad spend is asked for by the bounds of its schema; what they refuse is left out and said', () => {
	const parse = (query: string) => parseSpend(new URLSearchParams(query));
	expect(parse('')).toEqual({ filters: {}, notes: [] });
	expect(parse('?year=2026&month=3&page=2')).toEqual({
		filters: { year: 2026, month: 3, page: 2 },
		notes: []
	});
	const { filters, notes } = parse('?year=2026.5&month=13&page=x');
	expect(filters).toEqual({});
	expect(notes).toEqual([
		'“2026.5” in the address is no year we know, so it was left out.',
		'“13” in the address is no month we know, so it was left out.',
		'“x” in the address is no page we know, so it was left out.'
	]);
});
