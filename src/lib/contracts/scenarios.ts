import type { BandView, Scenario, TotalView } from './forecasts.ts';

/** The first `days` days of it. */
export function firstDays(said: BandView, days: number): BandView {
	return {
		from: said.from,
		point: said.point.slice(0, days),
		lo80: said.lo80.slice(0, days),
		hi80: said.hi80.slice(0, days),
		lo95: said.lo95.slice(0, days),
		hi95: said.hi95.slice(0, days)
	};
}

/** Units a day after an uplift and promotions, ranges scaled alike: what is uncertain stays as uncertain, in shares. */
export function withScenario(said: BandView, { uplift, promotions }: Scenario): BandView {
	const factors = said.point.map((_, index) => {
		const day = dayAfter(said.from, index);
		// promotions on the same day do not multiply: the strongest one is the one people see
		const lifts = promotions
			.filter(({ fromDay, toDay }) => fromDay <= day && day <= toDay)
			.map(({ lift }) => lift);
		const strongest = lifts.reduce((most, lift) => (Math.abs(lift) > Math.abs(most) ? lift : most), 0);
		return (1 + uplift) * (1 + strongest);
	});
	const scaled = (values: number[]) => values.map((value, index) => value * factors[index]!);
	return {
		from: said.from,
		point: scaled(said.point),
		lo80: scaled(said.lo80),
		hi80: scaled(said.hi80),
		lo95: scaled(said.lo95),
		hi95: scaled(said.hi95)
	};
}

/**
 * The same with what people set: their units stand in place of the model's on their days, spread as the model spreads its own, evenly where
 * it has none. Ranges keep their share of the day.
 */
export function withOverrides(
	said: BandView,
	overrides: readonly { fromDay: string; toDay: string; units: number }[]
): BandView {
	const out = structuredClone(said);
	for (const { fromDay, toDay, units } of overrides) {
		const all = daysFrom(fromDay, toDay);
		const share = modelShares(said, fromDay, all);
		for (let k = 0; k < all; k++) {
			const h = daysFrom(said.from, fromDay) - 1 + k;
			if (h < 0 || h >= said.point.length) continue;
			const value = units * share[k]!;
			const before = said.point[h]!;
			for (const name of ['lo80', 'hi80', 'lo95', 'hi95'] as const)
				out[name][h] = before > 0 ? (said[name][h]! / before) * value : value;
			out.point[h] = value;
		}
	}
	return out;
}

/** Each day's share of what the model expects on `count` days; days it does not reach count as its mean there. */
function modelShares(said: BandView, fromDay: string, count: number): number[] {
	const first = daysFrom(said.from, fromDay) - 1;
	const points = Array.from({ length: count }, (_, k) => said.point[first + k]);
	const known = points.filter((value) => value !== undefined);
	const mean = known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : 0;
	const filled = points.map((value) => value ?? mean);
	const sum = filled.reduce((total, value) => total + value, 0);
	return filled.map((value) => (sum > 0 ? value / sum : 1 / count));
}

/** Days from `from` to `to`, both included. */
export function daysFrom(from: string, to: string): number {
	return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000) + 1;
}

/** The model's expectation of the days from `fromDay` to `toDay`; null where it reaches none of them. */
export function expectedOver(said: BandView, fromDay: string, toDay: string): number | null {
	const first = Math.max(0, daysFrom(said.from, fromDay) - 1);
	const last = Math.min(said.point.length, daysFrom(said.from, toDay));
	return first >= last ? null : said.point.slice(first, last).reduce((sum, value) => sum + value, 0);
}

/**
 * Demand over the first `days` days as a distribution. `spread` is how far sums of days missed in the past against what single days'
 * ranges say (variance of sums over sum of variances): 1 where days miss independently, more where a bad week is bad throughout.
 */
export function demandOver(
	said: BandView,
	days: number,
	spread: number
): { expected: number; quantile: (share: number) => number } {
	let expected = 0;
	let variance = 0;
	for (let h = 0; h < Math.min(days, said.point.length); h++) {
		expected += said.point[h]!;
		variance += dayDeviation(said, h) ** 2;
	}
	return { expected, quantile: gammaQuantile(expected, variance * spread) };
}

