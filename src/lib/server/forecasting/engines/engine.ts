import type { Day, Series } from '../series.ts';

/** What a whole set of series knows together; see pool.ts. Engines of a single series do not look at it. */
export interface Pool {
	/** The expected share of a normal day's units on `day`: weekday, time of year and trend of the group. Mean about 1. */
	factor(series: Series, day: Day): number;
	/** How far known reasons (a promotion, a price, a retail day) lift `day` above an ordinary one; see lift.ts. */
	lift(series: Series, day: Day): number;
}

/** A fitted model of one series. */
export interface Fitted {
	/** Expected units for each of the `horizon` days after the last known day. May be negative or not finite: callers use `sane`. */
	forecast(horizon: number): Float64Array;
}

/**
 * A way to forecast. `fit` gets a cleaned series that ends at the origin and never sees later days; unknown days are NaN. It throws when the
 * series is not for it (too short, all zero): the caller then falls back.
 */
export interface Engine {
	name: string;
	fit(series: Series, pool: Pool): Fitted;
}

/** Thrown by engines for series they cannot fit. */
export class NotForThisSeries extends Error {}

/**
 * A forecast that is fit for use: not below 0, finite, and not above three times the highest day ever seen (a diverging trend or a
 * wild root is never right). Null when a value is not a number.
 */
export function sane(points: Float64Array, units: Float64Array): Float64Array | null {
	let highest = 0;
	for (const value of units) if (value > highest) highest = value;
	if (points.some(Number.isNaN)) return null;
	return points.map((value) => Math.min(Math.max(0, value), 3 * highest));
}
