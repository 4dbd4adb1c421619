import type { AccuracyFigures, ForecastNote, PastForecast } from '#lib/contracts/forecast-views.ts';
import type { Case } from './backtest.ts';
import { figuresOf, judged, addedFigures, type FigureSums } from './figures.ts';
import type { Bands } from './intervals.ts';
import { naiveScale } from './metrics.ts';
import { NEW_DAYS } from './newcomers.ts';
import { cleaned, dateOf, meanOf, until, type Day } from './series.ts';

/** Days of what was sold that stand beside a forecast. */
const SOLD_DAYS = 400;
/** Days after a past origin that are judged, and shown. */
export const JUDGED_DAYS = 30;
/** Fewer known days than this are a short history: Prophet sits out, a season of the week hardly shows. */
const SHORT_DAYS = 60;

/** A forecast as it is stored. Numbers of seven digits: more would be noise. */
export interface ForecastResult {
	key: string;
	point: number[];
	lo80: number[];
	hi80: number[];
	lo95: number[];
	hi95: number[];
	units30: number;
	units60: number;
	units90: number;
	sold30: number | null;
	sold: (number | null)[];
	byModel: Record<string, number[]>;
	weights: Record<string, number>;
	notes: ForecastNote[];
}

/** How far past forecasts were off, as it is stored. */
export interface AccuracyResult {
	key: string;
	figures: AccuracyFigures;
	sums: FigureSums;
	byModel: Record<string, number>;
	winner: string | null;
	past: PastForecast[];
}

const short = (value: number) => Number(value.toPrecision(7));
export const plain = (values: ArrayLike<number>) => Array.from(values, short);
const known = (values: ArrayLike<number>) =>
	Array.from(values, (value) => (Number.isNaN(value) ? null : short(value)));

/** `units` end at the origin. */
export function forecastResult(
	key: string,
	point: Float64Array,
	bands: Bands,
	units: Float64Array,
	given: Pick<ForecastResult, 'byModel' | 'weights'>,
	accuracy: AccuracyFigures | null
): ForecastResult {
	const clean = cleaned(units);
	const total = (days: number) => short(point.subarray(0, days).reduce((sum, value) => sum + value, 0));
	const last = clean.subarray(-30).filter((value) => !Number.isNaN(value));
	return {
		key,
		point: plain(point),
		lo80: plain(bands.lo80),
		hi80: plain(bands.hi80),
		lo95: plain(bands.lo95),
		hi95: plain(bands.hi95),
		units30: total(30),
		units60: total(60),
		units90: total(90),
		sold30: last.length === 0 ? null : last.reduce((sum, value) => sum + value, 0),
		sold: known(clean.subarray(-SOLD_DAYS)),
		...given,
		notes: notesOf(clean, accuracy)
	};
}

function notesOf(units: Float64Array, accuracy: AccuracyFigures | null): ForecastNote[] {
	const days = units.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
	if (!(meanOf(units) > 0)) return ['no_sales'];
	const notes: ForecastNote[] = [];
	if (days < SHORT_DAYS) notes.push('short_history');
	if (units.length < NEW_DAYS) notes.push('from_category');
	if (accuracy && accuracy.skill !== null && accuracy.skill <= 0) notes.push('not_better_than_naive');
	return notes;
}

/** A forecast of the past: the case as it was, the points as they would have been told, the ranges that did not know it. */
export interface PastOne {
	at: { origin: Day; actual: Float64Array };
	units: Float64Array;
	point: Float64Array;
	bands: Bands;
	naive: ArrayLike<number>;
	/** For the single methods. */
	one?: Case;
}

/** Judges the first 30 days after each past origin. */
export function accuracyResult(key: string, past: readonly PastOne[]): AccuracyResult {
	const judge = (one: PastOne, point: ArrayLike<number>) =>
		judged(
			{
				actual: one.at.actual,
				point,
				...one.bands,
				naive: one.naive,
				naiveScale: naiveScale(one.units)
			},
			JUDGED_DAYS
		);
	const sums = addedFigures(past.map((one) => judge(one, one.point)));
	const names = [...(past[0]?.one?.points.keys() ?? [])].filter((name) => name !== 'lstm-median');
	const errors = names.map((name): [string, number | null] => [
		name,
		figuresOf(addedFigures(past.map((one) => judge(one, one.one?.points.get(name) ?? one.point)))).wape
	]);
	const told = errors.filter((error): error is [string, number] => error[1] !== null);
	return {
		key,
		figures: figuresOf(sums),
		sums,
		byModel: Object.fromEntries(told.map(([name, wape]) => [name, short(wape)])),
		winner:
			told.reduce<[string, number] | null>(
				(best, one) => (best && best[1] <= one[1] ? best : one),
				null
			)?.[0] ?? null,
		past: past.map(({ at, point, bands }) => ({
			origin: dateOf(at.origin),
			said: {
				from: dateOf(at.origin + 1),
				point: plain(point.subarray(0, JUDGED_DAYS)),
				lo80: plain(bands.lo80.subarray(0, JUDGED_DAYS)),
				hi80: plain(bands.hi80.subarray(0, JUDGED_DAYS)),
				lo95: plain(bands.lo95.subarray(0, JUDGED_DAYS)),
				hi95: plain(bands.hi95.subarray(0, JUDGED_DAYS))
			},
			sold: known(at.actual.subarray(0, JUDGED_DAYS))
		}))
	};
}

/** The history of a case, as it was known. */
export function historyOf(one: Case): Float64Array {
	return cleaned(until(one.series, one.origin).units);
}
