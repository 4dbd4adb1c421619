import { filled, weekdayOf } from '../series.ts';
import { NotForThisSeries, type Engine } from './engine.ts';
import { nelderMead } from './nelder-mead.ts';

/** Days of history the search looks at: enough for weekly seasons, and it bounds the time of a fit. */
const MEMORY = 420;
const WEEK = 7;

/** (p, d, q)(P, D, Q) with a season of 7 days; `mean` where nothing is differenced. */
export interface Order {
	p: number;
	d: number;
	q: number;
	P: number;
	D: number;
	Q: number;
}

/** Coefficients of a stationary AR (or invertible MA) from unbounded numbers, by partial autocorrelations (Monahan 1984). */
export function stationary(raw: readonly number[]): number[] {
	let out: number[] = [];
	for (const value of raw) {
		const r = Math.tanh(value);
		out = [...out.map((c, i) => c - r * out[out.length - 1 - i]!), r];
	}
	return out;
}

/** Lag weights of (1 - sum a_i B^i)(1 - sum s_j B^7j), as the value's own past: w[lag]. Signs are those of an AR. */
function product(ordinary: readonly number[], seasonal: readonly number[]): Float64Array {
	const w = new Float64Array(ordinary.length + WEEK * seasonal.length + 1);
	ordinary.forEach((a, i) => (w[i + 1]! += a));
	seasonal.forEach((s, j) => {
		w[WEEK * (j + 1)]! += s;
		ordinary.forEach((a, i) => (w[WEEK * (j + 1) + i + 1]! -= a * s));
	});
	return w;
}

function differenced(y: Float64Array, lag: number): Float64Array {
	return y.slice(lag).map((value, i) => value - y[i]!);
}

interface Parts {
	ar: Float64Array;
	ma: Float64Array;
	mean: number;
}

function parts(order: Order, x: readonly number[], mean: number): Parts {
	const at = (from: number, count: number) => stationary(x.slice(from, from + count));
	const { p, q, P, Q } = order;
	return { ar: product(at(0, p), at(p, P)), ma: product(at(p + P, q), at(p + P + q, Q)), mean };
}

/** Residuals given zero before the start: the conditional sum of squares. Lags without weight are skipped. */
function residuals(y: Float64Array, { ar, ma, mean }: Parts, out: Float64Array): number {
	const arLags = lagsOf(ar);
	const maLags = lagsOf(ma);
	const from = Math.min(ar.length - 1, y.length >> 1);
	let sum = 0;
	for (let t = 0; t < y.length; t++) {
		let e = y[t]! - mean;
		for (const lag of arLags) if (t >= lag) e -= ar[lag]! * (y[t - lag]! - mean);
		for (const lag of maLags) if (t >= lag) e += ma[lag]! * out[t - lag]!;
		out[t] = t < from ? 0 : e;
		if (t >= from) sum += e * e;
	}
	return sum / Math.max(1, y.length - from);
}

function lagsOf(weights: Float64Array): number[] {
	return [...weights.keys()].filter((lag) => weights[lag] !== 0);
}

/** KPSS statistic of level stationarity (1992), with the lag window of R's ndiffs. */
export function kpss(y: Float64Array): number {
	const n = y.length;
	const mean = y.reduce((sum, v) => sum + v, 0) / n;
	const lags = Math.trunc((3 * Math.sqrt(n)) / 13);
	let partial = 0;
	let squares = 0;
	for (const value of y) squares += (partial += value - mean) ** 2;
	let variance = 0;
	for (let lag = 0; lag <= lags; lag++) {
		let sum = 0;
		for (let t = lag; t < n; t++) sum += (y[t]! - mean) * (y[t - lag]! - mean);
		variance += ((lag === 0 ? 1 : 2 * (1 - lag / (lags + 1))) * sum) / n;
	}
	return variance > 0 ? squares / (n * n * variance) : 0;
}

/** Share of the variance that weekday means explain: above 0.64 R's auto.arima takes a seasonal difference. */
function seasonalStrength(y: Float64Array, start: number): number {
	const sums = new Float64Array(7);
	const counts = new Float64Array(7);
	y.forEach((value, i) => {
		sums[weekdayOf(start + i)]! += value;
		counts[weekdayOf(start + i)]!++;
	});
	const mean = y.reduce((sum, v) => sum + v, 0) / y.length;
	let total = 0;
	let rest = 0;
	y.forEach((value, i) => {
		const weekday = weekdayOf(start + i);
		total += (value - mean) ** 2;
		rest += (value - sums[weekday]! / counts[weekday]!) ** 2;
	});
	return total > 0 ? 1 - rest / total : 0;
}

