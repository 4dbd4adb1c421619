import type { Case } from './backtest.ts';
import { combined, FEW, poolWeights, seriesWeights, type Weights } from './ensemble.ts';
import { calibrated, type Bands, type Outcome } from './intervals.ts';

/** A method's name, or one of the mixtures. */
export type Method = string;

export interface Forecast extends Bands {
	series: string;
	method: Method;
	point: Float64Array;
	/** What the mixture is made of, for `ensemble` only. */
	weights?: Record<string, number>;
}

/** Shown beside the others, never mixed in: a median wins daily errors on lumpy demand by forecasting too little. */
export const MEDIANS: readonly string[] = ['lstm-median'];

/** Shares of the mixture that is offered beside the learned one. */
export const FIXED = { prophet: 0.4, lstm: 0.4, arima: 0.2 } as const;

/**
 * Forecasts with intervals for each case of the newest origin, by each single method, by `ensemble` (weights learned from `past`) and by
 * `fixed`. `past` are the judged cases of earlier origins of the same set: nothing of them lies after the newest origin.
 */
export function forecastSet(
	past: readonly Case[],
	now: readonly Case[],
	methods: readonly string[]
): Forecast[] {
	if (now.length === 0) return [];
	const members = methods.filter((method) => !MEDIANS.includes(method));
	const out: Forecast[] = [];
	const add = (
		method: Method,
		points: (one: Case) => Float64Array,
		before: (one: Case) => Float64Array,
		weights?: (one: Case) => Weights
	) => {
		const bands = calibrated(past.map((one) => outcome(one, before(one))));
		for (const one of now) {
			const point = points(one);
			out.push({
				series: one.series.id,
				method,
				point,
				...bands({ key: one.series.id, point, usual: one.usual, idle: one.idle, closed: one.closed }),
				...(weights && { weights: Object.fromEntries(members.map((name, m) => [name, weights(one)[m]!])) })
			});
		}
	};
	for (const method of methods)
		add(
			method,
			(one) => one.points.get(method)!,
			(one) => one.points.get(method)!
		);

	if (Object.keys(FIXED).every((method) => methods.includes(method))) {
		const names = Object.keys(FIXED);
		const shares = Float64Array.from(Object.values(FIXED));
		const fixed = (one: Case) => combined(one, names, shares);
		add('fixed', fixed, fixed);
	}

	if (members.length < 2) return out;
	const learned = learn(past, members);
	// For each past origin the weights of the others, so that intervals are calibrated on errors the weights have not seen.
	const others = new Map(
		[...new Set(past.map((one) => one.origin))].map((origin) => [
			origin,
			learn(
				past.filter((one) => one.origin !== origin),
				members
			)
		])
	);
	const mix = (one: Case, by: (id: string) => Weights, scale: number) =>
		combined(one, members, by(one.series.id)).map((value) => value * scale);
	add(
		'ensemble',
		(one) => mix(one, learned.weights, learned.scale),
		(one) => mix(one, others.get(one.origin)!.weights, others.get(one.origin)!.scale),
		(one) => learned.weights(one.series.id)
	);
	return out;
}

export function outcome(one: Case, point: Float64Array): Outcome {
	return {
		key: one.series.id,
		origin: one.origin,
		point,
		usual: one.usual,
		idle: one.idle,
		closed: one.closed,
		actual: one.actual
	};
}

/** Weights by series, and the factor that takes half of the pooled past bias out of totals, less of it where little was judged. */
export function learn(
	past: readonly Case[],
	methods: readonly string[]
): { pool: Weights; weights(id: string): Weights; scale: number } {
	const pool = poolWeights(past, methods);
	const bySeries = new Map<string, Case[]>();
	for (const one of past) {
		const own = bySeries.get(one.series.id);
		if (own) own.push(one);
		else bySeries.set(one.series.id, [one]);
	}
	const own = new Map([...bySeries].map(([id, cases]) => [id, seriesWeights(cases, methods, pool)]));
	const weights = (id: string) => own.get(id) ?? pool;
	let said = 0;
	let happened = 0;
	for (const one of past) {
		const points = combined(one, methods, weights(one.series.id));
		one.actual.forEach((value, h) => {
			if (Number.isNaN(value)) return;
			said += points[h]!;
			happened += value;
		});
	}
	const half = 0.5 * Math.min(1, past.length / FEW);
	const scale = said > 0 && happened > 0 ? Math.min(1.25, Math.max(0.8, (happened / said) ** half)) : 1;
	return { pool, weights, scale };
}
