import { MODELS } from '#lib/contracts/forecast-views.ts';
import type { Case } from './backtest.ts';
import { learn, MEDIANS, outcome } from './forecast-set.ts';
import { bandsOf, calibrationOf, type Calibration, type Outcome } from './intervals.ts';
import {
	beliefFrom,
	levelPoints,
	modelPoints,
	type LevelPoints,
	type Mixing,
	type OriginCases,
	type SeriesState,
	type SetState
} from './learned.ts';
import { pairsOf, type Pair } from './pairs.ts';
import type { Belief } from './reconcile.ts';
import {
	accuracyResult,
	forecastResult,
	historyOf,
	plain,
	type AccuracyResult,
	type ForecastResult,
	type PastOne
} from './results.ts';
import type { SalesSet, SetSeries } from './sales-set.ts';

/** What a training leaves behind. */
export interface Trained {
	set: SetState;
	models: Map<string, SeriesState>;
	forecasts: ForecastResult[];
	accuracy: AccuracyResult[];
}

/** Half and half, for the rounds in which it is not learned yet whom to believe. */
const UNDECIDED: Belief = { shop: 0.5, category: 0.5, channel: 0.5 };

const SINGLE = MODELS.filter((name) => name !== 'ensemble');

/**
 * Learns weights, whom to believe at each level and how wide ranges are from past origins, and forecasts all levels with it. What is judged
 * at a past origin was mixed and ranged by what the other origins taught.
 */
export function trainSet(
	set: SalesSet,
	series: SetSeries,
	past: readonly OriginCases[],
	now: OriginCases,
	report: (done: number, total: number) => void = () => {}
): Trained {
	const members = [...(now.skus[0] ?? now.sums[0])!.points.keys()].filter((name) => !MEDIANS.includes(name));
	const steps = past.length + 2 + SINGLE.length;
	let step = 0;
	const mixingWithout = (left: OriginCases | null): { skus: Mixing; sums: Mixing } => {
		const rest = past.filter((one) => one !== left);
		report(step++, steps);
		return {
			skus: learn(
				rest.flatMap(({ skus }) => skus),
				members
			),
			sums: learn(
				rest.flatMap(({ sums }) => sums),
				members
			)
		};
	};
	const mixing = mixingWithout(null) as { skus: ReturnType<typeof learn>; sums: ReturnType<typeof learn> };
	const unseen = past.map((at) => ({ at, mixing: mixingWithout(at) }));
	const at = (one: (typeof unseen)[number], belief: Belief) =>
		levelPoints(set, series, one.at, members, one.mixing, belief);
	const belief = beliefFrom(unseen.map((one) => at(one, UNDECIDED)));
	const told = unseen.map((one) => at(one, belief));
	const here = levelPoints(set, series, now, members, mixing, belief);

	const groups = {
		skus: group(told, (cases) => cases.skus),
		sums: group(told, (cases) => cases.sums)
	};
	const pairs = pairGroup(set, told);
	report(step++, steps);
	const singles = new Map<string, { skus: Calibration; sums: Calibration }>();
	for (const model of SINGLE) {
		const of = (cases: readonly Case[]) =>
			calibrationOf(
				cases.flatMap((one) => {
					const points = modelPoints(one, model);
					return points ? [outcome(one, points)] : [];
				})
			);
		singles.set(model, {
			skus: of(past.flatMap(({ skus }) => skus)),
			sums: of(past.flatMap(({ sums }) => sums))
		});
		report(step++, steps);
	}

	const models = new Map<string, SeriesState>();
	const forecasts: ForecastResult[] = [];
	const accuracy: AccuracyResult[] = [];
	for (const kind of ['skus', 'sums'] as const) {
		const { calibration, judge } = groups[kind];
		for (const one of now[kind]) {
			const key = one.series.id;
			const weights = mixing[kind].weights(key);
			const judged = accuracyResult(key, judge(key));
			if (judged.past.length > 0) accuracy.push(judged);
			models.set(key, {
				weights: plain(weights),
				own: ownOf(key, [
					['ensemble', calibration],
					...[...singles].map(([model, both]): [string, Calibration] => [model, both[kind]])
				])
			});
			const point = here.points.get(key)!;
			forecasts.push(
				forecastResult(
					key,
					point,
					bandsOf(calibration, outcome(one, point)),
					historyOf(one),
					{ byModel: pointsByModel(one), weights: named(members, weights) },
					judged.figures
				)
			);
		}
	}
	for (const pair of pairsOf(set, here)) {
		const judged = accuracyResult(pair.key, pairs.judge(pair.key));
		if (judged.past.length > 0) accuracy.push(judged);
		models.set(pair.key, { weights: [], own: ownOf(pair.key, [['ensemble', pairs.calibration]]) });
		forecasts.push(pairResult(pair, pairs.calibration, judged));
	}
	const shared = ({ own: _own, ...rest }: Calibration) => rest;
	const state = (kind: 'skus' | 'sums') => ({
		pool: plain(mixing[kind].pool),
		scale: mixing[kind].scale,
		calibrations: {
			ensemble: shared(groups[kind].calibration),
			...Object.fromEntries([...singles].map(([model, both]) => [model, shared(both[kind])]))
		}
	});
	return {
		set: {
			members,
			skus: state('skus'),
			sums: state('sums'),
			pairs: shared(pairs.calibration),
			belief
		},
		models,
		forecasts,
		accuracy
	};
}

