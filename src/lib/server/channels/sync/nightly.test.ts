import { describe, expect, test } from 'vitest';
import { shopifyChannel } from '../shopify/channel.ts';
import { sinceNightly } from '../../orders/index.ts';
import { dueKinds } from './sweep.ts';

/** Walks through days minute by minute as the sweep does, and answers when the nightly run was started. */
function nights(from: string, days: number, timeZone: string): string[] {
	const channel = { ...shopifyChannel, runs: { ...shopifyChannel.runs, reconcile: async () => {} } };
	const started: string[] = [];
	let last = Date.parse(from) - 60_000;
	for (let at = Date.parse(from); at < Date.parse(from) + days * 86_400_000; at += 60_000) {
		const age = (at - last) / 60_000;
		const due = dueKinds(channel, {
			whole: true,
			ages: { backfill: 99_999, incremental: 0, stock: 0, catalog: 0, finances: 0, reconcile: age },
			sinceNightly: sinceNightly(new Date(at), timeZone)
		});
		if (!due.includes('reconcile')) continue;
		last = at;
		started.push(new Date(at).toISOString().slice(0, 16));
	}
	return started;
}

describe('the nightly check', () => {
	test('comes once a day at two o’clock of the organization', () => {
		expect(nights('2026-11-20T00:00:00Z', 2, 'UTC')).toEqual(['2026-11-20T02:00', '2026-11-21T02:00']);
		expect(nights('2026-11-20T12:00:00Z', 2, 'Asia/Kolkata')).toEqual([
			'2026-11-20T20:30',
			'2026-11-21T20:30'
		]);
	});

	test.each([
		// two o'clock is skipped: it is three at once
		['America/New_York', '2026-03-07T12:00:00Z', ['2026-03-08T07:00', '2026-03-09T06:00']],
		['Europe/Berlin', '2026-03-28T12:00:00Z', ['2026-03-29T01:00', '2026-03-30T00:00']],
		// the hour from one to two comes twice, before it
		['America/New_York', '2026-10-31T12:00:00Z', ['2026-11-01T07:00', '2026-11-02T07:00']],
		// two o'clock comes twice: the first one counts
		['Europe/Berlin', '2026-10-24T12:00:00Z', ['2026-10-25T00:00', '2026-10-26T01:00']],
		// half an hour, the other way round the year
		['Australia/Lord_Howe', '2026-04-03T20:00:00Z', ['2026-04-04T15:30', '2026-04-05T15:30']]
	])('once a night where the clocks change: %s from %s', (zone, from, expected) => {
		expect(nights(from, 2, zone)).toEqual(expected);
	});
});

test('orders every 15 minutes, stock every 30, products every 6 hours', () => {
	const started: Record<string, number[]> = {};
	const last: Record<string, number> = { backfill: 0, reconcile: 0 };
	for (let minute = 1; minute <= 24 * 60; minute++) {
		const ages = Object.fromEntries(Object.entries(last).map(([kind, at]) => [kind, minute - at]));
		for (const kind of dueKinds(shopifyChannel, { whole: true, ages, sinceNightly: 0 })) {
			last[kind] = minute;
			(started[kind] ??= []).push(minute);
		}
	}
	expect(started.incremental!.slice(0, 3)).toEqual([15, 30, 45]);
	expect(started.stock!.slice(0, 3)).toEqual([30, 60, 90]);
	expect(started.catalog!.slice(0, 3)).toEqual([360, 720, 1080]);
});
