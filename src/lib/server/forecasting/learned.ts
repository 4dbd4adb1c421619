import type { Case } from './backtest.ts';
import { combined, type Weights } from './ensemble.ts';
import { FIXED } from './forecast-set.ts';
import type { Calibration } from './intervals.ts';
import { borrowed, usualStart } from './newcomers.ts';
import {
	believed,
	channelShares,
	reconciled,
	sumsOfParts,
	type Belief,
	type Reconciled
} from './reconcile.ts';
import type { SalesSet, SetSeries } from './sales-set.ts';
import { cleaned, until, type Day } from './series.ts';

/** What a training learned of a kind of series: SKUs, or sums of SKUs. Plain data. */
export interface GroupState {
	/** Weights for a series that was not there when it was trained. */
	pool: number[];
	/** Takes half of the pooled past bias out. */
	scale: number;
	/** By model; what single series add to it is stored with them. */
	calibrations: Record<string, Omit<Calibration, 'own'>>;
}

/** What a training learned of a set. Plain data. */
export interface SetState {
	/** Methods in the order of weights. */
	members: string[];
	skus: GroupState;
	sums: GroupState;
	pairs: Omit<Calibration, 'own'>;
	belief: Belief;
}

/** What a training learned of one series. Plain data. */
export interface SeriesState {
	/** In the order of the members; empty for a SKU on one channel, which takes its share of the SKU. */
	weights: number[];
	/** By model. */
	own: Record<string, { n: number; q: number[] }>;
}

/** Cases of one origin; those of series that had not begun are missing. */
export interface OriginCases {
	origin: Day;
	skus: Case[];
	sums: Case[];
}

/** How one kind of series is mixed. */
export interface Mixing {
	weights(id: string): Weights;
	scale: number;
}

/** Points of every level at one origin, in the order of `skus`, `sums` and pairs. */
export interface LevelPoints {
	at: OriginCases;
	/** SKUs and sums by key. */
	points: Map<string, Float64Array>;
	/** By SKU of `at.skus`, then channel. */
	pairs: Float64Array[][];
	/** What sums said by themselves and what their parts summed to, for learning whom to believe. */
	apart: { level: keyof Belief; own: Float64Array; parts: Float64Array; actual: Float64Array }[];
}

/** Mixes, lets new SKUs borrow, and brings all levels to one set of figures. */
export function levelPoints(
	set: SalesSet,
	series: SetSeries,
	at: OriginCases,
	members: readonly string[],
	mixing: { skus: Mixing; sums: Mixing },
	belief: Belief
): LevelPoints {
	const mix = (one: Case, { weights, scale }: Mixing) =>
		combined(one, members, weights(one.series.id)).map((value) => value * scale);
	const positions = new Map(series.skus.map(({ id }, i) => [id, i]));
	const index = at.skus.map((one) => positions.get(one.series.id)!);
	const known = at.skus.map((one) => ({ ...one.series, units: cleaned(until(one.series, at.origin).units) }));
	const usual = usualStart(known);
	const skus = at.skus.map((one, i) => borrowed(mix(one, mixing.skus), known[i]!.units, usual(known[i]!)));
	const own = new Map(at.sums.map((one) => [one.series.id, mix(one, mixing.sums)]));
	const horizon = skus[0]?.length ?? 0;
	const said = (key: string) => own.get(key) ?? new Float64Array(horizon);
	const given = {
		skus,
		categoryOf: index.map((i) => series.categoryOf[i]!),
		shares: channelShares(
			index.map((i) =>
				set.skus[i]!.byChannel.map((units) =>
					units ? units.subarray(0, Math.max(0, at.origin - set.skus[i]!.start + 1)) : null
				)
			)
		),
		shop: said('shop'),
		categories: series.categories.map((category) => said(`category:${category}`)),
		channels: set.channels.map((channel) => said(`channel:${channel}`))
	};
	const out = reconciled(given, belief);
	const points = new Map(at.skus.map((one, i) => [one.series.id, out.skus[i]!]));
	for (const [key, values] of sumsByKey(out, set, series)) points.set(key, values);
	const parts = sumsOfParts(given);
	const partsByKey = new Map<string, Float64Array>([
		['shop', parts.shop],
		...series.categories.map((category, c) => [`category:${category}`, parts.categories[c]!] as const),
		...set.channels.map((channel, k) => [`channel:${channel}`, parts.channels[k]!] as const)
	]);
	return {
		at,
		points,
		pairs: out.pairs,
		apart: at.sums.map((one) => ({
			level: one.series.id.split(':')[0] as keyof Belief,
			own: own.get(one.series.id)!,
			parts: partsByKey.get(one.series.id)!,
			actual: one.actual
		}))
	};
}

function sumsByKey(out: Reconciled, set: SalesSet, series: SetSeries): [string, Float64Array][] {
	return [
		['shop', out.shop],
		...series.categories.map((category, c): [string, Float64Array] => [
			`category:${category}`,
			out.categories[c]!
		]),
		...set.channels.map((channel, k): [string, Float64Array] => [`channel:${channel}`, out.channels[k]!])
	];
}

/** Whom to believe at each level, from past origins. */
export function beliefFrom(past: readonly LevelPoints[]): Belief {
	const of = (level: keyof Belief) =>
		believed(past.flatMap(({ apart }) => apart.filter((one) => one.level === level)));
	return { shop: of('shop'), category: of('category'), channel: of('channel') };
}

/** Points of a model by name: an engine's own, or the fixed mixture. Null where a part of it is missing. */
export function modelPoints(one: Case, model: string): Float64Array | null {
	if (model !== 'fixed') return one.points.get(model) ?? null;
	const names = Object.keys(FIXED);
	if (!names.every((name) => one.points.has(name))) return null;
	return combined(one, names, Float64Array.from(Object.values(FIXED)));
}
