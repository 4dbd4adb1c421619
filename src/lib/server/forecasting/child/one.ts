import { lifted, type Case } from '../backtest.ts';
import { boostedTrees } from '../boosting/train.ts';
import { combined, poolWeights, seriesWeights } from '../ensemble.ts';
import type { Pool } from '../engines/engine.ts';
import { outcome } from '../forecast-set.ts';
import { bandsOf, calibrationOf, type Calibration } from '../intervals.ts';
import { modelPoints, type SeriesState } from '../learned.ts';
import { withoutLift } from '../lift.ts';
import { networkFrom } from '../lstm/train.ts';
import { calibrationFor, weightsOf } from '../refresh-set.ts';
import { accuracyResult, forecastResult, historyOf, type PastOne } from '../results.ts';
import { HORIZON, pastOrigins, skuSeries } from '../sales-set.ts';
import { cleaned, type Series } from '../series.ts';
import { NETWORK_NAMES, sideBySide, TREES_NAMES, untrained } from '../shared-models.ts';
import { named, pointsByModel } from '../train-set.ts';
import { MODELS } from '#lib/contracts/forecast-views.ts';
import { caseFrom, ENGINE_NAMES, fitSeries, poolAt, type SharedSaid } from './fit.ts';
import type { Job, OneResult } from './protocol.ts';
import { unpackModels } from './stored-models.ts';

/**
 * One SKU while somebody waits. The models that know all SKUs are not trained for one: stored ones answer, and their weight stays what the
 * last training gave them, since they have seen the days they would be judged on.
 */
export async function forecastOne(job: Extract<Job, { kind: 'one' }>): Promise<OneResult> {
	const { origin, skus } = job.set;
	const series = skuSeries(job.set, skus[0]!);
	const shop: Series = { id: 'shop', start: job.shop.start, units: job.shop.units };
	const at = (day: number, shared: SharedSaid | null = null): Case | null => {
		const said = fitSeries(series, day, poolAt([shop, series], day));
		return said && caseFrom(series, day, said, shared);
	};
	const now = at(origin, await sharedPoints(job.shared, series, shop, poolAt([shop, series], origin)))!;
	const { state } = job;
	const members = state ? state.members.filter((name) => now.points.has(name)) : ENGINE_NAMES;
	const past = job.retrain
		? pastOrigins(origin)
				.map((day) => at(day))
				.filter((one) => one !== null)
		: [];
	const stored = state ? weightsOf(state, state.skus, job.model ?? undefined) : null;
	const before = members.map((name) => stored?.[state!.members.indexOf(name)] ?? 1 / members.length);
	const weights = past.length > 0 ? reweighed(past, members, before) : normalised(before);
	const scale = state?.skus.scale ?? 1;
	const mix = (one: Case) => {
		const there = members.filter((name) => one.points.has(name));
		const shares = normalised(there.map((name) => weights[members.indexOf(name)]!));
		return combined(one, there, shares).map((value) => value * scale);
	};

	const models = MODELS.filter((model) => model === 'ensemble' || modelPoints(now, model));
	const learned = new Map<string, Calibration>(
		models.map((model) => [
			model,
			calibrationOf(
				past.flatMap((one) => {
					const points = model === 'ensemble' ? mix(one) : modelPoints(one, model);
					return points ? [outcome(one, points)] : [];
				})
			)
		])
	);
	const own: SeriesState['own'] = { ...job.model?.own };
	for (const [model, calibration] of learned)
		if (calibration.own[series.id]?.n) own[model] = calibration.own[series.id]!;
	const calibrations = Object.fromEntries(
		models.map((model) => {
			const shared = state?.skus.calibrations[model] ?? learned.get(model)!;
			return [model, { classes: shared.classes, factors: shared.factors }];
		})
	);
	const bands = (one: Case, point: Float64Array) =>
		bandsOf(
			calibrationFor(calibrations['ensemble']!, series.id, 'ensemble', { weights: [], own }),
			outcome(one, point)
		);
	const judged = past.map((one): PastOne => ({
		at: one,
		units: historyOf(one),
		point: mix(one),
		bands: bands(one, mix(one)),
		naive: one.points.get('seasonal-naive')!,
		one
	}));
	const accuracy = judged.length > 0 ? accuracyResult(series.id, judged) : null;
	const point = mix(now);
	return {
		forecast: forecastResult(
			series.id,
			point,
			bands(now, point),
			historyOf(now),
			{ byModel: pointsByModel(now), weights: named(members, weights) },
			accuracy?.figures ?? null
		),
		calibrations,
		own,
		accuracy,
		spread: { usual: now.usual, idle: now.idle, closed: now.closed }
	};
}

/** What stored models of all SKUs say of one; the shop stands for how the set sells. */
async function sharedPoints(
	stored: Uint8Array | null,
	series: Series,
	shop: Series,
	pool: Pool
): Promise<SharedSaid | null> {
	if (!stored) return null;
	const { network: weights, trees } = unpackModels(stored);
	const known = { ...series, units: cleaned(series.units) };
	const ordinary = withoutLift(known, pool.lift);
	const network = await networkFrom(weights, HORIZON);
	const said = sideBySide([
		network ?? untrained(NETWORK_NAMES),
		trees ? boostedTrees(trees, [withoutLift(shop, pool.lift)]) : untrained(TREES_NAMES)
	]).forecast([ordinary], HORIZON)[0]!;
	network?.dispose();
	return said.map((points) => points && Float32Array.from(lifted(points, known, pool)));
}

/** Weights of the engines tilted to this SKU's own past; a member without a past keeps its share. */
function reweighed(
	past: readonly Case[],
	members: readonly string[],
	before: readonly number[]
): Float64Array {
	const judged = members.filter((name) => past[0]!.points.has(name));
	const pool = normalised(judged.map((name) => before[members.indexOf(name)]!));
	const even = before.every((value) => value === before[0]);
	const own = seriesWeights(past, judged, even ? poolWeights(past, judged) : pool);
	const kept = members.reduce((sum, name, m) => (judged.includes(name) ? sum : sum + before[m]!), 0);
	return Float64Array.from(
		members.map((name, m) => (judged.includes(name) ? own[judged.indexOf(name)]! * (1 - kept) : before[m]!))
	);
}

function normalised(values: readonly number[]): Float64Array {
	const sum = values.reduce((a, b) => a + b, 0);
	return Float64Array.from(values, (value) => (sum > 0 ? value / sum : 1 / values.length));
}
