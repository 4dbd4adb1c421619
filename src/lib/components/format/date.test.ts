import { expect, test } from 'vitest';
import { clock, day, dayOf, dayRange, moment, relative } from './date.ts';

const zone = 'America/Los_Angeles';

test('a day names its year only when it is another', () => {
	expect(day('2026-11-19', 'en-US', { thisYear: 2026 })).toBe('Nov 19');
	expect(day('2025-11-19', 'en-US', { thisYear: 2026 })).toBe('Nov 19, 2025');
	expect(day('2026-11-19', 'en-US', { thisYear: 2026, weekday: true })).toBe('Thu, Nov 19');
});

test('a range says its year once', () => {
	expect(dayRange('2026-10-21', '2026-11-19', 'en-US', 2026)).toBe('Oct 21\u2009\u2013\u2009Nov 19');
	expect(dayRange('2025-01-01', '2025-03-31', 'en-US', 2026)).toBe('Jan 1\u2009\u2013\u2009Mar 31, 2025');
	expect(dayRange('2025-11-20', '2026-11-19', 'en-US', 2026)).toBe('Nov 20, 2025\u2009\u2013\u2009Nov 19');
	expect(dayRange('2026-11-19', '2026-11-19', 'en-US', 2026)).toBe('Nov 19');
});

test('the day belongs to the zone', () => {
	expect(dayOf('2026-11-20T07:30:00Z', zone)).toBe('2026-11-19');
	expect(dayOf('2026-11-20T07:30:00Z', 'Europe/London')).toBe('2026-11-20');
});

test('the clock says seconds and zone', () => {
	expect(clock('2026-11-19T22:32:07Z', zone, 'en-US', { zone: true })).toBe('2:32:07\u00a0PM PST');
	expect(moment('2026-11-19T22:32:07Z', zone, 'en-US', 2026)).toBe('Nov 19, 2:32\u00a0PM');
});

test('relative time is for the last hour only', () => {
	const now = '2026-11-19T22:32:07Z';
	expect(relative('2026-11-19T22:32:01Z', now, zone)).toBe('now');
	expect(relative('2026-11-19T22:20:00Z', now, zone)).toBe('12 min ago');
	expect(relative('2026-11-19T20:20:00Z', now, zone)).toBe('12:20\u00a0PM');
	expect(relative('2026-11-17T20:20:00Z', now, zone)).toBe('Nov 17');
	expect(relative('2026-11-19T22:40:00Z', now, zone)).toBe('2:40\u00a0PM');
});
