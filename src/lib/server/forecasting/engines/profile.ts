import { meanOf, weekdayOf, type Series } from '../series.ts';
import type { Pool } from './engine.ts';

/** How many weeks of a series' own history weigh as much as the group's profile. */
const WEEKS_OF_TRUST = 12;

/**
 * Expected share of each weekday (0 is Monday, mean 1) of one series: its own over the last `weeks`, shrunk to flat. A weekday on which the
 * series never sold stays at 0, as for a shop that is closed.
 */
export function weekdayShares({ units, start }: Series, weeks = 52): Float64Array {
	const from = Math.max(0, units.length - 7 * weeks);
	const mean = meanOf(units.subarray(from));
	const sums = new Float64Array(7);
	const counts = new Float64Array(7);
	for (let i = from; i < units.length; i++) {
		if (Number.isNaN(units[i]!)) continue;
		const weekday = weekdayOf(start + i);
		sums[weekday]! += units[i]!;
		counts[weekday]!++;
	}
	const shares = new Float64Array(7).fill(1);
	if (mean <= 0) return shares;
	for (let weekday = 0; weekday < 7; weekday++) {
		if (counts[weekday]! >= 8 && sums[weekday] === 0) {
			shares[weekday] = 0;
			continue;
		}
		const trust = Math.min(WEEKS_OF_TRUST, counts[weekday]! / 2);
		shares[weekday] = (sums[weekday]! / mean + trust) / (counts[weekday]! + trust || 1);
	}
	return normalised(shares);
}

/** Own weekday shares drawn towards those of the group, which many series make sure. */
export function sharesWithPool(series: Series, pool: Pool): Float64Array {
	const own = weekdayShares(series);
	const last = series.start + series.units.length - 1;
	const group = new Float64Array(7);
	for (let back = 0; back < 28; back++)
		group[weekdayOf(last - back)]! += pool.factor(series, last - back) / 4;
	normalised(group);
	const weeks = series.units.length / 7;
	const trust = weeks / (weeks + 26);
	// Where this series never sold, the group's sales on that weekday say nothing.
	return normalised(
		own.map((share, weekday) => (share === 0 ? 0 : trust * share + (1 - trust) * group[weekday]!))
	);
}

function normalised(shares: Float64Array): Float64Array {
	const mean = shares.reduce((sum, share) => sum + share, 0) / 7;
	if (mean > 0) for (let i = 0; i < 7; i++) shares[i]! /= mean;
	return shares;
}

/** Units with the expected share taken out; days with (almost) no expected units are unknown, as they tell nothing of the level. */
export function withoutShares(series: Series, share: (day: number) => number): Float64Array {
	return series.units.map((value, i) => {
		const expected = share(series.start + i);
		return expected < 0.05 ? Number.NaN : value / expected;
	});
}
