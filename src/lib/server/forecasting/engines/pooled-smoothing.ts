import type { Engine } from './engine.ts';
import { withoutShares } from './profile.ts';
import { bestLevel, capped } from './smoothing.ts';

/** A smoothed level times the group's factor of the day: weekday and time of year learned from all series together. */
export const pooledSmoothing: Engine = {
	name: 'pooled-smoothing',
	fit(series, pool) {
		const flat = withoutShares(series, (day) => pool.factor(series, day));
		const level = bestLevel(capped(flat));
		const next = series.start + series.units.length;
		return {
			forecast: (horizon) =>
				Float64Array.from({ length: horizon }, (_, h) => level * pool.factor(series, next + h))
		};
	}
};