/** Fits one order by CSS. `aicc` is comparable among orders with the same differences only. */
export function fitOrder(y: Float64Array, order: Order): { aicc: number; parts: Parts } {
	const { p, q, P, Q, d, D } = order;
	const withMean = d + D === 0;
	const centre = y.reduce((sum, v) => sum + v, 0) / y.length;
	const count = p + q + P + Q;
	const e = new Float64Array(y.length);
	const mean = withMean ? centre : 0;
	const found = nelderMead(
		(x) => residuals(y, parts(order, x, mean), e),
		new Array<number>(count).fill(0.1),
		{
			evaluations: 35 * count + 10,
			tolerance: 1e-4
		}
	);
	const k = count + 1 + (withMean ? 1 : 0);
	const n = y.length;
	return {
		aicc: n * Math.log(found.cost + 1e-9) + 2 * k + (2 * k * (k + 1)) / Math.max(1, n - k - 1),
		parts: parts(order, found.x, mean)
	};
}

/** The order with the lowest AICc, by steps from a few starts as in Hyndman and Khandakar (2008). */
export function search(y: Float64Array, d: number, D: number): { order: Order; aicc: number; parts: Parts } {
	const tried = new Map<string, number>();
	let best: { order: Order; aicc: number; parts: Parts } | null = null;
	const attempt = (order: Order): boolean => {
		const key = Object.values(order).join();
		const { p, q, P, Q } = order;
		if (tried.has(key) || p < 0 || q < 0 || P < 0 || Q < 0 || p > 3 || q > 3 || P > 1 || Q > 1) return false;
		const one = fitOrder(y, order);
		tried.set(key, one.aicc);
		if (best && one.aicc >= best.aicc) return false;
		best = { order, ...one };
		return true;
	};
	attempt({ p: 0, d, q: 0, P: 0, D, Q: 0 });
	attempt({ p: 1, d, q: 0, P: 1, D, Q: 0 });
	attempt({ p: 0, d, q: 1, P: 0, D, Q: 1 });
	attempt({ p: 1, d, q: 1, P: 1, D, Q: 1 });
	for (let moved = true; moved && tried.size < 16;) {
		moved = false;
		const at = best!.order;
		for (const [name, by] of [
			['p', 1],
			['q', 1],
			['P', 1],
			['Q', 1],
			['p', -1],
			['q', -1],
			['P', -1],
			['Q', -1]
		] as const)
			if (attempt({ ...at, [name]: at[name] + by })) {
				moved = true;
				break;
			}
	}
	return best!;
}

/** Seasonal ARIMA by conditional sum of squares; differences by strength of the week and by KPSS, orders by a short stepwise search. */
export const arima: Engine = {
	name: 'arima',
	fit(series) {
		const raw = filled(series.units);
		const y = raw.subarray(-MEMORY);
		if (y.length < 28) throw new NotForThisSeries('ARIMA with a week needs four weeks');
		if (y.every((value) => value === y[0])) throw new NotForThisSeries('a constant has nothing to fit');
		const D = seasonalStrength(y, series.start + raw.length - y.length) > 0.64 ? 1 : 0;
		const afterSeason = D ? differenced(y, WEEK) : y;
		// 0.463: KPSS at 5%.
		const d = kpss(afterSeason) > 0.463 ? 1 : 0;
		const w = d ? differenced(afterSeason, 1) : afterSeason;
		const { parts: model } = search(w, d, D);
		return { forecast: (horizon) => integrated(y, afterSeason, ahead(w, model, horizon), d, D) };
	}
};

/** Expected differenced values: later residuals are 0. */
function ahead(w: Float64Array, model: Parts, horizon: number): Float64Array {
	const e = new Float64Array(w.length + horizon);
	residuals(w, model, e);
	const all = new Float64Array(w.length + horizon);
	all.set(w);
	for (let t = w.length; t < all.length; t++) {
		let value = model.mean;
		model.ar.forEach((c, lag) => (value += t >= lag && c !== 0 ? c * (all[t - lag]! - model.mean) : 0));
		model.ma.forEach((c, lag) => (value -= t >= lag && t - lag < w.length ? c * e[t - lag]! : 0));
		all[t] = value;
	}
	return all.slice(w.length);
}

function integrated(
	y: Float64Array,
	afterSeason: Float64Array,
	steps: Float64Array,
	d: number,
	D: number
): Float64Array {
	let last = afterSeason.at(-1)!;
	const seasonal = d ? steps.map((step) => (last += step)) : steps;
	if (!D) return seasonal;
	const out = seasonal.slice();
	for (let h = 0; h < out.length; h++) out[h]! += h < WEEK ? y[y.length - WEEK + h]! : out[h - WEEK]!;
	return out;
}
