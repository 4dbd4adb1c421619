import { expect, test } from 'vitest';
import { backTest, expectedCurve, factorsOf, HORIZON, projected, type Triangle } from './chain-ladder.ts';

/** Cohorts that all spend `first` in their month and then `each` a month; the newest is one whole month old. */
const steady = (count: number, first: number, each: number): Triangle[] =>
	Array.from({ length: count }, (_, at) => ({
		at,
		customers: 10,
		spent: [first, ...Array.from({ length: count - at - 1 }, () => each)]
	}));

test('cohorts that go on alike are projected exactly, and the back-test finds no error', () => {
	const cohorts = steady(24, 100, 10);
	const factors = factorsOf(cohorts);
	expect(factors).toHaveLength(HORIZON);
	expect(factors[0]).toBeCloseTo(1.1);
	for (const one of cohorts) expect(projected(one, factors)).toBeCloseTo(220);
	expect(expectedCurve(cohorts)!.at(-1)).toEqual({
		month: 12,
		perCustomer: expect.closeTo(22, 6),
		cohorts: 0
	});
	const trial = backTest(cohorts, 6)!;
	expect(trial.error).toBeCloseTo(0);
	expect(trial.projected).toBeCloseTo(trial.actual);
});

test('a smaller cohort is scaled by its own start', () => {
	const cohorts = [...steady(20, 100, 10), { at: 30, customers: 5, spent: [50] }];
	expect(projected(cohorts.at(-1)!, factorsOf(cohorts))).toBeCloseTo(110);
});

test('too little history projects nothing', () => {
	expect(expectedCurve(steady(10, 100, 10))).toBeNull();
	expect(expectedCurve([])).toBeNull();
	expect(backTest(steady(5, 100, 10), 6)).toBeNull();
	expect(factorsOf(steady(20, 0, 0))).toEqual([]);
});

test('the back-test tells a projection that misses', () => {
	// customers who suddenly stop coming back: what was known six months ago promised more
	const cohorts = steady(24, 100, 10).map((one) => ({
		...one,
		spent: one.spent.map((amount, month) => (one.at + month > 17 && month > 0 ? 0 : amount))
	}));
	const trial = backTest(cohorts, 6)!;
	expect(trial.actual).toBe(0);
	expect(trial.projected).toBeGreaterThan(100);
	expect(trial.error).toBeCloseTo(trial.projected);
});
