import { beforeAll, expect, test } from 'vitest';
import { casesAt, originsBefore, type Case } from './backtest.ts';
import { ENGINES } from './engines/index.ts';
import { combined, poolWeights, seriesWeights } from './ensemble.ts';
import { forecastSet, type Forecast } from './forecast-set.ts';
import { accuracyOf, added, sumsOf } from './metrics.ts';
import { roundsFor, trainLstm } from './lstm/train.ts';
import { seeded } from './random.ts';
import { cleaned, dayOf, until, type Series } from './series.ts';

const HORIZON = 14;
const engines = ENGINES.filter(({ name }) => !['prophet', 'arima'].includes(name));
const start = dayOf('2024-01-01');

/** Lumpy weekly demand around a level of its own, closed on Sundays, no trend. */
function shop(count: number, days: number, seed: number): Series[] {
	const random = seeded(seed);
	return Array.from({ length: count }, (_, k) => ({
		id: `s${k}`,
		start,
		units: Float64Array.from({ length: days }, (_, i) => {
			const expected = (2 + k) * [1, 1.2, 1, 1, 1.5, 2, 0][i % 7]!;
			return Math.round(expected * -Math.log(1 - random()) * 0.7 + expected * 0.3);
		})
	}));
}

const series = shop(12, 260, 1);
const last = start + 259;
const origins = originsBefore(last, HORIZON, 6);
let cases: Case[][];
let forecasts: Forecast[];
beforeAll(() => {
	cases = origins.map((origin) => casesAt(series, origin, HORIZON, engines));
	const names = engines.map(({ name }) => name);
	forecasts = forecastSet(cases.slice(0, 5).flat(), cases[5]!, names);
});

function accuracy(method: string) {
	const truth = new Map(cases[5]!.map((one) => [one.series.id, one.actual]));
	const own = forecasts.filter((one) => one.method === method);
	return accuracyOf(
		added(own.map((one) => sumsOf({ ...one, actual: truth.get(one.series)!, naiveScale: 1 })))
	);
}

test('origins are a horizon apart and the newest leaves exactly the horizon', () => {
	expect(origins.at(-1)).toBe(last - HORIZON);
	expect(origins[1]! - origins[0]!).toBe(HORIZON);
	expect(cases[5]![0]!.actual.every((value) => !Number.isNaN(value))).toBe(true);
});

test('the mixture is not worse than naive, its intervals are calibrated and in order', () => {
	const mixture = accuracy('ensemble');
	expect(mixture.wapeDay).toBeLessThan(accuracy('seasonal-naive').wapeDay);
	expect(mixture.cover80).toBeGreaterThan(0.68);
	expect(mixture.cover80).toBeLessThan(0.92);
	expect(mixture.cover95).toBeGreaterThan(0.88);
	for (const one of forecasts)
		one.point.forEach((point, h) => {
			expect(one.lo95[h]!).toBeGreaterThanOrEqual(0);
			expect(one.lo95[h]! <= one.lo80[h]! && one.lo80[h]! <= point).toBe(true);
			expect(point <= one.hi80[h]! && one.hi80[h]! <= one.hi95[h]!).toBe(true);
		});
});

test('a weekday that never sells stays empty', () => {
	const sunday = [...Array(HORIZON).keys()].filter((h) => (260 - HORIZON + h) % 7 === 6);
	const mixture = forecasts.find((one) => one.method === 'ensemble')!;
	for (const h of sunday) expect(mixture.point[h]).toBe(0);
});

test('weights sum to one, go to the better method, and stay near the set for a series with little past', () => {
	const methods = ['good', 'bad'];
	const one = (id: string, good: number): Case => ({
		...cases[0]![0]!,
		series: { ...series[0]!, id },
		usual: 10,
		actual: new Float64Array(HORIZON).fill(10),
		points: new Map([
			['good', new Float64Array(HORIZON).fill(10 + good)],
			['bad', new Float64Array(HORIZON).fill(16)]
		])
	});
	const past = Array.from({ length: 10 }, (_, k) => one(`s${k}`, 1));
	const pool = poolWeights(past, methods);
	expect(pool[0]! + pool[1]!).toBeCloseTo(1);
	expect(pool[0]!).toBeGreaterThan(0.8);
	// For this series the other one was right; ten times the past weighs more than one.
	const contrary = one('x', 12);
	const once = seriesWeights([contrary], methods, pool);
	const often = seriesWeights(new Array<Case>(10).fill(contrary), methods, pool);
	expect(once[1]!).toBeGreaterThan(pool[1]!);
	expect(often[1]!).toBeGreaterThan(once[1]!);
	expect(Array.from(combined(past[0]!, methods, Float64Array.of(0.5, 0.5)))[0]).toBeCloseTo(13.5);
});

test('all-zero, unknown, one-day and negative series get a forecast, not an error', () => {
	const odd: Series[] = [
		{ id: 'zero', start, units: new Float64Array(260) },
		{ id: 'unknown', start, units: new Float64Array(260).fill(Number.NaN) },
		{ id: 'constant', start, units: new Float64Array(260).fill(4) },
		{ id: 'negative', start, units: new Float64Array(260).fill(-3) },
		{ id: 'infinite', start, units: new Float64Array(260).fill(Infinity) },
		...Array.from({ length: 60 }, (_, k) => ({
			id: `short ${k}`,
			start: last - HORIZON - k,
			units: new Float64Array(k + 1 + HORIZON).fill(k % 3)
		}))
	];
	const at = origins.map((origin) => casesAt(odd, origin, HORIZON, ENGINES));
	const all = forecastSet(
		at.slice(0, 5).flat(),
		at[5]!,
		ENGINES.map(({ name }) => name)
	);
	expect(new Set(all.map((one) => one.series)).size).toBe(odd.length);
	for (const one of all)
		for (const values of [one.point, one.lo80, one.hi80, one.lo95, one.hi95])
			expect(values.every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
	const sum = (id: string) =>
		all.find((one) => one.series === id && one.method === 'ensemble')!.point.reduce((a, b) => a + b, 0);
	expect(sum('zero')).toBe(0);
	expect(sum('negative')).toBe(0);
	expect(sum('constant') / HORIZON).toBeCloseTo(4, 0);
});

test('the network gives the same bytes for the same seed, and goes on from given weights', async () => {
	const known = series.map((one) => ({
		...until(one, origins[5]!),
		units: cleaned(until(one, origins[5]!).units)
	}));
	const train = () => trainLstm(known, { horizon: HORIZON, seed: 3, rounds: 6 });
	const [first, second] = [(await train())!, (await train())!];
	expect(first.forecast(known, HORIZON)).toEqual(second.forecast(known, HORIZON));
	const further = (await trainLstm(known, { horizon: HORIZON, seed: 3, rounds: 6, from: first.weights() }))!;
	expect(further.loss).toBeLessThan(first.loss);
	for (const one of [first, second, further]) one.dispose();
	expect(
		await trainLstm([{ id: 'z', start, units: new Float64Array(90) }], { horizon: 7, seed: 1, rounds: 1 })
	).toBeNull();
	expect(roundsFor(known)).toBe(60);
});
