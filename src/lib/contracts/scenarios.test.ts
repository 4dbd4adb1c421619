import { expect, test } from 'vitest';
import { scenarioSchema, type BandView } from './forecasts.ts';
import {
	demandOver,
	expectedOver,
	normalQuantile,
	soldOutOn,
	spreadOf,
	totalOver,
	withOverrides,
	withScenario
} from './scenarios.ts';

const flat = (units: number, deviation: number, days: number): BandView => {
	const at = (z: number) => new Array<number>(days).fill(Math.max(0, units + z * deviation));
	return {
		from: '2026-11-24',
		point: at(0),
		lo80: at(-1.2816),
		hi80: at(1.2816),
		lo95: at(-1.96),
		hi95: at(1.96)
	};
};

test('an uplift scales all days, a promotion its own on top', () => {
	const said = withScenario(
		flat(10, 2, 5),
		scenarioSchema.parse({
			uplift: 0.1,
			promotions: [
				{ fromDay: '2026-11-26', toDay: '2026-11-27', lift: 0.5 },
				{ fromDay: '2026-11-27', toDay: '2026-11-27', lift: 0.2 }
			]
		})
	);
	expect(said.point.map((value) => Math.round(value * 100) / 100)).toEqual([11, 11, 16.5, 16.5, 11]);
	expect(said.hi80[2]! / said.point[2]!).toBeCloseTo((10 + 2 * 1.2816) / 10);
});

test('the demand of independent days spreads with the root of their number', () => {
	const { expected, quantile } = demandOver(flat(100, 10, 30), 25, 1);
	expect(expected).toBe(2500);
	// the deviation of the sum is 10 * 5
	expect(quantile(0.95)).toBeCloseTo(2500 + 1.645 * 50, -1);
	expect(quantile(0.05)).toBeCloseTo(2500 - 1.645 * 50, -1);
});

test('of lumpy demand no quantile is below 0, and the mean lies above the median', () => {
	const { expected, quantile } = demandOver(flat(0.2, 0.6, 30), 7, 1.5);
	expect(quantile(0.01)).toBeGreaterThanOrEqual(0);
	expect(quantile(0.5)).toBeLessThan(expected);
	expect(quantile(0.95)).toBeGreaterThan(expected);
});

test('a lead time beyond what is forecast takes what there is', () => {
	expect(demandOver(flat(3, 1, 30), 90, 1).expected).toBe(90);
	expect(demandOver(flat(0, 0, 30), 14, 1).quantile(0.95)).toBe(0);
});

test('days that missed together make sums spread more than days that missed by chance', () => {
	const said = flat(20, 4, 28);
	const together = said.point.map((value, h) => value + (Math.floor(h / 7) % 2 ? 4 : -4));
	const alternating = said.point.map((value, h) => value + (h % 2 ? 4 : -4));
	const past = (sold: number[]) => new Array(6).fill({ said, sold }) as { said: BandView; sold: number[] }[];
	expect(spreadOf(past(together), 7)).toBeGreaterThan(2);
	expect(spreadOf(past(alternating), 7)).toBeLessThan(1);
	expect(spreadOf([], 7)).toBe(1.5);
	expect(spreadOf([{ said, sold: [null, ...together.slice(1, 7)] }], 7)).toBe(1.5);
});

test('a total has its ranges around it', () => {
	const total = totalOver(flat(10, 3, 30), 30, 1.5);
	expect(total.units).toBe(300);
	expect([total.lo95, total.lo80, total.hi80, total.hi95]).toEqual(
		[total.lo95, total.lo80, total.hi80, total.hi95].toSorted((a, b) => a - b)
	);
});

test('stock lasts until expected demand passes it', () => {
	expect(soldOutOn(flat(10, 3, 10), 25)).toBe('2026-11-26');
	expect(soldOutOn(flat(10, 3, 10), 100)).toBeNull();
	expect(soldOutOn(flat(10, 3, 10), 0)).toBe('2026-11-24');
});

test('normal quantiles are those of the table', () => {
	expect(normalQuantile(0.975)).toBeCloseTo(1.96, 2);
	expect(normalQuantile(0.1)).toBeCloseTo(-1.2816, 2);
	expect(normalQuantile(0.5)).toBeCloseTo(0, 2);
});

test('a person’s figure is spread as the model spreads its own, and other days stay', () => {
	const said = { ...flat(10, 2, 4), point: [10, 20, 20, 10] };
	const set = withOverrides(said, [{ fromDay: '2026-11-25', toDay: '2026-11-26', units: 100 }]);
	expect(set.point).toEqual([10, 50, 50, 10]);
	expect(set.lo80[0]).toBe(said.lo80[0]);
	// a day before the forecast begins takes its part of the figure with it
	expect(withOverrides(said, [{ fromDay: '2026-11-23', toDay: '2026-11-24', units: 8 }]).point[0]).toBe(4);
	expect(
		withOverrides(flat(0, 0, 3), [{ fromDay: '2026-11-24', toDay: '2026-11-26', units: 9 }]).point
	).toEqual([3, 3, 3]);
});

test('what the model expects of some days', () => {
	expect(expectedOver(flat(10, 2, 5), '2026-11-25', '2026-11-26')).toBe(20);
	expect(expectedOver(flat(10, 2, 5), '2026-11-01', '2026-11-24')).toBe(10);
	expect(expectedOver(flat(10, 2, 5), '2026-12-24', '2026-12-24')).toBeNull();
});
