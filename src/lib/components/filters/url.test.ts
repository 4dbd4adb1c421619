import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CHANNELS } from '#lib/contracts/channels.ts';
import { filtersSchema, RANGES, type Filters } from '#lib/contracts/analytics.ts';
import { daysOf, filtersQuery, parseFilters, presetOf, rangeOf, stepsFor } from './url.ts';

const today = '2026-11-19';
const defaults = filtersSchema.parse({});
const read = (query: string) => parseFilters(new URLSearchParams(query), today);

const cases: [query: string, filters: Partial<Filters>][] = [
	['', {}],
	['?range=today', { range: 'today', by: 'hour' }],
	['?range=last-7-days&by=hour', { range: 'last-7-days', by: 'hour' }],
	['?range=last-7-days', { range: 'last-7-days' }],
	['?from=2026-10-26&to=2026-11-14', { range: { from: '2026-10-26', to: '2026-11-14' } }],
	['?range=last-12-months&by=month', { range: 'last-12-months', by: 'month' }],
	['?channel=amazon&channel=walmart', { channels: ['amazon', 'walmart'] }],
	['?category=Kitchen+%26+bar&category=', { categories: ['Kitchen & bar', ''] }],
	['?country=NO&country=EIRE&country=', { countries: ['NO', 'EIRE', ''] }],
	['?country=US&region=CA', { countries: ['US'], regions: ['CA'] }]
];

test.each(cases)('%j is read and written the same', (query, filters) => {
	expect(read(query)).toEqual({ filters: { ...defaults, ...filters }, notes: [] });
	expect(filtersQuery({ ...defaults, ...filters }, today)).toBe(query);
});

const day = fc
	.date({ min: new Date('2000-01-01'), max: new Date('2029-12-31'), noInvalidDate: true })
	.map((date) => date.toISOString().slice(0, 10));
const text = (length: number) =>
	fc
		.string({ unit: 'grapheme', maxLength: length })
		.filter((value) => !value.includes('\0') && value.length <= length);
const anyFilters = fc
	.record({
		range: fc.oneof(
			fc.constantFrom(...RANGES),
			fc.tuple(day, fc.nat(3000)).map(([from, more]) => ({
				from,
				to: new Date(Date.parse(from) + more * 86_400_000).toISOString().slice(0, 10)
			}))
		),
		channels: fc.uniqueArray(fc.constantFrom(...CHANNELS)),
		categories: fc.uniqueArray(text(200), { maxLength: 50 }),
		countries: fc.uniqueArray(text(100), { maxLength: 60 }),
		regions: fc.uniqueArray(text(20), { maxLength: 60 })
	})
	.chain((filters) => {
		const { from, to } = daysOf(filters.range, today);
		const steps = stepsFor((Date.parse(to) - Date.parse(from)) / 86_400_000 + 1);
		return fc.constantFrom(...steps).map((by) => ({ ...filters, by }) satisfies Filters);
	});

test('any filters survive the address', () => {
	fc.assert(
		fc.property(anyFilters, (filters) => {
			expect(read(filtersQuery(filters, today))).toEqual({ filters, notes: [] });
		})
	);
});

test('any address gives filters that the contract accepts', () => {
	const name = fc.constantFrom('range', 'from', 'to', 'by', 'channel', 'category', 'country', 'region', 'x');
	const value = fc.oneof(
		fc.string({ unit: 'binary' }),
		fc.string(),
		fc.constantFrom(
			"' or 1=1 --",
			'../../etc/passwd',
			'2026-02-31',
			'9999-12-31',
			'\0',
			'\ud800',
			'{}',
			'__proto__'
		)
	);
	fc.assert(
		fc.property(fc.array(fc.tuple(name, value), { maxLength: 12 }), (pairs) => {
			const params = new URLSearchParams();
			for (const [key, each] of pairs) params.append(key, each);
			expect(filtersSchema.safeParse(parseFilters(params, today).filters).success).toBe(true);
		})
	);
});

describe('what cannot be used is left out and said', () => {
	test.each([
		['?range=forever', 'range'],
		['?by=minute', 'step'],
		['?channel=etsy', 'channel'],
		[`?country=${'x'.repeat(101)}`, 'country'],
		['?from=2026-02-31&to=2026-03-05', 'dates'],
		['?from=2026-03-05&to=2026-02-01', 'dates'],
		['?from=2026-03-05', 'dates'],
		['?from=0001-01-01&to=9999-12-31', 'dates'],
		[`?category=${'x'.repeat(201)}`, 'category'],
		['?category=%00', 'category']
	])('%s', (query, word) => {
		const { filters, notes } = read(query);
		expect(filters).toEqual(defaults);
		expect(notes).toHaveLength(1);
		expect(notes[0]).toContain(word);
		expect(notes[0]!.length).toBeLessThan(220);
	});
});

test.each([
	['?range=last-12-months', 'week'],
	['?range=last-30-days&by=hour', 'day'],
	['?range=today&by=month', 'hour'],
	['?from=2017-01-01&to=2026-11-19', 'month']
])('a step that does not suit %s becomes %s', (query, by) => {
	expect(read(query)).toMatchObject({ filters: { by }, notes: [] });
});

test('ranges and presets are the same list', () => {
	for (const range of RANGES) expect(rangeOf(presetOf(range))).toBe(range);
});
