import { arima } from './arima.ts';
import type { Engine } from './engine.ts';
import { holtWinters } from './holt-winters.ts';
import { lastYear } from './last-year.ts';
import { pooledSmoothing } from './pooled-smoothing.ts';
import { prophet } from './prophet.ts';
import { seasonalNaive } from './seasonal-naive.ts';
import { theta } from './theta.ts';
import { tsb } from './tsb.ts';
import { weekdayRobust, weekdaySmoothing } from './weekday-smoothing.ts';

/** Every engine of a single series, by the name it has in results. */
export const ENGINES: readonly Engine[] = [
	seasonalNaive,
	weekdaySmoothing,
	weekdayRobust,
	pooledSmoothing,
	lastYear,
	holtWinters,
	theta,
	tsb,
	arima,
	prophet
];
