/** A point forecast that can be judged or not, with what its errors are scaled by. */
export interface Spread {
	key: string;
	point: Float64Array;
	/** Mean units a day, for a floor of the scale. */
	usual: number;
	/** Share of days without a sale. */
	idle: number;
	/** 1 for days whose weekday never sells: expected to stay so, and no witness of how wide the others are. */
	closed: Uint8Array;
}

export interface Outcome extends Spread {
	actual: Float64Array;
	/** Quantiles judged at an origin are those of the other origins: those of its own would flatter them. */
	origin: number;
}

export interface Bands {
	lo80: Float64Array;
	hi80: Float64Array;
	lo95: Float64Array;
	hi95: Float64Array;
}

const SHARES = [0.025, 0.1, 0.9, 0.975] as const;
/** Judged days that weigh as much as the series alike in a series' own quantiles. */
const TRUST_DAYS = 90;
/** Series are alike when their share of days without a sale is. */
const CLASSES = [0.1, 0.3, 0.5, 0.75];

function scaleOf({ point, usual }: Spread, h: number): number {
	return 0.6 * point[h]! + 0.4 * usual;
}

const classOf = (idle: number) => CLASSES.filter((limit) => idle > limit).length;

/** Four quantiles of scaled errors: 2.5, 10, 90 and 97.5%. */
export type Quantiles = number[];

/** What calibrating learned, as plain data: it is stored with a model and used again for newer forecasts. */
export interface Calibration {
	/** By how idle a series is; null where too few errors were seen. */
	classes: (Quantiles | null)[];
	/** Of single series, with how many errors they come from. */
	own: Record<string, { n: number; q: Quantiles }>;
	/** By third of the horizon: the factor on the 80% and on the 95% quantiles. */
	factors: [number, number][];
}

/**
 * Conformal 80 and 95% intervals: quantiles of past scaled errors of the series, drawn to those of series alike, then widened or narrowed for
 * each third of the horizon until the past outcomes of the whole set were covered as often as promised. Never below 0. Both limits hold
 * together: where the lower one is 0 the upper one carries what is left out.
 */
export function calibrationOf(past: readonly Outcome[]): Calibration {
	const base = learnQuantiles(past);
	const judged = [...new Set(past.map(({ origin }) => origin))].flatMap((origin) => {
		const others = past.filter((one) => one.origin !== origin);
		const unseen = others.length > 0 ? learnQuantiles(others) : base;
		return past.filter((one) => one.origin === origin).map((one) => ({ one, q: quantilesOf(unseen, one) }));
	});
	const factors = [0, 1, 2].map((third): [number, number] => [
		factor(judged, third, 1, 2, 0.8),
		factor(judged, third, 0, 3, 0.95)
	]);
	return { ...base, factors };
}

/** Ranges around one forecast. */
export function bandsOf(calibration: Calibration, one: Spread): Bands {
	const horizon = one.point.length;
	const q = quantilesOf(calibration, one);
	const bands = {
		lo80: new Float64Array(horizon),
		hi80: new Float64Array(horizon),
		lo95: new Float64Array(horizon),
		hi95: new Float64Array(horizon)
	};
	for (let h = 0; h < horizon; h++) {
		const [f80, f95] = calibration.factors[thirdOf(h, horizon)]!;
		const scale = one.closed[h] ? 0 : scaleOf(one, h);
		const at = (i: number, f: number) => Math.max(0, one.point[h]! + q[i]! * f * scale);
		bands.lo80[h] = Math.min(at(1, f80), one.point[h]!);
		bands.hi80[h] = Math.max(at(2, f80), one.point[h]!);
		bands.lo95[h] = Math.min(at(0, f95), bands.lo80[h]!);
		bands.hi95[h] = Math.max(at(3, f95), bands.hi80[h]!);
	}
	return bands;
}

/** Calibrates and answers the ranges of any forecast of the same set. */
export function calibrated(past: readonly Outcome[]): (one: Spread) => Bands {
	const calibration = calibrationOf(past);
	return (one) => bandsOf(calibration, one);
}

