import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { caseFrom, fitSeries, poolAt } from './child/fit.ts';
import type { OriginCases } from './learned.ts';
import { seeded } from './random.ts';
import { refreshSet } from './refresh-set.ts';
import type { ForecastResult } from './results.ts';
import { HORIZON, pastOrigins, seriesOf, type SalesSet, type SkuSales } from './sales-set.ts';
import { dayOf } from './series.ts';
import { trainSet, type Trained } from './train-set.ts';

const origin = dayOf('2026-11-20');

function sku(id: string, units: readonly number[], category = 'odd'): SkuSales {
	const values = Float64Array.from(units);
	const half = values.map((value) => (Number.isNaN(value) ? 0 : value / 2));
	return { id, category, start: origin - units.length + 1, units: values, byChannel: [half, half] };
}

/** The engines in plain TypeScript: what is tried here is what comes after them. */
function casesAt(set: SalesSet, day: number): OriginCases {
	const series = seriesOf(set);
	const pool = poolAt(series.skus, day);
	const cases = (list: typeof series.skus) =>
		list.flatMap((one) => {
			const said = fitSeries(one, day, pool, true);
			return said ? [caseFrom(one, day, said, [])] : [];
		});
	return { origin: day, skus: cases(series.skus), sums: cases(series.sums) };
}

function train(set: SalesSet): Trained {
	const past = pastOrigins(set.origin)
		.map((day) => casesAt(set, day))
		.filter(({ skus }) => skus.length > 0);
	return trainSet(set, seriesOf(set), past, casesAt(set, set.origin));
}

