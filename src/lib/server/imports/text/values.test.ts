import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localDay } from '../../orders/index.ts';
import { amountOf, countOf } from './amount.ts';
import { assertPast, instantOf } from './instant.ts';

describe('amountOf', () => {
	test.each([
		['12.50', '.', '12.50'],
		['1,234.50', '.', '1234.50'],
		['$1,234,567.8', '.', '1234567.8'],
		['.5', '.', '0.5'],
		['007', '.', '7'],
		['(12.00)', '.', '-12.00'],
		['12.00-', '.', '-12.00'],
		['−3', '.', '-3'],
		['-0.00', '.', '0.00'],
		['USD 4.99', '.', '4.99'],
		['1.234,50 €', ',', '1234.50'],
		['1 234,50', ',', '1234.50'],
		['12,5', ',', '12.5'],
		['', '.', null],
		['  ', ',', null]
	] as const)('%s with %s is %s', (cell, decimal, expected) => {
		expect(amountOf(cell, decimal)).toBe(expected);
	});
	test.each([
		['12.50', ','],
		['12,50', '.'],
		['1,23,456', '.'],
		['n/a', '.'],
		['1e5', '.'],
		['--3', '.'],
		['$', '.'],
		['123456789012', '.']
	] as const)('%s with %s is refused', (cell, decimal) => {
		expect(() => amountOf(cell, decimal)).toThrow(/is no amount/);
	});
	test('reads what a locale writes', () => {
		fc.assert(
			fc.property(fc.integer({ min: -99_999_999, max: 99_999_999 }), fc.boolean(), (cents, german) => {
				const text = new Intl.NumberFormat(german ? 'de-DE' : 'en-US', {
					style: 'currency',
					currency: german ? 'EUR' : 'USD'
				}).format(cents / 100);
				expect(Math.round(Number(amountOf(text, german ? ',' : '.')) * 100)).toBe(cents === 0 ? 0 : cents);
			})
		);
	});
	test('pieces are whole', () => {
		expect([countOf('2', '.'), countOf('2.0', '.'), countOf('2,0', ','), countOf('', '.')]).toEqual([
			2,
			2,
			2,
			null
		]);
		for (const cell of ['1.5', 'two', '9999999']) expect(() => countOf(cell, '.')).toThrow(/pieces/);
	});
});

describe('instantOf', () => {
	test.each([
		['2010-07-14T18:53:56+00:00', '2010-07-14T18:53:56.000Z'],
		['14-07-2010T18:53:56+ 00:00', '2010-07-14T18:53:56.000Z'],
		['2026-09-03 10:15:00 -0400', '2026-09-03T14:15:00.000Z'],
		['2025-03-31T14:05:06.789Z', '2025-03-31T14:05:06.000Z'],
		['2025-03-31 14:05', '2025-03-31T18:05:00.000Z'],
		['2025-03-31', '2025-03-31T16:00:00.000Z'],
		['03/04/2025', '2025-03-04T17:00:00.000Z'],
		['3/4/25 9:05 PM', '2025-03-05T02:05:00.000Z'],
		['31/03/2025 12:00 am', '2025-03-31T04:00:00.000Z'],
		['04.03.2025 10:00', '2025-03-04T15:00:00.000Z'],
		['Mar 4, 2025 10:11:12 PM PST', '2025-03-05T06:11:12.000Z'],
		['4 March 2025', '2025-03-04T17:00:00.000Z'],
		// skipped in spring, twice in autumn
		['2025-03-09 02:30', '2025-03-09T07:30:00.000Z'],
		['2025-11-02 01:30', '2025-11-02T05:30:00.000Z']
	])('%s', (cell, expected) => {
		expect(instantOf(cell, 'America/New_York', false)).toBe(expected);
	});
	test('the day stands first where the file says so', () => {
		expect(instantOf('03/04/2025 10:00', 'UTC', true)).toBe('2025-04-03T10:00:00.000Z');
	});
	test.each(['31/02/2025', '2025-13-01', '2025-02-30', 'yesterday', '45384.34', '2025-01-01 25:00', '13:00'])(
		'%s is refused',
		(cell) => expect(() => instantOf(cell, 'UTC', false)).toThrow(/is no date/)
	);
	test('a day is the same day in its zone, whatever zone and day', () => {
		fc.assert(
			fc.property(
				fc.date({ min: new Date('1995-01-01'), max: new Date('2035-01-01'), noInvalidDate: true }),
				fc.constantFrom('America/Los_Angeles', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Europe/Berlin', 'UTC'),
				(date, zone) => {
					const day = date.toISOString().slice(0, 10);
					expect(localDay(instantOf(day, zone, false)!, zone)).toBe(day);
				}
			)
		);
	});
});

test('what lies in the future is refused, a day of other clocks is not', () => {
	const now = Date.parse('2026-11-23T10:00:00Z');
	const at = (cell: string) => assertPast(instantOf(cell, 'UTC', false), cell, now);
	expect(at('2026-11-24 09:00')).toBe('2026-11-24T09:00:00.000Z');
	expect(() => at('2062-11-23')).toThrow(/“2062-11-23” lies in the future/);
	expect(at('')).toBeNull();
});
