import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cover, type Span } from './cover.ts';
import { stampBetween, stampHolding, stampsOf } from './stamps.ts';

const LENGTHS = [64, 16, 4];
const always = () => true;
const daysOf = ({ first, days }: Span) => Array.from({ length: days }, (_, n) => first + n);

test('every day of the range is in one span or in the rest, and no other day', () => {
	fc.assert(
		fc.property(fc.nat(500), fc.nat(400), fc.func(fc.boolean()), (from, length, isKept) => {
			const to = from + length;
			const found = cover(
				from,
				to,
				LENGTHS,
				(span) => (isKept(span.first, span.days) ? span : undefined),
				always
			);
			const days = [...found.spans.flatMap(daysOf), ...found.rest].sort((a, b) => a - b);
			expect(days).toEqual(Array.from({ length: length + 1 }, (_, n) => from + n));
		})
	);
});

test('once all that was missing is kept, nothing is missing and at most three days at each end are left', () => {
	fc.assert(
		fc.property(fc.nat(500), fc.nat(400), (from, length) => {
			const kept = new Set<string>();
			const key = ({ first, days }: Span) => `${first} ${days}`;
			const look = () =>
				cover(from, from + length, LENGTHS, (span) => (kept.has(key(span)) ? span : undefined), always);
			for (const span of look().missing) kept.add(key(span));
			const found = look();
			expect(found.missing).toEqual([]);
			expect(found.rest.length).toBeLessThanOrEqual(6);
		})
	);
});

test('around days that change right now, smaller spans are wanted', () => {
	const found = cover(
		0,
		63,
		LENGTHS,
		() => undefined,
		({ first, days }) => !(first <= 20 && 20 < first + days)
	);
	expect(found.missing).toEqual([
		{ first: 0, days: 16 },
		{ first: 16, days: 4 },
		{ first: 24, days: 4 },
		{ first: 28, days: 4 },
		{ first: 32, days: 16 },
		{ first: 48, days: 16 }
	]);
});

test('a stamp moves with each entry of its days and with no other', () => {
	const entries = (changed: number) =>
		[3, 7, 9].map((day) => ({ day, text: `${day} ${day === changed ? 'changed' : ''}` }));
	const [before, first, last] = [stampsOf(entries(0)), stampsOf(entries(3)), stampsOf(entries(9))];
	expect(stampBetween(first, 4, 9)).toBe(stampBetween(before, 4, 9));
	expect(stampBetween(first, 3, 8)).not.toBe(stampBetween(before, 3, 8));
	expect(stampBetween(last, 4, 8)).toBe(stampBetween(before, 4, 8));
	// what holds from before counts, what came before that does not
	expect(stampHolding(first, 5, 8)).not.toBe(stampHolding(before, 5, 8));
	expect(stampHolding(first, 7, 8)).toBe(stampHolding(before, 7, 8));
	expect(stampHolding(before, 0, 2)).toBe(0);
});
