import type { Engine } from './engines/engine.ts';
import { sane } from './engines/engine.ts';
import { weekdaySmoothing } from './engines/weekday-smoothing.ts';
import { learnPool } from './pool.ts';
import { cleaned, meanOf, until, type Day, type Series } from './series.ts';

/** What every method said about one series at one origin, and, when the origin lies in the past, what then happened. */
export interface Case {
	series: Series;
	origin: Day;
	/** By method. */
	points: Map<string, Float64Array>;
	/** `horizon` days after the origin; NaN where unknown or not yet happened. */
	actual: Float64Array;
	/** Days known at the origin. */
	known: number;
	/** Mean units of the last 90 known days: what errors of this series are weighed against. */
	usual: number;
	/** Share of known days of the last 180 without a sale. */
	idle: number;
}

/** CPU time by method, in milliseconds, for those who weigh cost against gain. */
export type Cost = Map<string, number>;

/** `count` origins `horizon` days apart, oldest first, the newest leaving exactly `horizon` known days. */
export function originsBefore(last: Day, horizon: number, count: number): Day[] {
	return Array.from({ length: count }, (_, k) => last - horizon * (count - k));
}

/**
 * Lets each engine forecast each series from what was known at `origin`. An engine that cannot is replaced by weekday smoothing for that
 * series: an ensemble has the same members everywhere. Series that had not begun are left out.
 */
export function casesAt(
	set: readonly Series[],
	origin: Day,
	horizon: number,
	engines: readonly Engine[],
	cost: Cost = new Map()
): Case[] {
	const known = set
		.map((series) => until(series, origin))
		.map((series) => ({ ...series, units: cleaned(series.units) }));
	const begun = [...known.keys()].filter((i) => known[i]!.units.length > 0);
	const pool = learnPool(
		begun.map((i) => known[i]!),
		origin
	);
	return begun.map((i) => {
		const series = known[i]!;
		const { units } = series;
		const points = new Map<string, Float64Array>();
		const nothing = units.every((value) => !(value > 0));
		const fallback = nothing
			? new Float64Array(horizon)
			: weekdaySmoothing.fit(series, pool).forecast(horizon);
		for (const engine of engines) {
			const before = performance.now();
			points.set(engine.name, (nothing ? null : attempt(engine, series, pool, horizon)) ?? fallback);
			cost.set(engine.name, (cost.get(engine.name) ?? 0) + performance.now() - before);
		}
		const truth = cleaned(set[i]!.units.subarray(units.length, units.length + horizon));
		const actual = new Float64Array(horizon).fill(Number.NaN);
		actual.set(truth);
		const recent = units.subarray(-180).filter((value) => !Number.isNaN(value));
		return {
			series: set[i]!,
			origin,
			points,
			actual,
			known: units.length,
			usual: meanOf(units, 90) || meanOf(units),
			idle: recent.length === 0 ? 1 : recent.filter((value) => value === 0).length / recent.length
		};
	});
}

/** Null when the engine refuses the series or breaks on it: wasm traps are ordinary errors here. */
function attempt(...[engine, series, pool, horizon]: [Engine, Series, Parameters<Engine['fit']>[1], number]) {
	try {
		return sane(engine.fit(series, pool).forecast(horizon), series.units);
	} catch {
		return null;
	}
}