function sound(forecasts: readonly ForecastResult[]): void {
	for (const one of forecasts) {
		for (const values of [one.point, one.lo80, one.hi80, one.lo95, one.hi95]) {
			expect(values).toHaveLength(HORIZON);
			expect(values.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
		}
		one.point.forEach((value, h) => {
			expect(one.lo95[h]! <= one.lo80[h]! && one.lo80[h]! <= value).toBe(true);
			expect(value <= one.hi80[h]! && one.hi80[h]! <= one.hi95[h]!).toBe(true);
		});
	}
}

function sumsUp(forecasts: readonly ForecastResult[]): void {
	const shop = forecasts.find(({ key }) => key === 'shop')!;
	for (const kind of [/^channel:/, /^category:/, /^product:[^:]+$/, /^product:[^:]+:/]) {
		const parts = forecasts.filter(({ key }) => kind.test(key));
		shop.point.forEach((value, h) => {
			const sum = parts.reduce((total, one) => total + one.point[h]!, 0);
			expect(Math.abs(sum - value)).toBeLessThan(1e-4 * (1 + value));
		});
	}
}

const random = seeded(7);
const ordinary = (days: number) =>
	Array.from({ length: days }, (_, i) => Math.round(8 * (1 + (i % 7) / 7) * (0.5 + random())));

describe('one set of every odd series', () => {
	const odd: SalesSet = {
		origin,
		channels: ['amazon', 'shopify'],
		promotions: [{ from: origin - 60, to: origin - 55, channel: 'amazon' }],
		skus: [
			...Array.from({ length: 8 }, (_, k) => sku(`plain${k}`, ordinary(300), 'plain')),
			sku('zero', new Array<number>(300).fill(0)),
			sku('constant', new Array<number>(300).fill(4)),
			sku('unknown', new Array<number>(300).fill(Number.NaN)),
			sku('negative', new Array<number>(300).fill(-3)),
			sku('infinite', new Array<number>(300).fill(Infinity)),
			sku(
				'gapped',
				ordinary(300).map((value, i) => (i % 40 < 15 ? Number.NaN : value))
			),
			sku('stopped', [...ordinary(200), ...new Array<number>(100).fill(0)]),
			sku('one order', [...new Array<number>(150).fill(0), 5000, ...new Array<number>(149).fill(0)]),
			...Array.from({ length: 60 }, (_, k) => sku(`short${k + 1}`, ordinary(k + 1), k % 2 ? 'plain' : 'new'))
		]
	};
	let trained: Trained;
	const of = (id: string) => trained.forecasts.find(({ key }) => key === `product:${id}`)!;
	const sum = (one: ForecastResult) => one.point.reduce((a, b) => a + b, 0);
	beforeAll(() => {
		trained = train(odd);
	}, 300_000);

	test('each gets a sound forecast, and all levels sum up', () => {
		expect(trained.forecasts.filter(({ key }) => /^product:[^:]+$/.test(key))).toHaveLength(odd.skus.length);
		sound(trained.forecasts);
		sumsUp(trained.forecasts);
	});

	test.each(['zero', 'unknown', 'negative'])('%s: nothing is expected, and it says why', (id) => {
		expect(sum(of(id))).toBe(0);
		expect(of(id).notes).toEqual(['no_sales']);
	});

	test('constant: near the constant, as far as the sums of its wild category let it', () => {
		expect(sum(of('constant')) / HORIZON).toBeGreaterThan(2);
		expect(sum(of('constant')) / HORIZON).toBeLessThan(8);
	});

	test('what stopped selling is expected to sell little', () => {
		expect(sum(of('stopped'))).toBeLessThan(0.5 * HORIZON * 11);
	});

	test('one huge order is not expected again every day', () => {
		expect(sum(of('one order'))).toBeLessThan(5000);
	});

	test('short ones say so, new ones borrow: near what others of the category began with', () => {
		expect(of('short59').notes).toContain('short_history');
		expect(of('short60').notes).not.toContain('short_history');
		expect(of('short5').notes).toContain('from_category');
		expect(sum(of('short1')) / HORIZON).toBeGreaterThan(4);
		expect(sum(of('short1')) / HORIZON).toBeLessThan(25);
	});

	test('no figure of the past is not a number; one without a past has none', () => {
		for (const { figures } of trained.accuracy)
			for (const value of Object.values(figures)) expect(value === null || Number.isFinite(value)).toBe(true);
		expect(trained.accuracy.some(({ key }) => key === 'product:short10')).toBe(false);
	});

	test('what was learned is plain data, and forecasts the same days the same', () => {
		const state = JSON.parse(JSON.stringify(trained.set)) as Trained['set'];
		const models = new Map(
			JSON.parse(JSON.stringify([...trained.models])) as [string, never][]
		) as Trained['models'];
		const again = refreshSet(odd, seriesOf(odd), casesAt(odd, origin), state, models, new Map());
		sound(again);
		sumsUp(again);
		for (const one of again) {
			const before = trained.forecasts.find(({ key }) => key === one.key)!;
			expect(Math.abs(sum(one) - sum(before))).toBeLessThan(1e-3 * (1 + sum(before)));
		}
	});
});

test('a set of nothing but newcomers, of one SKU, of one day', () => {
	for (const days of [1, 2, 13, 29, 31, 61]) {
		const set: SalesSet = {
			origin,
			channels: ['amazon', 'shopify'],
			skus: [sku('only', ordinary(days))],
			promotions: []
		};
		const { forecasts } = train(set);
		sound(forecasts);
		sumsUp(forecasts);
	}
});

test('whatever was sold, forecasts are sound and sum up', () => {
	const value = fc.oneof(
		{ weight: 4, arbitrary: fc.nat({ max: 20 }) },
		{ weight: 2, arbitrary: fc.constant(0) },
		fc.constant(Number.NaN),
		fc.integer({ min: -5, max: -1 }),
		fc.double({ min: 0, max: 1e6, noNaN: true })
	);
	fc.assert(
		fc.property(
			fc.array(fc.array(value, { minLength: 1, maxLength: 180 }), { minLength: 1, maxLength: 4 }),
			(lists) => {
				const skus = lists.map((units, k) => sku(`s${k}`, units, `c${k % 2}`));
				const { forecasts } = train({ origin, channels: ['amazon', 'shopify'], skus, promotions: [] });
				sound(forecasts);
				sumsUp(forecasts);
			}
		),
		{ numRuns: 25 }
	);
}, 300_000);
