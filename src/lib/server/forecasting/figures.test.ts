import { expect, test } from 'vitest';
import { addedFigures, figuresOf, judged, type JudgedForecast } from './figures.ts';

const flat = (value: number, days = 28) => new Array<number>(days).fill(value);

function one(given: Partial<JudgedForecast>): JudgedForecast {
	return {
		actual: flat(10),
		point: flat(8),
		lo80: flat(9),
		hi80: flat(11),
		lo95: flat(8),
		hi95: flat(12),
		naive: flat(6),
		naiveScale: 4,
		...given
	};
}

test('figures of a hand-counted forecast', () => {
	const figures = figuresOf(judged(one({})));
	expect(figures).toEqual({
		wape: 0.2,
		wapeWeek: 0.2,
		mae: 2,
		mape: expect.closeTo(0.2) as number,
		// what was sold never varied
		r2: null,
		mase: 0.5,
		bias: -0.2,
		cover80: 1,
		cover95: 1,
		skill: 0.5,
		days: 28
	});
});

test('unknown days are not judged, and a week that holds one is not', () => {
	const actual = flat(10);
	actual[3] = Number.NaN;
	const figures = figuresOf(judged(one({ actual })));
	expect(figures.days).toBe(27);
	expect(figures.wapeWeek).toBeCloseTo(0.2);
	// 27 days are too few for an R2
	expect(figures.r2).toBeNull();
});

test('R2 is that of the definition; MAPE is silent where more than a tenth of the days have no sales', () => {
	const actual = [...flat(0, 14), ...flat(10, 14)];
	const figures = figuresOf(judged(one({ actual, point: [...flat(1, 14), ...flat(9, 14)] })));
	expect(figures.r2).toBeCloseTo(1 - 28 / (28 * 25));
	expect(figures.mape).toBeNull();
});

test('nothing sold, nothing known, nothing at all: null, never NaN', () => {
	for (const actual of [flat(0), flat(Number.NaN), []]) {
		const figures = figuresOf(judged(one({ actual })));
		for (const value of Object.values(figures)) expect(Number.isNaN(value)).toBe(false);
		expect(figures.wape).toBeNull();
		expect(figures.bias).toBeNull();
	}
});

test('figures of several series weigh by units', () => {
	const small = judged(one({ actual: flat(1), point: flat(0), naive: flat(0) }));
	const large = judged(one({ actual: flat(99), point: flat(99) }));
	expect(figuresOf(addedFigures([small, large])).wape).toBeCloseTo(0.01);
});
