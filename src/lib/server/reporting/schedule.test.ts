import { expect, test } from 'vitest';
import { nextSending, reportedDays } from './schedule.ts';

test.each([
	['daily', 7, 'UTC', '2026-11-20T06:59:59Z', '2026-11-20T07:00:00Z'],
	['daily', 7, 'UTC', '2026-11-20T07:00:00Z', '2026-11-21T07:00:00Z'],
	['daily', 0, 'Pacific/Auckland', '2026-11-20T10:59:00Z', '2026-11-20T11:00:00Z'],
	['weekly', 7, 'America/New_York', '2026-11-22T12:00:00Z', '2026-11-23T12:00:00Z'],
	['weekly', 7, 'America/New_York', '2026-10-31T12:00:00Z', '2026-11-02T12:00:00Z'],
	['monthly', 7, 'Europe/Berlin', '2026-11-20T12:00:00Z', '2026-12-01T06:00:00Z'],
	['monthly', 23, 'UTC', '2026-12-31T23:30:00Z', '2027-01-01T23:00:00Z'],
	// New York: 2:00 does not exist on March 8, 1:00 comes twice on November 1
	['daily', 2, 'America/New_York', '2026-03-08T05:00:00Z', '2026-03-08T07:00:00Z'],
	['daily', 1, 'America/New_York', '2026-11-01T04:30:00Z', '2026-11-01T05:00:00Z'],
	['daily', 1, 'America/New_York', '2026-11-01T05:00:00Z', '2026-11-02T06:00:00Z']
] as const)('%s at %d in %s after %s: %s', (cadence, hour, zone, after, wanted) => {
	expect(nextSending(cadence, hour, zone, new Date(after)).toISOString()).toBe(
		new Date(wanted).toISOString()
	);
});

test.each([
	['daily', '2026-03-01', '2026-02-28', '2026-02-28'],
	['weekly', '2026-11-23', '2026-11-16', '2026-11-22'],
	['weekly', '2026-11-25', '2026-11-16', '2026-11-22'],
	['monthly', '2026-03-01', '2026-02-01', '2026-02-28']
] as const)('a %s report of %s is about %s to %s', (cadence, day, from, to) => {
	expect(reportedDays(cadence, day)).toEqual({ from, to });
});
