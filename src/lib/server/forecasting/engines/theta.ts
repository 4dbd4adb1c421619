import { filled, weekdayOf } from '../series.ts';
import type { Engine } from './engine.ts';
import { sharesWithPool, withoutShares } from './profile.ts';
import { bestLevel } from './smoothing.ts';

/** The Theta method (Assimakopoulos and Nikolopoulos 2000): smoothing plus half the linear trend, on weekday-adjusted units. */
export const theta: Engine = {
	name: 'theta',
	fit(series, pool) {
		const shares = sharesWithPool(series, pool);
		const flat = filled(withoutShares(series, (day) => shares[weekdayOf(day)]!));
		const n = flat.length;
		const level = bestLevel(flat);
		const middle = (n - 1) / 2;
		let covariance = 0;
		let variance = 0;
		for (let i = 0; i < n; i++) {
			covariance += (i - middle) * flat[i]!;
			variance += (i - middle) ** 2;
		}
		const drift = variance > 0 && n >= 28 ? covariance / variance / 2 : 0;
		const next = series.start + n;
		return {
			forecast: (horizon) =>
				Float64Array.from(
					{ length: horizon },
					(_, h) => Math.max(0, level + drift * (h + 1)) * shares[weekdayOf(next + h)]!
				)
		};
	}
};
