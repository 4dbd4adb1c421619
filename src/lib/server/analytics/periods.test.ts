import { describe, expect, test } from 'vitest';
import type { Filters } from '#lib/contracts/analytics.ts';
import { addMonths, bucketStarts, hoursOf, instantOf, resolvePeriod } from './periods.ts';

const now = new Date('2026-11-20T18:30:45Z'); // 13:30 in New York

describe('ranges', () => {
	test.each<[Filters['range'], string, string, string, string, boolean]>([
		['today', '2026-11-20', '2026-11-20', '2026-11-19', '2026-11-19', true],
		['yesterday', '2026-11-19', '2026-11-19', '2026-11-18', '2026-11-18', false],
		['last-7-days', '2026-11-14', '2026-11-20', '2026-11-07', '2026-11-13', true],
		['last-30-days', '2026-10-22', '2026-11-20', '2026-09-22', '2026-10-21', true],
		['last-90-days', '2026-08-23', '2026-11-20', '2026-05-25', '2026-08-22', true],
		['this-month', '2026-11-01', '2026-11-20', '2026-10-01', '2026-10-20', true],
		['last-month', '2026-10-01', '2026-10-31', '2026-09-01', '2026-09-30', false],
		['year-to-date', '2026-01-01', '2026-11-20', '2025-01-01', '2025-11-20', true],
		['last-12-months', '2025-11-21', '2026-11-20', '2024-11-21', '2025-11-20', true],
		[{ from: '2026-11-01', to: '2026-11-03' }, '2026-11-01', '2026-11-03', '2026-10-29', '2026-10-31', false],
		[{ from: '2026-11-03', to: '2026-11-01' }, '2026-11-01', '2026-11-03', '2026-10-29', '2026-10-31', false],
		// a range into the future runs until today: the period before is as long as what has passed
		[{ from: '2026-11-18', to: '2026-11-30' }, '2026-11-18', '2026-11-30', '2026-11-15', '2026-11-17', true]
	])('%j', (range, from, to, previousFrom, previousTo, running) => {
		expect(resolvePeriod(range, now, 'America/New_York')).toMatchObject({
			from,
			to,
			previousFrom,
			previousTo,
			running
		});
	});

	test('a running period is compared to the same clock time', () => {
		expect(resolvePeriod('today', now, 'America/New_York').previousUntil?.toISOString()).toBe(
			'2026-11-19T18:30:00.000Z'
		);
		expect(resolvePeriod('yesterday', now, 'America/New_York').previousUntil).toBeNull();
	});

	test('today is a day of the zone, not of UTC', () => {
		const late = new Date('2026-11-20T02:00:00Z');
		expect(resolvePeriod('today', late, 'America/New_York').from).toBe('2026-11-19');
		expect(resolvePeriod('today', late, 'Pacific/Auckland').from).toBe('2026-11-20');
	});

	test('the end of a long month is compared to the whole short one', () => {
		expect(resolvePeriod('this-month', new Date('2026-03-31T12:00:00Z'), 'UTC')).toMatchObject({
			previousFrom: '2026-02-01',
			previousTo: '2026-02-28'
		});
		expect(addMonths('2026-03-31', -1)).toBe('2026-02-28');
		expect(addMonths('2024-02-29', -12)).toBe('2023-02-28');
	});
});

describe('clock changes', () => {
	test.each([
		['America/New_York', '2026-03-08', 23],
		['America/New_York', '2026-11-01', 25],
		['Europe/Berlin', '2026-03-29', 23],
		['Europe/Berlin', '2026-10-25', 25],
		['Asia/Kolkata', '2026-10-25', 24],
		['America/Sao_Paulo', '2018-11-04', 23], // midnight does not exist
		['UTC', '2026-10-25', 24]
	])('%s on %s has %i hours', (zone, day, count) => {
		const hours = hoursOf(day, zone);
		expect(hours).toHaveLength(count);
		expect(new Set(hours.map((hour) => hour.at)).size).toBe(count);
		expect(
			hours.every((hour, index) => index === 0 || hour.instant - hours[index - 1]!.instant === 3_600_000)
		).toBe(true);
	});

	test('an hour that comes twice carries its offset', () => {
		expect(
			hoursOf('2026-11-01', 'America/New_York')
				.slice(0, 4)
				.map((hour) => hour.at)
		).toEqual(['2026-11-01T00:00', '2026-11-01T01:00-04:00', '2026-11-01T01:00-05:00', '2026-11-01T02:00']);
	});

	test('a time that is skipped is moved on', () => {
		expect(instantOf('2026-03-08', '02:30', 'America/New_York').toISOString()).toBe(
			'2026-03-08T07:30:00.000Z'
		);
		expect(instantOf('2026-11-01', '01:30', 'America/New_York').toISOString()).toBe(
			'2026-11-01T05:30:00.000Z'
		);
	});
});

test('weeks start on Monday, months on the first', () => {
	expect(bucketStarts('2026-11-01', '2026-11-10', 'week')).toEqual([
		'2026-10-26',
		'2026-11-02',
		'2026-11-09'
	]);
	expect(bucketStarts('2025-12-15', '2026-02-01', 'month')).toEqual([
		'2025-12-01',
		'2026-01-01',
		'2026-02-01'
	]);
});