export function pairResult(
	pair: Pair,
	calibration: Calibration,
	judged: AccuracyResult | null
): ForecastResult {
	return forecastResult(
		pair.key,
		pair.point,
		bandsOf(calibration, pair),
		pair.units,
		{ byModel: {}, weights: {} },
		judged?.figures ?? null
	);
}

export function pointsByModel(one: Case): Record<string, number[]> {
	return Object.fromEntries(
		[...one.points].filter(([name]) => !MEDIANS.includes(name)).map(([name, points]) => [name, plain(points)])
	);
}

export function named(members: readonly string[], weights: ArrayLike<number>): Record<string, number> {
	return Object.fromEntries(members.map((name, m) => [name, Number(weights[m]!.toFixed(4))]));
}

function ownOf(key: string, calibrations: readonly [string, Calibration][]): SeriesState['own'] {
	return Object.fromEntries(
		calibrations.flatMap(([model, { own }]) =>
			own[key] ? [[model, { n: own[key].n, q: own[key].q.map((value) => Number(value.toPrecision(5))) }]] : []
		)
	);
}

/** Ranges of one kind of series: learned from all past origins for now, from the others for each past one. */
function group(told: readonly LevelPoints[], kind: (cases: OriginCases) => readonly Case[]) {
	const outcomes = told.map(({ at, points }) =>
		kind(at).map((one) => outcome(one, points.get(one.series.id)!))
	);
	const without = leftOut(outcomes);
	const byKey = new Map<string, PastOne[]>();
	told.forEach(({ at }, o) =>
		kind(at).forEach((one, i) => {
			const said = outcomes[o]![i]!;
			const list = byKey.get(one.series.id) ?? [];
			byKey.set(one.series.id, list);
			list.push({
				at: one,
				units: historyOf(one),
				point: said.point,
				bands: bandsOf(without[o]!, said),
				naive: one.points.get('seasonal-naive') ?? said.point,
				one
			});
		})
	);
	return { calibration: calibrationOf(outcomes.flat()), judge: (key: string) => byKey.get(key) ?? [] };
}

function pairGroup(set: SalesSet, told: readonly LevelPoints[]) {
	const pairs = told.map((points) => pairsOf(set, points));
	const outcomes = pairs.map((list): Outcome[] => list);
	const without = leftOut(outcomes);
	const byKey = new Map<string, PastOne[]>();
	pairs.forEach((list, o) =>
		list.forEach((pair) => {
			const own = byKey.get(pair.key) ?? [];
			byKey.set(pair.key, own);
			own.push({
				at: pair,
				units: pair.units,
				point: pair.point,
				bands: bandsOf(without[o]!, pair),
				naive: pair.naive
			});
		})
	);
	return { calibration: calibrationOf(outcomes.flat()), judge: (key: string) => byKey.get(key) ?? [] };
}

/** For each origin the calibration that the other origins give; with one origin its own, as there is no other. */
function leftOut(outcomes: readonly (readonly Outcome[])[]): Calibration[] {
	return outcomes.map((own, o) => {
		const rest = outcomes.filter((_, other) => other !== o).flat();
		return calibrationOf(rest.length > 0 ? rest : own);
	});
}
