import { describe, expect, test } from 'vitest';
import { dueKind, lastWholeDay, nextRuns } from './when.ts';

/** Walks through days in steps of five minutes as the sweep does. */
function runs(from: string, days: number, timeZone: string): string[] {
	const begun = Date.parse(from);
	let [train, refresh] = [begun - 60_000, begun - 60_000];
	const started: string[] = [];
	for (let at = begun; at < begun + days * 86_400_000; at += 300_000) {
		const ages = { train: (at - train) / 60_000, refresh: (at - refresh) / 60_000 };
		const kind = dueKind(new Date(at), timeZone, ages, true);
		if (!kind) continue;
		if (kind === 'train') train = at;
		else refresh = at;
		started.push(`${kind} ${new Date(at).toISOString().slice(0, 16)}`);
	}
	return started;
}

describe('trainings and refreshes', () => {
	test('a week: a refresh each night at two, a training on Sunday at three', () => {
		// 2026-11-22 is a Sunday
		expect(runs('2026-11-19T12:00:00Z', 5, 'UTC')).toEqual([
			'refresh 2026-11-20T02:00',
			'refresh 2026-11-21T02:00',
			'refresh 2026-11-22T02:00',
			'train 2026-11-22T03:00',
			'refresh 2026-11-23T02:00',
			'refresh 2026-11-24T02:00'
		]);
	});

	test.each([
		// two o'clock is skipped: three comes at once, and the training covers the refresh
		['America/New_York', '2026-03-07T12:00:00Z', ['train 2026-03-08T07:00', 'refresh 2026-03-09T06:00']],
		['Europe/Berlin', '2026-03-28T12:00:00Z', ['train 2026-03-29T01:00', 'refresh 2026-03-30T00:00']],
		// two o'clock comes twice, three once
		[
			'Europe/Berlin',
			'2026-10-24T12:00:00Z',
			['refresh 2026-10-25T00:00', 'train 2026-10-25T02:00', 'refresh 2026-10-26T01:00']
		],
		[
			'America/New_York',
			'2026-10-31T12:00:00Z',
			['refresh 2026-11-01T07:00', 'train 2026-11-01T08:00', 'refresh 2026-11-02T07:00']
		],
		[
			'Asia/Kolkata',
			'2026-11-21T12:00:00Z',
			['refresh 2026-11-21T20:30', 'train 2026-11-21T21:30', 'refresh 2026-11-22T20:30']
		]
	])('once each where clocks change: %s from %s', (zone, from, expected) => {
		expect(runs(from, 2, zone)).toEqual(expected);
	});

	test('never trained is due at once, and each day until there is something to learn; an untrained set is never refreshed', () => {
		const now = new Date('2026-11-25T12:00:00Z');
		expect(dueKind(now, 'UTC', { train: null, refresh: null }, false)).toBe('train');
		expect(dueKind(now, 'UTC', { train: 1000, refresh: null }, false)).toBeNull();
		expect(dueKind(now, 'UTC', { train: 2000, refresh: null }, false)).toBe('train');
	});
});

test('what comes next, and the last whole day, by the organization’s clock', () => {
	const now = new Date('2026-11-22T05:00:00Z');
	expect(nextRuns(now, 'UTC')).toEqual({
		train: new Date('2026-11-29T03:00:00Z'),
		refresh: new Date('2026-11-23T02:00:00Z')
	});
	// in Los Angeles it is still Saturday
	expect(nextRuns(now, 'America/Los_Angeles').train).toEqual(new Date('2026-11-22T11:00:00Z'));
	expect(lastWholeDay(now, 'America/Los_Angeles')).toBe('2026-11-20');
	expect(lastWholeDay(now, 'UTC')).toBe('2026-11-21');
});
