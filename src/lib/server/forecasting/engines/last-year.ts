import { meanOf, weekdayOf } from '../series.ts';
import type { Engine } from './engine.ts';
import { sharesWithPool, withoutShares } from './profile.ts';
import { bestLevel, capped } from './smoothing.ts';

/** Weeks before the same date last year that its rise or fall is measured from. */
const BEFORE = 56;
/** Days around last year's horizon that are looked at with it: Easter and pay days move. */
const MARGIN = 7;
/** How much of the rise is believed: two autumns are few. */
const TRUST = 0.7;

/**
 * A smoothed level times how this series rose or fell at the same time last year, drawn to how the group does by its calendar: Christmas goods
 * rise in October, garden ones fall. Without a year of history the group's calendar alone.
 */
export const lastYear: Engine = {
	name: 'last-year',
	fit(series, pool) {
		const shares = sharesWithPool(series, pool);
		const units = capped(series.units);
		const end = units.length;
		const level = bestLevel(
			capped(withoutShares(series, (day) => shares[weekdayOf(day)]!)),
			[0.015, 0.03, 0.06, 0.12]
		);
		const usual = meanOf(units, 364);
		const next = series.start + end;
		const group = (from: number, days: number) => {
			let sum = 0;
			for (let d = 0; d < days; d++) sum += pool.factor(series, from + d);
			return sum / days;
		};
		return {
			forecast(horizon) {
				const now = group(next - BEFORE, BEFORE);
				const rise = now > 0 ? group(next, horizon) / now : 1;
				const then = end - 364;
				let own = rise;
				if (then >= BEFORE && usual > 0) {
					const after = meanOf(units.subarray(then - MARGIN, then + horizon + MARGIN));
					const before = meanOf(units.subarray(then - BEFORE, then));
					own = (after + usual * rise) / (before + usual);
				}
				const factor = Math.min(4, Math.max(0.25, own)) ** TRUST;
				return Float64Array.from(
					{ length: horizon },
					(_, h) => level * factor * shares[weekdayOf(next + h)]!
				);
			}
		};
	}
};