/** The sum over the first `days` days with its ranges. */
export function totalOver(said: BandView, days: number, spread: number): TotalView {
	const { expected, quantile } = demandOver(said, days, spread);
	return {
		units: expected,
		lo80: Math.min(expected, quantile(0.1)),
		hi80: Math.max(expected, quantile(0.9)),
		lo95: Math.min(expected, quantile(0.025)),
		hi95: Math.max(expected, quantile(0.975))
	};
}

/** Standard deviation of day `h`: of a normal spread the width of its 80% range; a range cut off at 0 is mirrored from its upper half. */
export function dayDeviation({ point, lo80, hi80 }: BandView, h: number): number {
	const low = lo80[h]! > 0 ? point[h]! - lo80[h]! : hi80[h]! - point[h]!;
	return (Math.max(0, low) + Math.max(0, hi80[h]! - point[h]!)) / 2 / Z80;
}

const Z80 = 1.2815515655446004;
/** Judged windows that weigh as much as the assumption they are shrunk to. */
const TRUST_WINDOWS = 4;
/** Assumed where a SKU has no past: what single days' ranges say, somewhat wider. */
const USUAL_SPREAD = 1.5;

/**
 * The `spread` of sums of `days` days from forecasts of the past: their mean squared error over the sum of their days' variances, shrunk
 * to a usual one the fewer there are. Windows that hold an unknown day are not judged.
 */
export function spreadOf(past: readonly { said: BandView; sold: (number | null)[] }[], days: number): number {
	let squares = 0;
	let windows = 0;
	for (const { said, sold } of past) {
		const length = Math.min(days, said.point.length);
		if (length === 0) continue;
		let count = 0;
		let sum = 0;
		for (let from = 0; from + length <= said.point.length; from++) {
			let miss = 0;
			let variance = 0;
			for (let h = from; h < from + length; h++) {
				miss += (sold[h] ?? Number.NaN) - said.point[h]!;
				variance += dayDeviation(said, h) ** 2;
			}
			if (Number.isNaN(miss) || variance === 0) continue;
			sum += miss ** 2 / variance;
			count++;
		}
		if (count === 0) continue;
		// windows that overlap tell little more than those that do not
		const own = Math.max(1, count / length);
		squares += (sum / count) * own;
		windows += own;
	}
	const shrunk = (squares + TRUST_WINDOWS * USUAL_SPREAD) / (windows + TRUST_WINDOWS);
	return Math.min(Math.max(0.5, shrunk), Math.max(1, days));
}

/** The day on which `stock` pieces are expected to be gone, at the pace of the points; null where they last beyond what is forecast. */
export function soldOutOn(said: BandView, stock: number): string | null {
	let left = stock;
	for (let h = 0; h < said.point.length; h++) {
		left -= said.point[h]!;
		if (left < 0) return dayAfter(said.from, h);
	}
	return null;
}

/** `day` moved by whole days of the calendar. */
export function dayAfter(day: string, count: number): string {
	return new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);
}

/** Quantiles of a gamma distribution of this mean and variance: demand is never below 0 and has its long tail above. By Wilson and Hilferty. */
function gammaQuantile(mean: number, variance: number): (share: number) => number {
	if (!(mean > 0)) return () => 0;
	if (!(variance > 0)) return () => mean;
	const shape = mean ** 2 / variance;
	return (share) => {
		const z = normalQuantile(share);
		return mean * Math.max(0, 1 - 1 / (9 * shape) + z / (3 * Math.sqrt(shape))) ** 3;
	};
}

/** The inverse of the normal distribution (Abramowitz and Stegun 26.2.23: within .00045). */
export function normalQuantile(share: number): number {
	const tail = Math.min(Math.max(share < 0.5 ? share : 1 - share, 1e-12), 0.5);
	const t = Math.sqrt(-2 * Math.log(tail));
	const z =
		t -
		(2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3);
	return share < 0.5 ? -z : z;
}
