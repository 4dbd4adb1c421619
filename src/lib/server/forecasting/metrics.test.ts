import { expect, test } from 'vitest';
import { accuracyOf, added, naiveScale, sumsOf } from './metrics.ts';

const judged = {
	actual: Float64Array.of(10, 0, Number.NaN, 20, 10, 0, 0, 5, 5),
	point: [8, 1, 100, 20, 12, 0, 0, 5, 0],
	lo80: [7, 0, 0, 18, 11, 0, 0, 5, 0],
	hi80: [9, 2, 200, 22, 13, 0, 0, 5, 4],
	lo95: [5, 0, 0, 15, 9, 0, 0, 4, 0],
	hi95: [12, 3, 300, 25, 15, 0, 0, 6, 6],
	naiveScale: 2
};

test('figures of a small table, by hand; an unknown day is not judged', () => {
	const a = accuracyOf(sumsOf(judged));
	expect(a.wapeDay).toBeCloseTo(10 / 50);
	expect(a.mae).toBeCloseTo(10 / 8);
	expect(a.mase).toBeCloseTo(10 / 8 / 2);
	expect(a.bias).toBeCloseTo((-2 + 1 + 2 - 5) / 50);
	// Missed: 10 in [7, 9], 10 in [11, 13], 5 in [0, 4].
	expect(a.cover80).toBeCloseTo(5 / 8);
	expect(a.cover95).toBe(1);
	expect(a.cover80Thirds).toEqual([0.5, 2 / 3, 2 / 3]);
	// Its only full week holds the unknown day.
	expect(a.wapeWeek).toBeNaN();
});

test('a perfect forecast errs by nothing, one without units has no WAPE', () => {
	const units = Float64Array.of(1, 2, 3, 4, 5, 6, 7);
	const perfect = {
		actual: units,
		point: units,
		lo80: units,
		hi80: units,
		lo95: units,
		hi95: units,
		naiveScale: 1
	};
	expect(accuracyOf(sumsOf(perfect))).toMatchObject({
		wapeDay: 0,
		wapeWeek: 0,
		bias: 0,
		pinball: 0,
		mase: 0,
		cover80: 1
	});
	const none = new Float64Array(7);
	const zero = { actual: none, point: none, lo80: none, hi80: none, lo95: none, hi95: none, naiveScale: 0 };
	expect(accuracyOf(sumsOf(zero))).toMatchObject({
		wapeDay: Number.NaN,
		bias: Number.NaN,
		mase: Number.NaN,
		cover95: 1
	});
});

test('sums of parts are the sums of the whole', () => {
	const two = added([sumsOf(judged), sumsOf(judged)]);
	expect(accuracyOf(two)).toEqual(accuracyOf(sumsOf(judged)));
});

test('the unit of MASE is the error of a week ago', () => {
	expect(naiveScale(Float64Array.of(1, 1, 1, 1, 1, 1, 1, 4, Number.NaN, 2))).toBe(2);
	expect(naiveScale(Float64Array.of(1, 2))).toBe(0);
});
