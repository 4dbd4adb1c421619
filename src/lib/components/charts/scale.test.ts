import { expect, test } from 'vitest';
import { areaUnder, lineSegments } from './paths.ts';
import { axisLabels, scaleFor } from './scale.ts';

test.each([
	[[8450], [0, 2500, 5000, 7500, 10_000]],
	[[0, 0], [0]],
	[[17], [0, 5, 10, 15, 20]],
	[[100], [0, 25, 50, 75, 100]],
	[
		[-40, 160],
		[-50, 0, 50, 100, 150, 200]
	],
	[[-10], [-10, -7.5, -5, -2.5, 0]],
	[
		[-300, 8450],
		[0, 2500, 5000, 7500, 10_000]
	]
])('%j is measured on %j', (values, ticks) => {
	expect(scaleFor(values).ticks).toEqual(ticks);
});

test('no value leaves the plot', () => {
	for (const value of [0.013, 0.9, 1, 3, 999, 1001, 123_456_789]) {
		const { y, high } = scaleFor([value]);
		expect(y(value)).toBeGreaterThanOrEqual(0);
		expect(y(0)).toBe(100);
		expect(high).toBeLessThanOrEqual(value * 2.5);
	}
});

test('a little below zero takes little of the plot, and stays in it', () => {
	const { y, low } = scaleFor([-300, 8450]);
	expect(low).toBe(-300);
	expect(y(-300)).toBe(100);
	expect(y(0)).toBeGreaterThan(95);
});

test('counts are never parted in fractions', () => {
	expect(scaleFor([3], 4, { whole: true }).ticks).toEqual([0, 1, 2, 3]);
});

test('the newest place always has its label, and they never crowd', () => {
	for (const count of [1, 2, 7, 24, 30, 90, 365, 366]) {
		const labels = axisLabels(count);
		expect(labels.at(-1)).toBe(count - 1);
		expect(labels.length).toBeLessThanOrEqual(7);
	}
	expect(axisLabels(30)).toEqual([4, 9, 14, 19, 24, 29]);
	expect(axisLabels(30, 4)).toEqual([9, 19, 29]);
});

test('a missing value breaks the line', () => {
	expect(lineSegments([[0, 1], null, [2, 3], [4, 5]])).toBe('M0 1h0M2 3L4 5');
	expect(areaUnder([[0, 1], [2, 3], null], 100)).toBe('M0 100L0 1L2 3L2 100Z');
	expect(lineSegments([])).toBe('');
});
