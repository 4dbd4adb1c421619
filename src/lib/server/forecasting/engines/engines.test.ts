import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seeded } from '../random.ts';
import { dayOf, type Series } from '../series.ts';
import { fitOrder, kpss, stationary } from './arima.ts';
import { sane, type Pool } from './engine.ts';
import { ENGINES } from './index.ts';
import { prophet } from './prophet.ts';
import { capped, smooth } from './smoothing.ts';

const flat: Pool = { factor: () => 1, lift: () => 1 };
const monday = dayOf('2024-01-01');

function series(units: readonly number[]): Series {
	return { id: 's', start: monday, units: Float64Array.from(units) };
}

function forecast(name: string, units: readonly number[], horizon = 14): number[] {
	const engine = ENGINES.find((one) => one.name === name)!;
	return Array.from(engine.fit(series(units), flat).forecast(horizon));
}

const weeks = (count: number, week: readonly number[]) =>
	Array.from({ length: 7 * count }, (_, i) => week[i % 7]!);
const rising = [10, 12, 14, 16, 18, 20, 0];

describe('a clean week is repeated', () => {
	// Weekday profiles are drawn towards those of the group, which is flat here.
	test.each([
		['seasonal-naive', 0.01],
		['weekday-smoothing', 4],
		['theta', 4],
		['ets', 0.6],
		['arima', 0.6],
		['prophet', 0.6]
	])('%s', (name, near) => {
		const points = forecast(name, weeks(30, rising));
		points.forEach((point, h) => expect(Math.abs(point - rising[h % 7]!)).toBeLessThan(near));
	});
});

test('the seasonal naive passes over unknown days', () => {
	const units = weeks(3, rising);
	units[units.length - 7] = Number.NaN;
	expect(forecast('seasonal-naive', units, 8)).toEqual([10, 12, 14, 16, 18, 20, 0, 10]);
});

test('TSB falls when sales stop, and knows the rate of rare ones', () => {
	const rare = Array.from({ length: 400 }, (_, i) => (i % 5 === 0 ? 10 : 0));
	const rate = forecast('tsb', rare, 35).reduce((sum, value) => sum + value, 0) / 35;
	expect(rate).toBeGreaterThan(1.5);
	expect(rate).toBeLessThan(2.6);
	expect(forecast('tsb', [...rare, ...new Array<number>(100).fill(0)])[0]!).toBeLessThan(rate / 3);
});

test('smoothing weighs early values fully, and caps only rare large orders', () => {
	expect(smooth(Float64Array.of(4, 6), 0.5).level).toBeCloseTo((4 * 0.25 + 6 * 0.5) / 0.75);
	const usual = Array.from({ length: 40 }, (_, i) => 5 + (i % 4));
	expect(capped(Float64Array.from([...usual, 1000]))[40]).toBeLessThan(20);
	expect(Array.from(capped(Float64Array.from(usual)))).toEqual(usual);
});

describe('ARIMA', () => {
	test('the coefficient of a simulated AR(1) is found', () => {
		let state = 12345;
		const noise = () => {
			let sum = 0;
			for (let i = 0; i < 12; i++) sum += (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
			return sum - 6;
		};
		let value = 0;
		const y = Float64Array.from({ length: 800 }, () => (value = 0.7 * value + noise()));
		const { parts } = fitOrder(y, { p: 1, d: 0, q: 0, P: 0, D: 0, Q: 0 });
		expect(parts.ar[1]).toBeGreaterThan(0.62);
		expect(parts.ar[1]).toBeLessThan(0.78);
		expect(kpss(y)).toBeLessThan(0.463);
	});

	test('a random walk is not stationary, whatever the numbers stationary coefficients are', () => {
		let state = 99;
		let value = 0;
		const walk = Float64Array.from({ length: 600 }, () => {
			state = (state * 1103515245 + 12345) % 2147483648;
			return (value += state / 2147483648 - 0.5);
		});
		expect(kpss(walk)).toBeGreaterThan(0.463);
		fc.assert(
			fc.property(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { maxLength: 3 }), (raw) => {
				// Its impulse response has finite energy: the variance 1 / prod(1 - r_i²) of partial autocorrelations r_i.
				const a = stationary(raw);
				const past = [1];
				for (let t = 1; t < 400; t++) past.push(a.reduce((sum, c, i) => sum + c * (past[t - 1 - i] ?? 0), 0));
				const variance = raw.reduce((product, value) => product / (1 - Math.tanh(value) ** 2), 1);
				const energy = past.reduce((sum, value) => sum + value ** 2, 0);
				expect(energy).toBeLessThan(variance * (1 + 1e-6));
			})
		);
	});
});

describe('whatever the series, an engine answers with sane units or refuses', () => {
	const value = fc.oneof(
		fc.constant(0),
		fc.constant(Number.NaN),
		fc.nat({ max: 50 }),
		fc.double({ min: 0, max: 1e6, noNaN: true })
	);
	test.each(ENGINES.map(({ name }) => name))('%s', (name) => {
		const engine = ENGINES.find((one) => one.name === name)!;
		const check = (units: number[]) => {
			let points;
			try {
				points = engine.fit(series(units), flat).forecast(30);
			} catch {
				return;
			}
			const usable = sane(points, Float64Array.from(units));
			if (usable) expect(usable.every((point) => point >= 0 && Number.isFinite(point))).toBe(true);
		};
		fc.assert(fc.property(fc.array(value, { minLength: 1, maxLength: 90 }), check), { numRuns: 60 });
		for (const units of [
			new Array<number>(200).fill(0),
			new Array<number>(200).fill(7),
			new Array<number>(200).fill(Number.NaN),
			[3]
		])
			check(units);
	});
});

test('Prophet says the same of a series whatever was fitted before it', () => {
	const random = seeded(5);
	const series = Array.from({ length: 5 }, (_, k): Series => ({
		id: `s${k}`,
		start: dayOf('2023-01-01'),
		// two years, so that it has terms of the year and of the week
		units: Float64Array.from({ length: 760 }, (_, i) => Math.round((3 + k) * (1 + (i % 7)) * random()))
	}));
	const said = (one: Series) => Array.from(prophet.fit(one, flat).forecast(90));
	const forwards = series.map(said);
	const backwards = series.toReversed().map(said).toReversed();
	expect(backwards).toEqual(forwards);
});
