import type { AccuracyFigures } from '#lib/contracts/forecast-views.ts';
import type { Case } from './backtest.ts';
import { outcome } from './forecast-set.ts';
import { bandsOf, type Calibration } from './intervals.ts';
import {
	levelPoints,
	type GroupState,
	type Mixing,
	type OriginCases,
	type SeriesState,
	type SetState
} from './learned.ts';
import { pairsOf } from './pairs.ts';
import { forecastResult, historyOf, type ForecastResult } from './results.ts';
import type { SalesSet, SetSeries } from './sales-set.ts';
import { named, pairResult, pointsByModel } from './train-set.ts';

/** Forecasts all levels from newer days with what a training learned. A SKU that is newer than the training takes the set's weights. */
export function refreshSet(
	set: SalesSet,
	series: SetSeries,
	now: OriginCases,
	state: SetState,
	models: ReadonlyMap<string, SeriesState>,
	judged: ReadonlyMap<string, AccuracyFigures>
): ForecastResult[] {
	const mixing = (group: GroupState): Mixing => ({
		weights: (key) => weightsOf(state, group, models.get(key)),
		scale: group.scale
	});
	const both = { skus: mixing(state.skus), sums: mixing(state.sums) };
	const here = levelPoints(set, series, now, state.members, both, state.belief);
	const result = (kind: 'skus' | 'sums') => (one: Case) => {
		const key = one.series.id;
		const point = here.points.get(key)!;
		return forecastResult(
			key,
			point,
			bandsOf(
				calibrationFor(state[kind].calibrations['ensemble']!, key, 'ensemble', models.get(key)),
				outcome(one, point)
			),
			historyOf(one),
			{ byModel: pointsByModel(one), weights: named(state.members, both[kind].weights(key)) },
			judged.get(key) ?? null
		);
	};
	return [
		...now.skus.map(result('skus')),
		...now.sums.map(result('sums')),
		...pairsOf(set, here).map((pair) => {
			const forecast = pairResult(
				pair,
				calibrationFor(state.pairs, pair.key, 'ensemble', models.get(pair.key)),
				null
			);
			const skill = judged.get(pair.key)?.skill;
			if (skill !== undefined && skill !== null && skill <= 0) forecast.notes.push('not_better_than_naive');
			return forecast;
		})
	];
}

export function weightsOf(state: SetState, group: GroupState, own: SeriesState | undefined): Float64Array {
	const weights = own?.weights ?? [];
	return Float64Array.from(weights.length === state.members.length ? weights : group.pool);
}

/** The set's calibration with what is stored of one series. */
export function calibrationFor(
	shared: Omit<Calibration, 'own'>,
	key: string,
	model: string,
	own: SeriesState | undefined
): Calibration {
	const mine = own?.own[model];
	return { ...shared, own: mine ? { [key]: mine } : {} };
}
