import { weekdayOf, type Series } from '../series.ts';
import type { Engine, Pool } from './engine.ts';
import { sharesWithPool, withoutShares } from './profile.ts';
import { bestLevel, capped } from './smoothing.ts';

function fitted(series: Series, pool: Pool, cap: boolean) {
	const shares = sharesWithPool(series, pool);
	const flat = withoutShares(series, (day) => shares[weekdayOf(day)]!);
	const level = bestLevel(cap ? capped(flat) : flat);
	const next = series.start + series.units.length;
	return {
		forecast: (horizon: number) =>
			Float64Array.from({ length: horizon }, (_, h) => level * shares[weekdayOf(next + h)]!)
	};
}

/** A smoothed level times the weekday's share. */
export const weekdaySmoothing: Engine = {
	name: 'weekday-smoothing',
	fit: (series, pool) => fitted(series, pool, false)
};

/** The same with rare large orders capped: nearer to a usual day, so it errs less a day and is short on totals. */
export const weekdayRobust: Engine = {
	name: 'weekday-robust',
	fit: (series, pool) => fitted(series, pool, true)
};
