import type { Case } from './backtest.ts';

/** Share of each method, in the order of `methods`; sums to 1. */
export type Weights = Float64Array;

/** How many judged days weigh as much as the set's mean in a series' own weights. */
const TRUST_DAYS = 120;
/** Of the set's weights in past errors; from 16 to 60 the sets at hand differ little. */
const POWER = 30;
/** Judged forecasts that earn half of that power: with fewer, who was lucky is not who is good, nor is a miss in total a habit. */
export const FEW = 40;
/**
 * What a method is thought to be worth against the others before anything was judged, where it is not one: the yardstick is there to be
 * beaten, and TSB is for series that sell now and then.
 */
const UNLIKELY = 0.1;
/** Share of days without a sale from which demand is intermittent: 1.32 days between sales (Syntetos and Boylan, 2005). */
const INTERMITTENT = 0.24;
/** What a past origin counts for each thirty days that it is older than the newest. */
const FADING = 0.7;

/** Absolute error per day plus that of whole weeks, over the usual units: daily errors alone would reward forecasts that are short on totals. */
function errorOf({ actual, usual }: Case, points: (h: number) => number): number {
	let sum = 0;
	let week = 0;
	let weekDays = 0;
	for (let h = 0; h < actual.length; h++) {
		const miss = points(h) - actual[h]!;
		if (Number.isNaN(miss)) continue;
		sum += Math.abs(miss);
		week += miss;
		if (++weekDays === 7) {
			sum += Math.abs(week);
			week = weekDays = 0;
		}
	}
	return usual > 0 ? sum / Math.max(1, actual.length) / usual : 0;
}

/** From 0 to 1: how much was judged already. */
function trustIn(past: readonly Case[]): number {
	return past.length / (past.length + FEW);
}

/**
 * The set's weights: they fall with a high power of the pooled past error, so that where many forecasts were judged a method a tenth
 * worse than the best has a twentieth of its weight. Weights that are optimal together on the past (exponentiated gradient) were worse ahead: they lean on one method's errors making up
 * for another's, which does not last.
 */
export function poolWeights(past: readonly Case[], methods: readonly string[]): Weights {
	const usable = past.filter((one) => one.usual > 0 && one.actual.some((value) => !Number.isNaN(value)));
	if (usable.length === 0) return new Float64Array(methods.length).fill(1 / methods.length);
	// Series count by their size, tempered: WAPE of the set is about units, a member's page about its SKU.
	const newest = usable.reduce((most, { origin }) => Math.max(most, origin), -Infinity);
	const counts = usable.map(({ usual, origin }) => Math.sqrt(usual) * FADING ** ((newest - origin) / 30));
	const errors = methods.map((method) =>
		usable.reduce((sum, one, i) => sum + counts[i]! * errorOf(one, (h) => one.points.get(method)![h]!), 0)
	);
	const best = Math.max(Number.MIN_VALUE, Math.min(...errors));
	const power = POWER * trustIn(usable);
	const idle = usable.reduce((sum, one) => sum + one.idle, 0) / usable.length;
	const unlikely = UNLIKELY ** (1 - trustIn(usable));
	const prior = (method: string) =>
		method === 'seasonal-naive' || (method === 'tsb' && idle < INTERMITTENT) ? unlikely : 1;
	const raw = Float64Array.from(
		errors,
		(error, m) => prior(methods[m]!) * (best / Math.max(best, error)) ** power
	);
	const total = raw.reduce((sum, value) => sum + value, 0);
	return raw.map((value) => value / total);
}

/** The set's weights tilted to what was best for this series, the more the longer its judged past. */
export function seriesWeights(own: readonly Case[], methods: readonly string[], pool: Weights): Weights {
	const errors = methods.map((method) =>
		own.reduce((sum, one) => sum + errorOf(one, (h) => one.points.get(method)![h]!), 0)
	);
	const days = own.reduce((sum, one) => sum + one.actual.filter((value) => !Number.isNaN(value)).length, 0);
	const mean = errors.reduce((sum, value, m) => sum + pool[m]! * value, 0);
	if (!(mean > 0)) return pool;
	const trust = days / (days + TRUST_DAYS);
	const raw = pool.map((value, m) => value * Math.exp(-4 * trust * (errors[m]! / mean - 1)));
	const total = raw.reduce((sum, value) => sum + value, 0);
	return raw.map((value) => value / total);
}

export function combined(one: Case, methods: readonly string[], weights: Weights): Float64Array {
	const out = new Float64Array(one.actual.length);
	methods.forEach((method, m) => {
		const points = one.points.get(method)!;
		for (let h = 0; h < out.length; h++) out[h]! += weights[m]! * points[h]!;
	});
	return out;
}