/** Quantiles of scaled errors: of each series, and of series alike. */
function learnQuantiles(past: readonly Outcome[]): Omit<Calibration, 'factors'> {
	const own = new Map<string, number[]>();
	const alike = CLASSES.concat(1).map((): number[] => []);
	for (const one of past) {
		const errors = own.get(one.key) ?? [];
		own.set(one.key, errors);
		for (let h = 0; h < one.actual.length; h++) {
			if (Number.isNaN(one.actual[h]!) || one.closed[h]) continue;
			const error = (one.actual[h]! - one.point[h]!) / (scaleOf(one, h) || 1);
			errors.push(error);
			alike[classOf(one.idle)]!.push(error);
		}
	}
	const all = sorted(alike.flat());
	// One wholesale order in a hundred days says nothing of where the next one ends.
	const ceiling = all.length === 0 ? Infinity : 1.5 * all[Math.floor(0.99 * (all.length - 1))]!;
	const classes = alike.map((errors) =>
		errors.length >= 200 ? quantiles(sorted(errors)) : all.length >= 30 ? quantiles(all) : null
	);
	const ownQuantiles = [...own].map(([key, errors]): [string, { n: number; q: Quantiles }] => [
		key,
		{ n: errors.length, q: quantiles(sorted(errors.map((error) => Math.min(error, ceiling)))) }
	]);
	return { classes, own: Object.fromEntries(ownQuantiles) };
}

/** Those of a series: its own as far as they are many, else those of series alike. */
function quantilesOf({ classes, own }: Pick<Calibration, 'classes' | 'own'>, one: Spread): Quantiles {
	// Without any past: as wide as counts with a variance of mean + mean^2 would need.
	const group = classes[classOf(one.idle)] ?? [-1, -0.9, 1.5, 3];
	const mine = own[one.key];
	if (!mine || mine.n === 0) return group;
	const trust = mine.n / (mine.n + TRUST_DAYS);
	return group.map((value, i) => trust * mine.q[i]! + (1 - trust) * value);
}

const thirdOf = (h: number, horizon: number) => Math.min(2, Math.floor((3 * h) / horizon));

interface JudgedQuantiles {
	one: Outcome;
	q: number[];
}

/**
 * The factor on the errors' quantiles that covers `share` of the past days of one third of the horizon; somewhat more when the
 * factors of single origins differ, since the next origin will differ too.
 */
function factor(
	judged: readonly JudgedQuantiles[],
	...at: [third: number, low: number, high: number, share: number]
) {
	const pooled = factorOf(judged, ...at);
	// The newest origins have not seen the last days of their horizon yet: they say nothing of that third.
	const seen = judged.filter(({ one }) =>
		one.actual.some((value, h) => !Number.isNaN(value) && thirdOf(h, one.actual.length) === at[0])
	);
	const single = [...new Set(seen.map(({ one }) => one.origin))].map((origin) =>
		factorOf(
			seen.filter(({ one }) => one.origin === origin),
			...at
		)
	);
	if (single.length === 0) return pooled;
	const mean = single.reduce((sum, value) => sum + value, 0) / single.length;
	const variance =
		single.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, single.length - 1);
	return mean > 0 ? pooled * (1 + 0.5 * (Math.sqrt(variance) / mean)) : pooled;
}

function factorOf(
	judged: readonly JudgedQuantiles[],
	third: number,
	low: number,
	high: number,
	share: number
) {
	const needed: number[] = [];
	for (const { one, q } of judged)
		for (let h = 0; h < one.actual.length; h++) {
			if (thirdOf(h, one.actual.length) !== third || Number.isNaN(one.actual[h]!)) continue;
			if (one.closed[h]) {
				needed.push(one.actual[h]! > 0 ? Infinity : 0);
				continue;
			}
			const error = (one.actual[h]! - one.point[h]!) / (scaleOf(one, h) || 1);
			const limit = error >= 0 ? Math.max(q[high]!, 1e-6) : Math.min(q[low]!, -1e-6);
			needed.push(error / limit);
		}
	if (needed.length < 30) return 1;
	needed.sort((a, b) => a - b);
	const found = needed[Math.min(needed.length - 1, Math.ceil(share * (needed.length + 1)) - 1)]!;
	return Math.min(4, Math.max(0.25, found));
}

const sorted = (values: number[]) => Float64Array.from(values).sort();

function quantiles(values: Float64Array): number[] {
	return SHARES.map((share) => {
		if (values.length === 0) return 0;
		const at = share * (values.length - 1);
		const below = Math.floor(at);
		const above = Math.min(values.length - 1, below + 1);
		return values[below]! + (at - below) * (values[above]! - values[below]!);
	});
}
