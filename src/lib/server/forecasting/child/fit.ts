import { caseOf, type Case, type SaidTogether } from '../backtest.ts';
import type { Pool } from '../engines/engine.ts';
import { ENGINES } from '../engines/index.ts';
import { learnPool } from '../pool.ts';
import { HORIZON } from '../sales-set.ts';
import { cleaned, until, type Day, type Series } from '../series.ts';
import { SHARED_NAMES } from '../shared-models.ts';

/** What every engine said about one series at one origin: points in the order of `ENGINE_NAMES`. Single precision is what is kept. */
export type Said = Float32Array[];

/** What the models of all SKUs said about one series, in the order of `SHARED_NAMES`; null where one could say nothing. */
export type SharedSaid = (Float32Array | null)[];

export const ENGINE_NAMES = ENGINES.map(({ name }) => name);
/** Engines in plain TypeScript, for a series on which a thread was lost. */
const SAFE = new Set([
	'seasonal-naive',
	'weekday-smoothing',
	'weekday-robust',
	'pooled-smoothing',
	'last-year',
	'tsb'
]);

/** The calendar of a set as it was known at an origin. */
export function poolAt(set: readonly Series[], origin: Day): Pool {
	return learnPool(
		set
			.filter(({ start }) => start <= origin)
			.map((series) => ({ ...series, units: cleaned(until(series, origin).units) })),
		origin
	);
}

/** Lets every engine forecast; `safe` leaves out those that could take the thread with them. Null where the series had not begun. */
export function fitSeries(series: Series, origin: Day, pool: Pool, safe = false): Said | null {
	if (series.start > origin) return null;
	const engines = safe ? ENGINES.filter(({ name }) => SAFE.has(name)) : ENGINES;
	const { points } = caseOf(series, origin, HORIZON, engines, pool);
	return ENGINE_NAMES.map((name) => Float32Array.from(points.get(name) ?? points.get('weekday-smoothing')!));
}

/** The case again from what was said, with the answers of the models of all SKUs beside the engines'; null where those are not asked. */
export function caseFrom(series: Series, origin: Day, said: Said, shared: SharedSaid | null): Case {
	const simple = said[ENGINE_NAMES.indexOf('weekday-smoothing')]!;
	const all = [...said, ...(shared ? SHARED_NAMES.map((_, m) => shared[m] ?? simple) : [])];
	const together: SaidTogether = {
		names: [...ENGINE_NAMES, ...(shared ? SHARED_NAMES : [])],
		said: all.map((points) => Float64Array.from(points.length === HORIZON ? points : simple))
	};
	return caseOf(series, origin, HORIZON, [], FLAT, undefined, together);
}

const FLAT: Pool = { factor: () => 1, lift: () => 1 };
