import { expect, test } from 'vitest';
import { casesAt, hasEnded } from './backtest.ts';
import { ENGINES } from './engines/index.ts';
import { dayOf, type Series } from './series.ts';

const start = dayOf('2024-01-01');
/** Sells on every third day for `sold` days, then nothing for `silent`. */
const stopped = (sold: number, silent: number, gap = 3) =>
	Float64Array.from({ length: sold + silent }, (_, i) => (i < sold && i % gap === 0 ? 5 : 0));

test.each([
	['sells every third day', stopped(500, 0), false],
	['stopped two months ago', stopped(500, 70), true],
	['stopped a month ago', stopped(500, 30), false],
	['has been as silent before', stopped(500, 65, 60), false],
	['is too young to know its seasons', stopped(200, 100), false],
	['out of stock, not silent', stopped(500, 0).map((v, i) => (i > 420 ? Number.NaN : v)), false],
	['never sold', new Float64Array(500), true]
])('a series that %s', (_, units, ended) => {
	expect(hasEnded(units)).toBe(ended);
});

test('of a series that has ended nothing more is expected by any engine', () => {
	const series: Series[] = [
		{ id: 'ended', start, units: stopped(500, 80) },
		{ id: 'alive', start, units: stopped(580, 0) }
	];
	const [ended, alive] = casesAt(series, start + 579, 30, ENGINES);
	for (const points of ended!.points.values()) expect(points.every((value) => value === 0)).toBe(true);
	expect(alive!.points.get('weekday-smoothing')!.some((value) => value > 0.5)).toBe(true);
});
