import { meanOf, type Series } from '../series.ts';

/** Steps the network reads, a week each. */
export const WEEKS = 10;
/** Features of a step: seven days, the week's position in the year, known share. */
export const STEP = 10;
/** Features of the whole window. */
export const STATIC = 9;
/** Scaled targets above this are cut: one wholesale order would outweigh a year of gradients. */
const HIGHEST = 20;
/** Days before the window that the scale looks at. */
const SCALE_DAYS = 112;

export interface Window {
	steps: Float32Array;
	statics: Float32Array;
	/** What scaled units are multiplied by. */
	scale: number;
}

const log = (value: number) => Math.log1p(Math.max(0, value));

function yearWaves(day: number, count: number): number[] {
	const angle = (2 * Math.PI * day) / 365.25;
	return Array.from({ length: count }, (_, k) => k + 1).flatMap((k) => [
		Math.sin(k * angle),
		Math.cos(k * angle)
	]);
}

/**
 * What was known after `end` days of a series. The weeks end at the origin, whatever weekday that is, so that each position of a patch and of the answer
 * is the same weekday: the network needs no calendar for the week. Null when nothing was sold in the days that make the scale.
 */
export function windowAt({ units, start }: Series, end: number, horizon: number): Window | null {
	const scale = meanOf(units.subarray(Math.max(0, end - SCALE_DAYS), end));
	if (!(scale > 0)) return null;
	const steps = new Float32Array(WEEKS * STEP);
	for (let week = 0; week < WEEKS; week++) {
		const from = end - 7 * (WEEKS - week);
		let known = 0;
		for (let d = 0; d < 7; d++) {
			const value = from + d >= 0 ? units[from + d]! : Number.NaN;
			if (Number.isNaN(value)) continue;
			steps[week * STEP + d] = log(value / scale);
			known++;
		}
		steps.set([...yearWaves(start + from, 1), known / 7], week * STEP + 7);
	}
	const recent = units.subarray(Math.max(0, end - 90), end);
	const lastYear = end >= 364 ? units.subarray(end - 364, end - 364 + horizon) : units.subarray(0, 0);
	const lastYearBefore = end >= 364 + 56 ? meanOf(units.subarray(end - 364 - 56, end - 364)) : 0;
	const statics = Float32Array.from([
		log(scale) / 4,
		recent.filter((value) => value === 0).length / Math.max(1, recent.length),
		log(meanOf(units.subarray(Math.max(0, end - 28), end)) / scale),
		...yearWaves(start + end, 2),
		lastYearBefore > 0 ? log(Math.min(5, meanOf(lastYear) / lastYearBefore)) - log(1) : 0,
		lastYearBefore > 0 ? 1 : 0
	]);
	return { steps, statics, scale };
}

/** The scaled days after `end`; -1 where unknown, which the losses leave out. */
export function targetsAt({ units }: Series, end: number, horizon: number, scale: number): Float32Array {
	return Float32Array.from({ length: horizon }, (_, h) => {
		const value = end + h < units.length ? units[end + h]! : Number.NaN;
		return Number.isNaN(value) ? -1 : Math.min(HIGHEST, value / scale);
	});
}
