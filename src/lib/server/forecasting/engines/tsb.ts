import { weekdayOf } from '../series.ts';
import type { Engine } from './engine.ts';
import { sharesWithPool } from './profile.ts';

/** Teunter, Syntetos and Babai (2011) for intermittent demand: the chance of a sale, updated every day, times its smoothed size. */
export const tsb: Engine = {
	name: 'tsb',
	fit(series, pool) {
		const shares = sharesWithPool(series, pool);
		let best = { rate: 0, error: Infinity };
		for (const alpha of [0.02, 0.05, 0.1])
			for (const beta of [0.05, 0.15]) {
				const one = run(series.units, alpha, beta, (i) => shares[weekdayOf(series.start + i)]!);
				if (one.error < best.error || best.error === Infinity) best = one;
			}
		const next = series.start + series.units.length;
		return {
			forecast: (horizon) =>
				Float64Array.from({ length: horizon }, (_, h) => best.rate * shares[weekdayOf(next + h)]!)
		};
	}
};

/** Days without expected sales (share 0) neither lower the chance nor count as an error. */
function run(units: Float64Array, alpha: number, beta: number, share: (i: number) => number) {
	let chance = Number.NaN;
	let size = Number.NaN;
	let errors = 0;
	let counted = 0;
	for (let i = 0; i < units.length; i++) {
		const value = units[i]!;
		if (Number.isNaN(value) || share(i) < 0.05) continue;
		const sold = value > 0 ? 1 : 0;
		if (i >= 14 && !Number.isNaN(size)) {
			errors += (value - chance * size * share(i)) ** 2;
			counted++;
		}
		chance = Number.isNaN(chance) ? sold : chance + alpha * (sold - chance);
		if (sold) size = Number.isNaN(size) ? value : size + beta * (value - size);
	}
	return { rate: Number.isNaN(size) ? 0 : chance * size, error: counted === 0 ? Infinity : errors / counted };
}
