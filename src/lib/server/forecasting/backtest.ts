import type { Engine, Pool } from './engines/engine.ts';
import { sane } from './engines/engine.ts';
import { seasonalNaive } from './engines/seasonal-naive.ts';
import { weekdaySmoothing } from './engines/weekday-smoothing.ts';
import { withoutLift } from './lift.ts';
import { learnPool } from './pool.ts';
import { cleaned, meanOf, until, weekdayOf, type Day, type Series } from './series.ts';

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
	/** 1 for days whose weekday never sells. */
	closed: Uint8Array;
	/** Mean units of the last 90 days, or a quarter of the long mean where sales stopped: what errors of this series are weighed against. */
	usual: number;
	/** Share of known days of the last 180 without a sale. */
	idle: number;
}

/** A model of all series together, trained on no day after the origin it is asked for. */
export interface SharedModel {
	/** Its methods, in the order of each answer. */
	names: readonly string[];
	/** For each series (cleaned, ending at the origin) each method's points; null where it cannot say anything. */
	forecast(set: readonly Series[], horizon: number): ((Float64Array | null)[] | null)[];
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
	cost: Cost = new Map(),
	shared: SharedModel | null = null
): Case[] {
	const known = set
		.map((series) => until(series, origin))
		.map((series) => ({ ...series, units: cleaned(series.units) }));
	const begun = [...known.keys()].filter((i) => known[i]!.units.length > 0);
	const pool = learnPool(
		begun.map((i) => known[i]!),
		origin
	);
	const before = performance.now();
	const together = shared
		? shared.forecast(
				begun.map((i) => withoutLift(known[i]!, pool.lift)),
				horizon
			)
		: [];
	if (shared) cost.set(shared.names[0]!, (cost.get(shared.names[0]!) ?? 0) + performance.now() - before);
	return begun.map((i, position) =>
		caseOf(
			set[i]!,
			origin,
			horizon,
			engines,
			pool,
			cost,
			shared && {
				names: shared.names,
				said: together[position]?.map((points) => points && lifted(points, known[i]!, pool)) ?? null
			}
		)
	);
}

/** What a shared model said about one series; null where it could say nothing. */
export interface SaidTogether {
	names: readonly string[];
	said: (Float64Array | null)[] | null;
}

/** The case of one series that had begun at `origin`; `pool` was learned from the set as it was known then. */
export function caseOf(
	whole: Series,
	origin: Day,
	horizon: number,
	engines: readonly Engine[],
	pool: Pool,
	cost: Cost = new Map(),
	shared: SaidTogether | null = null
): Case {
	const known = until(whole, origin);
	const series = { ...known, units: cleaned(known.units) };
	const { units } = series;
	const points = new Map<string, Float64Array>();
	const ordinary = withoutLift(series, pool.lift);
	const nothing = units.every((value) => !(value > 0)) || hasEnded(units);
	const closed = closedAhead(series, horizon);
	let made: Float64Array | undefined;
	const fallback = () =>
		(made ??= nothing
			? new Float64Array(horizon)
			: lifted(weekdaySmoothing.fit(ordinary, pool).forecast(horizon), series, pool));
	for (const engine of engines) {
		const before = performance.now();
		// The yardstick repeats what was sold, whatever the reason.
		const plain = engine === seasonalNaive;
		const own = nothing ? null : attempt(engine, plain ? series : ordinary, pool, horizon);
		const said = (own && (plain ? own : lifted(own, series, pool))) ?? fallback();
		points.set(
			engine.name,
			said.map((value, h) => (closed[h] ? 0 : value))
		);
		cost.set(engine.name, (cost.get(engine.name) ?? 0) + performance.now() - before);
	}
	shared?.names.forEach((name, m) => {
		const said = shared.said?.[m];
		points.set(
			name,
			((!nothing && said && sane(said, units)) || fallback()).map((value, h) => (closed[h] ? 0 : value))
		);
	});
	const truth = cleaned(whole.units.subarray(units.length, units.length + horizon));
	const actual = new Float64Array(horizon).fill(Number.NaN);
	actual.set(truth);
	const recent = units.subarray(-180).filter((value) => !Number.isNaN(value));
	return {
		series: whole,
		origin,
		points,
		actual,
		known: units.length,
		usual: Math.max(meanOf(units, 90), 0.25 * meanOf(units, 730)),
		closed,
		idle: recent.length === 0 ? 1 : recent.filter((value) => value === 0).length / recent.length
	};
}

/** Points of ordinary days with what is known to come after the last known one. */
export function lifted(points: Float64Array, series: Series, pool: Pool): Float64Array {
	const next = series.start + series.units.length;
	return points.map((value, h) => value * pool.lift(series, next + h));
}

/** Null when the engine refuses the series or breaks on it: wasm traps are ordinary errors here. */
function attempt(...[engine, series, pool, horizon]: [Engine, Series, Parameters<Engine['fit']>[1], number]) {
	try {
		return sane(engine.fit(series, pool).forecast(horizon), series.units);
	} catch {
		return null;
	}
}

const LEAST_HISTORY = 400;
const LEAST_SILENCE = 60;

/**
 * Whether a series has stopped: silent for two months and half as long again as ever before, in a history that holds a whole year, so that no
 * season is taken for the end. Engines would go on with a little of it for ever; unknown days are no silence.
 */
export function hasEnded(units: Float64Array): boolean {
	if (units.length < LEAST_HISTORY) return false;
	let silence = 0;
	let longest = 0;
	for (const value of units) {
		if (value > 0) {
			longest = Math.max(longest, silence);
			silence = 0;
		} else if (!Number.isNaN(value)) silence++;
	}
	return silence >= LEAST_SILENCE && silence > 1.5 * longest;
}

/** Weekdays without a single sale in the last half year, of eight or more known. */
export function closedAhead({ units, start }: Series, horizon: number): Uint8Array {
	const known = new Uint8Array(7);
	const sold = new Uint8Array(7);
	for (let i = Math.max(0, units.length - 182); i < units.length; i++) {
		const weekday = weekdayOf(start + i);
		if (!Number.isNaN(units[i]!)) known[weekday]!++;
		if (units[i]! > 0) sold[weekday] = 1;
	}
	const selling = sold.some((value) => value === 1);
	return Uint8Array.from({ length: horizon }, (_, h) => {
		const weekday = weekdayOf(start + units.length + h);
		return selling && known[weekday]! >= 8 && !sold[weekday] ? 1 : 0;
	});
}
