import { describe, expect, test } from 'vitest';
import { casesAt } from './backtest.ts';
import { ENGINES } from './engines/index.ts';
import { forecastSet } from './forecast-set.ts';
import { holidayOf } from './holidays.ts';
import { learnLift, withoutLift } from './lift.ts';
import { seeded } from './random.ts';
import { dateOf, dayOf, until, weekdayOf, type Series } from './series.ts';

const START = dayOf('2023-01-01');
const DAYS = 700;
const HORIZON = 30;
const random = seeded(11);
/** Days on promotion come in blocks of a week at random. */
const weeks = Array.from({ length: 110 }, () => random() < 0.2);
const promoOn = (day: number) => (weeks[Math.floor((day - START) / 7)] ? 1 : 0);

/** Weekly demand with noise, three times as much on promotion, two fifths more at a price a fifth lower. */
function shop(promo: boolean, price: boolean): Series[] {
	return Array.from({ length: 12 }, (_, k) => {
		const prices = Float64Array.from({ length: DAYS }, (_, i) => (price && (i + 9 * k) % 90 < 10 ? 8 : 10));
		const units = Float64Array.from({ length: DAYS }, (_, i) => {
			const weekday = 1 + 0.3 * Math.sin((2 * Math.PI * weekdayOf(START + i)) / 7);
			const lift = (promo && promoOn(START + i) ? 3 : 1) * (prices[i] === 8 ? 1.4 : 1);
			return Math.round((6 + 2 * k) * weekday * lift * (0.7 + 0.6 * random()));
		});
		return {
			id: `sku ${k}`,
			start: START,
			units,
			...(promo && { promo: units.map((_, i) => promoOn(START + i)) }),
			...(price && { price: prices })
		};
	});
}

const bare = (set: readonly Series[]) => set.map(({ id, start, units }): Series => ({ id, start, units }));

/** Summed absolute error of the mixture over the units of the newest horizons. */
function wape(set: readonly Series[]): number {
	const last = START + DAYS - 1;
	let [missed, units] = [0, 0];
	const cases = [4, 3, 2, 1].map((back) => casesAt(set, last - back * HORIZON, HORIZON, ENGINES.slice(0, 8)));
	const names = [...cases[0]![0]!.points.keys()];
	for (const newest of [2, 3]) {
		const past = cases.slice(0, newest).flat();
		for (const said of forecastSet(past, cases[newest]!, names)) {
			if (said.method !== 'ensemble') continue;
			const { actual } = cases[newest]!.find((one) => one.series.id === said.series)!;
			said.point.forEach((value, h) => {
				missed += Math.abs(value - actual[h]!);
				units += actual[h]!;
			});
		}
	}
	return missed / units;
}

describe('promotions and prices', () => {
	test('a known promotion plan makes the forecast better', () => {
		const set = shop(true, false);
		expect(wape(set)).toBeLessThan(0.7 * wape(bare(set)));
	});

	test('a known price makes the forecast better', () => {
		const set = shop(false, true);
		expect(wape(set)).toBeLessThan(0.97 * wape(bare(set)));
	});

	test('the lift that was there is found, for each series', () => {
		const set = shop(true, false);
		const lift = learnLift(set);
		const day = [...set[0]!.promo!.keys()].find((i) => set[0]!.promo![i] === 1)! + START;
		for (const series of set) {
			expect(lift(series, day)).toBeGreaterThan(2.6);
			expect(lift(series, day)).toBeLessThan(3.4);
		}
	});

	test('a column of promotions that mean nothing changes next to nothing', () => {
		const set = bare(shop(false, false)).map((series) => ({
			...series,
			promo: series.units.map((_, i) => promoOn(START + i))
		}));
		expect(wape(set)).toBeLessThan(1.02 * wape(bare(set)));
	});

	test('nothing is learned from days after the origin, but plans are used', () => {
		const set = shop(true, false);
		const origin = START + 400;
		const known = set.map((one) => until(one, origin));
		const changed = set.map((one) => ({ ...one, units: one.units.map((v, i) => (i > 400 ? v * 9 : v)) }));
		const said = casesAt(set, origin, HORIZON, ENGINES.slice(0, 4));
		const again = casesAt(changed, origin, HORIZON, ENGINES.slice(0, 4));
		expect(again.map(({ points }) => [...points])).toEqual(said.map(({ points }) => [...points]));
		expect(learnLift(known)(known[0]!, origin + 1)).toBe(learnLift(known)(set[0]!, origin + 1));
	});

	test.each([
		['all zero', new Float64Array(200)],
		['unknown', new Float64Array(200).fill(Number.NaN)],
		['one day', Float64Array.of(3)],
		['always on promotion', new Float64Array(200).fill(4)]
	])('%s', (_, units) => {
		const series: Series = { id: 'a', start: START, units, promo: new Float64Array(300).fill(1) };
		const lift = learnLift([series]);
		expect(lift(series, START + units.length + 3)).toBeGreaterThan(0);
		expect(withoutLift(series, lift).units).toHaveLength(units.length);
	});
});

describe('retail days', () => {
	test.each([
		['2024-11-28', 'thanksgiving'],
		['2026-11-27', 'black friday'],
		['2026-11-30', 'cyber monday'],
		['2024-03-31', 'easter sunday'],
		['2027-03-28', 'easter sunday'],
		['2026-04-05', 'easter sunday'],
		['2026-12-25', 'christmas'],
		['2026-06-10', null]
	])('%s is %s', (date, name) => {
		expect(holidayOf(dayOf(date))).toBe(name);
	});

	test('a Black Friday seen last year is expected this year; an ordinary day is not touched', () => {
		const days = dayOf('2024-11-20') - START;
		const set = bare(shop(false, false)).map((series) => ({
			...series,
			units: series.units
				.subarray(0, days)
				.map((value, i) => (dateOf(START + i) === '2023-11-24' ? 4 * value : value))
		}));
		const lift = learnLift(set);
		expect(lift(set[0]!, dayOf('2024-11-29'))).toBeGreaterThan(2.5);
		expect(lift(set[0]!, dayOf('2024-11-28'))).toBe(1);
		expect(lift(set[0]!, dayOf('2024-11-26'))).toBe(1);
	});
});
