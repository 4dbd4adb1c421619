import { describe, expect, it } from 'vitest';
import { fixed, decimal, lineCents, priceDecimal } from './money.ts';
import { dayIn, isoInZone, isoUtc, localToUtc } from './time.ts';

const wall = (text: string) => Date.parse(`${text}:00Z`);

describe('wall clocks', () => {
	it.each([
		['2010-01-15 12:00', '2010-01-15T12:00:00Z', 'a winter time'],
		['2010-07-15 12:00', '2010-07-15T11:00:00Z', 'a summer time'],
		['2010-03-28 00:59', '2010-03-28T00:59:00Z', 'the minute before the gap'],
		['2010-03-28 01:30', '2010-03-28T01:30:00Z', 'a time that never was: moved forward'],
		['2010-03-28 02:00', '2010-03-28T01:00:00Z', 'the minute after the gap'],
		['2010-10-31 01:30', '2010-10-31T00:30:00Z', 'a time that was twice: the first'],
		['2010-10-31 02:00', '2010-10-31T02:00:00Z', 'the minute after the doubled hour']
	])('London %s is %s (%s)', (local, utc) => {
		expect(isoUtc(localToUtc(wall(local.replace(' ', 'T')), 'Europe/London'))).toBe(utc);
	});

	it('knows the day of a zone and prints its offset', () => {
		const at = Date.parse('2026-11-20T05:30:00Z');
		expect(dayIn(at, 'America/Los_Angeles')).toBe('2026-11-19');
		expect(isoInZone(at, 'America/Los_Angeles')).toBe('2026-11-19T21:30:00-08:00');
		expect(isoInZone(at, 'Asia/Kolkata')).toBe('2026-11-20T11:00:00+05:30');
	});
});

describe('money', () => {
	it.each([
		[1, 10, 0],
		[5, 10, 1],
		[15, 10, 2],
		[3, 20_500, 615],
		[-5, 10, -1],
		[-1, 10, 0],
		[80_995, 20_800, 16_846_960]
	])('%i units at %i ten-thousandths are %i cents', (quantity, price, cents) => {
		expect(lineCents(quantity, price)).toBe(cents);
	});

	it('prints as GraphQL and as webhooks do', () => {
		expect([decimal(1200), decimal(1230), decimal(1234), decimal(-5)]).toEqual([
			'12.0',
			'12.3',
			'12.34',
			'-0.05'
		]);
		expect([fixed(1200), fixed(5), fixed(-1234)]).toEqual(['12.00', '0.05', '-12.34']);
		expect([priceDecimal(10, 1), priceDecimal(69_500, 1), priceDecimal(-12_500, 2)]).toEqual([
			'0.001',
			'6.95',
			'-1.25'
		]);
	});
});
