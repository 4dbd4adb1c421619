import type { Case } from './backtest.ts';

/** Share of each method, in the order of `methods`; sums to 1. */
export type Weights = Float64Array;

/** How many judged days weigh as much as the set's mean in a series' own weights. */
const TRUST_DAYS = 120;
const ROUNDS = 120;

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

/** Mean direction of improvement of the pooled error, by exponentiated gradient on the simplex. */
export function poolWeights(past: readonly Case[], methods: readonly string[]): Weights {
	const k = methods.length;
	let w = new Float64Array(k).fill(1 / k);
	const average = new Float64Array(k);
	const usable = past.filter((one) => one.usual > 0 && one.actual.some((value) => !Number.isNaN(value)));
	if (usable.length === 0) return w;
	const mass = usable.reduce((sum, one) => sum + one.usual, 0);
	for (let round = 0; round < ROUNDS; round++) {
		const gradient = new Float64Array(k);
		let error = 0;
		for (const one of usable) {
			const points = methods.map((method) => one.points.get(method)!);
			// Series count by their size, tempered: WAPE of the set is about units, a member's page about its SKU.
			const weight =
				Math.sqrt(one.usual / (mass / usable.length)) / one.usual / usable.length / one.actual.length;
			let week = 0;
			let from = 0;
			for (let h = 0; h < one.actual.length; h++) {
				let miss = -one.actual[h]!;
				for (let m = 0; m < k; m++) miss += w[m]! * points[m]![h]!;
				if (Number.isNaN(miss)) continue;
				error += Math.abs(miss) * weight;
				const sign = Math.sign(miss) * weight;
				for (let m = 0; m < k; m++) gradient[m]! += sign * points[m]![h]!;
				week += miss;
				if (h - from === 6) {
					error += Math.abs(week) * weight;
					const turn = Math.sign(week) * weight;
					for (let d = from; d <= h; d++) for (let m = 0; m < k; m++) gradient[m]! += turn * points[m]![d]!;
					week = 0;
					from = h + 1;
				}
			}
		}
		// Relative to the error itself: a tenth less is as much on smooth demand as on lumpy.
		const step = 4 / Math.sqrt(1 + round) / (error || 1);
		const mean = gradient.reduce((sum, g, m) => sum + w[m]! * g, 0);
		const raised = w.map((value, m) => value * Math.exp(-step * (gradient[m]! - mean)));
		const total = raised.reduce((sum, value) => sum + value, 0);
		w = raised.map((value) => value / total);
		if (round >= ROUNDS / 2) for (let m = 0; m < k; m++) average[m]! += w[m]! / (ROUNDS / 2);
	}
	// A tenth stays equal: the past never proves a method worthless.
	return average.map((value) => 0.9 * value + 0.1 / k);
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
