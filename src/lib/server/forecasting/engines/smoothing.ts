/** Simple exponential smoothing over known values: the last level and the mean squared one-step error after a warm-up. */
export function smooth(values: Float64Array, alpha: number): { level: number; error: number } {
	let level = Number.NaN;
	let sum = 0;
	let weight = 0;
	let errors = 0;
	let counted = 0;
	let seen = 0;
	for (const value of values) {
		if (Number.isNaN(value)) continue;
		if (seen >= 14) {
			errors += (value - level) ** 2;
			counted++;
		}
		// Bias-corrected weights: early values count fully instead of the first one for ever.
		sum = (1 - alpha) * sum + alpha * value;
		weight = (1 - alpha) * weight + alpha;
		level = sum / weight;
		seen++;
	}
	return { level: seen === 0 ? 0 : level, error: counted === 0 ? Infinity : errors / counted };
}

/** The level of the smoothing that would have erred least one step ahead. */
export function bestLevel(
	values: Float64Array,
	alphas: readonly number[] = [0.01, 0.02, 0.04, 0.08, 0.15, 0.3]
): number {
	let best = { level: 0, error: Infinity };
	alphas.forEach((alpha, i) => {
		const one = smooth(values, alpha);
		if (i === 0 || one.error < best.error) best = one;
	});
	return best.level;
}

/** Values above a robust ceiling brought down to it: one wholesale order must not lift the level of a month. */
export function capped(values: Float64Array, days = 365): Float64Array {
	const known = values
		.subarray(Math.max(0, values.length - days))
		.filter((value) => value > 0)
		.sort();
	if (known.length < 8) return values;
	const at = (share: number) => known[Math.floor(share * (known.length - 1))]!;
	const ceiling = at(0.5) + 4 * (at(0.75) - at(0.25) || at(0.5));
	return values.map((value) => (value > ceiling ? ceiling : value));
}
