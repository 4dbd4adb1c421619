import type { SharedModel } from '../backtest.ts';
import { seeded } from '../random.ts';
import { weekdayOf, type Series } from '../series.ts';
import { TREES_NAMES } from '../shared-models.ts';
import { describe, FEATURES, knownAt, LEAST_DAYS, setDays, sumsOf, type SetDays } from './features.ts';
import { answer, growForest, type Forest, type Sample } from './trees.ts';

/** Days between the ends a series is looked at from, and days ahead drawn at each. */
const STRIDE = 7;
const DRAWS = 8;
/** Beyond this the ends lie further apart: seconds and memory stay bounded, whatever the number of SKUs. */
const MOST_ROWS = 200_000;
/** A sample so many days old counts half. */
const HALF_LIFE = 365;
/** Units above so many times the scale are cut: one wholesale order would outweigh a year. */
const HIGHEST = 20;
/** An expected share below this is a closed day. */
const CLOSED = 0.02;

/**
 * Learns trees from all series of a set together: what a day sells against the level and the weekdays of its series. Each series counts
 * alike. Null when no series is long enough.
 */
export function growTrees(set: readonly Series[], horizon: number, seed: number): Forest | null {
	const random = seeded(seed);
	const days = setDays(set);
	const sample = sampleOf(set, days, horizon, random);
	return sample.truth.length > 0 ? growForest(sample, random) : null;
}

/** Lets stored trees answer; `calendar` are the series that say how the set sells, where `forecast` is asked for fewer. */
export function boostedTrees(forest: Forest, calendar: readonly Series[] | null = null): SharedModel {
	return {
		names: TREES_NAMES,
		forecast: (set, horizon) => {
			const days = setDays(calendar ?? set);
			const row = new Float32Array(FEATURES);
			return set.map((series) => {
				const sums = sumsOf(series.units);
				const known = knownAt(series, sums, days, series.units.length);
				if (!known) return null;
				const points = Float64Array.from({ length: horizon }, (_, ahead) => {
					const share = known.weekdays[weekdayOf(series.start + known.end + ahead)]!;
					if (share < CLOSED) return 0;
					describe(row, series, sums, days, known, ahead);
					return known.scale * share * Math.exp(answer(forest, row));
				});
				return [points];
			});
		}
	};
}

/** Days ahead of ends every week or further apart, newest first, whose truth is known. */
function sampleOf(set: readonly Series[], days: SetDays, horizon: number, random: () => number): Sample {
	const able = set.filter(({ units }) => units.length > LEAST_DAYS);
	const length = able.reduce((sum, { units }) => sum + units.length, 0);
	const stride = Math.max(STRIDE, Math.ceil((length * DRAWS) / MOST_ROWS));
	const most = able.reduce((sum, { units }) => sum + DRAWS * (1 + Math.floor(units.length / stride)), 0);
	const rows = new Float32Array(most * FEATURES);
	const truth = new Float32Array(most);
	const weight = new Float32Array(most);
	const offset = new Float32Array(most);
	let count = 0;
	for (const series of able) {
		const { units, start } = series;
		const sums = sumsOf(units);
		for (let end = units.length - 1 - Math.floor(random() * stride); end >= LEAST_DAYS; end -= stride) {
			const known = knownAt(series, sums, days, end);
			if (!known) continue;
			for (let draw = 0; draw < DRAWS; draw++) {
				const ahead = Math.floor(random() * horizon);
				const value = units[end + ahead];
				if (value === undefined || Number.isNaN(value)) continue;
				const share = known.weekdays[weekdayOf(start + end + ahead)]!;
				if (share < CLOSED) continue;
				describe(rows.subarray(count * FEATURES, (count + 1) * FEATURES), series, sums, days, known, ahead);
				truth[count] = Math.min(HIGHEST, value / known.scale);
				weight[count] = 0.5 ** ((units.length - end) / HALF_LIFE);
				offset[count] = Math.log(share);
				count++;
			}
		}
	}
	return {
		features: FEATURES,
		rows: rows.subarray(0, count * FEATURES),
		truth: truth.subarray(0, count),
		weight: weight.subarray(0, count),
		offset: offset.subarray(0, count)
	};
}
