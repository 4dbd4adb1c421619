import { filled } from '../series.ts';
import { NotForThisSeries, type Engine } from './engine.ts';
import { nelderMead } from './nelder-mead.ts';

/** Days of history that smoothing looks at: older ones have no weight left. */
const MEMORY = 730;

interface State {
	sse: number;
	level: number;
	trend: number;
	season: Float64Array;
}

type Shape = 'level' | 'seasonal' | 'damped seasonal';

/** Additive smoothing with optional damped trend and weekly season; parameters as logits. */
function run(y: Float64Array, shape: Shape, x: readonly number[]): State {
	const [alpha, gamma, beta, phi] = x.map((v) => 1 / (1 + Math.exp(-v))) as [number, number, number, number];
	const seasonal = shape !== 'level';
	const damped = shape === 'damped seasonal';
	const season = new Float64Array(7);
	const first = Math.min(y.length, 56);
	let level = 0;
	for (let i = 0; i < first; i++) level += y[i]! / first;
	if (seasonal) {
		const counts = new Float64Array(7);
		for (let i = 0; i < first; i++) {
			season[i % 7]! += y[i]! - level;
			counts[i % 7]!++;
		}
		for (let s = 0; s < 7; s++) season[s]! /= counts[s]! || 1;
	}
	let trend = 0;
	let sse = 0;
	for (let i = 0; i < y.length; i++) {
		const s = i % 7;
		const before = damped ? level + phi * trend : level;
		const error = y[i]! - before - season[s]!;
		sse += error * error;
		level = before + alpha * error;
		if (damped) trend = phi * trend + alpha * beta * error;
		if (seasonal) season[s]! += gamma * (1 - alpha) * error;
	}
	return { sse, level, trend, season };
}

/** Exponential smoothing of error-trend-season form: level, level + week, damped trend + week, chosen by AICc (Hyndman et al. 2008). */
export const holtWinters: Engine = {
	name: 'ets',
	fit(series) {
		const y = filled(series.units).subarray(-MEMORY);
		if (y.length < 21) throw new NotForThisSeries('smoothing with a week needs three weeks');
		const n = y.length;
		let best: { aicc: number; shape: Shape; x: number[] } | null = null;
		for (const shape of ['level', 'seasonal', 'damped seasonal'] as const) {
			const start = { level: [-2.5], seasonal: [-2.5, -3], 'damped seasonal': [-2.5, -3, -3, 3] }[shape];
			const found = nelderMead((x) => run(y, shape, x).sse, start, {
				step: 1,
				evaluations: 40 * start.length
			});
			const k = start.length + { level: 1, seasonal: 8, 'damped seasonal': 9 }[shape];
			const aicc = n * Math.log(found.cost / n + 1e-9) + 2 * k + (2 * k * (k + 1)) / Math.max(1, n - k - 1);
			if (!best || aicc < best.aicc) best = { aicc, shape, x: found.x };
		}
		const { level, trend, season } = run(y, best!.shape, best!.x);
		const phi = best!.shape === 'damped seasonal' ? 1 / (1 + Math.exp(-best!.x[3]!)) : 0;
		return {
			forecast(horizon) {
				const points = new Float64Array(horizon);
				let rise = 0;
				let power = phi;
				for (let h = 0; h < horizon; h++) {
					rise += power * trend;
					power *= phi;
					points[h] = level + rise + season[(n + h) % 7]!;
				}
				return points;
			}
		};
	}
};
