import type { Pool } from './engines/engine.ts';
import { capped } from './engines/smoothing.ts';
import { ridge } from './least-squares.ts';
import { learnLift, withoutLift } from './lift.ts';
import { meanOf, weekdayOf, type Day, type Series } from './series.ts';

const YEAR = 365.25;
/** A category speaks for itself from this many series on; below, the whole set does. */
const OWN_GROUP = 20;
/** Pairs of yearly waves: enough for a peak of some weeks, too few to learn a single day. */
const WAVES = 4;

/**
 * What the set knows together at `origin`: for each group the expected share of a day by weekday and, from 13 months of history on, by time
 * of year, and what promotions, prices and retail days do. Each series counts alike and its rare large orders are capped, so that no big seller speaks for all.
 */
export function learnPool(raw: readonly Series[], origin: Day): Pool {
	const lift = learnLift(raw);
	const set = raw.map((series) => withoutLift(series, lift));
	const groups = new Map<string, Series[]>();
	for (const series of set)
		if (series.category) groups.set(series.category, [...(groups.get(series.category) ?? []), series]);
	const whole = calendarOf(set, origin);
	const own = new Map(
		[...groups]
			.filter(([, members]) => members.length >= OWN_GROUP)
			.map(([name, members]) => [name, calendarOf(members, origin)])
	);
	const calendar = ({ category }: Series) => (category && own.get(category)) || whole;
	return { factor: (series, day) => calendar(series)(day), lift };
}

/** Mean over the series of units against their own usual day, for each day; NaN where nothing is known. */
function indexOf(set: readonly Series[], origin: Day): { start: Day; index: Float64Array } {
	const start = set.reduce((least, series) => Math.min(least, series.start), origin);
	const sums = new Float64Array(Math.max(0, origin - start + 1));
	const counts = new Float64Array(sums.length);
	for (const series of set) {
		const units = capped(series.units);
		const usual = meanOf(units);
		if (!(usual > 0)) continue;
		units.forEach((value, i) => {
			const day = series.start + i - start;
			if (Number.isNaN(value) || day >= sums.length) return;
			sums[day]! += value / usual;
			counts[day]!++;
		});
	}
	return { start, index: sums.map((sum, i) => (counts[i]! > 0 ? sum / counts[i]! : Number.NaN)) };
}

function waves(day: Day): number[] {
	return Array.from({ length: WAVES }, (_, k) => (2 * Math.PI * (k + 1) * day) / YEAR).flatMap((x) => [
		Math.sin(x),
		Math.cos(x)
	]);
}

function calendarOf(set: readonly Series[], origin: Day): (day: Day) => number {
	const { start, index } = indexOf(set, origin);
	const mean = meanOf(index);
	if (!(mean > 0) || index.length < 14) return () => 1;
	const weekday = new Float64Array(7);
	for (let w = 0; w < 7; w++) {
		const days = index.filter(
			(value, i) => !Number.isNaN(value) && weekdayOf(start + i) === w && i >= index.length - 365
		);
		weekday[w] = days.length >= 2 ? meanOf(days) : mean;
	}
	const usual = meanOf(weekday);
	const open = weekday.map((value) => (value / usual < 0.03 ? 0 : value / usual));

	const rows: Float64Array[] = [];
	const logs: number[] = [];
	index.forEach((value, i) => {
		const share = open[weekdayOf(start + i)]!;
		// Days on which (nearly) nothing was sold are holidays: they say nothing of the time of year.
		if (!(value > 0.1 * mean * share) || share === 0) return;
		const one = new Float64Array(9 + 2 * WAVES);
		one[weekdayOf(start + i)] = 1;
		one[7] = 1;
		one[8] = (i - index.length) / YEAR;
		one.set(waves(start + i), 9);
		rows.push(one);
		logs.push(Math.log(value));
	});
	const yearly = index.length >= 395;
	const penalty = [
		...new Array<number>(7).fill(1),
		0,
		1,
		...new Array<number>(2 * WAVES).fill(yearly ? 20 : 1e9)
	];
	const w = ridge(rows, logs, penalty);
	const effect = (day: Day) => {
		let sum = w[weekdayOf(day)]!;
		waves(day).forEach((value, i) => (sum += w[9 + i]! * value));
		return Math.exp(sum);
	};
	// Scaled so that the last year of days averages 1.
	let scale = 0;
	for (let back = 0; back < 364; back++)
		scale += (open[weekdayOf(origin - back)] === 0 ? 0 : effect(origin - back)) / 364;
	const closed = closedDates(index, start, mean, open);
	return (day) => {
		if (open[weekdayOf(day)] === 0) return 0;
		return (closed.has(monthAndDay(day)) ? 0.03 : 1) * (effect(day) / scale);
	};
}

/** Fixed dates on which the whole set stood still each time they were seen, though the weekday usually sells: 25 December, 1 January. */
function closedDates(index: Float64Array, start: Day, mean: number, open: Float64Array): Set<string> {
	const still = new Map<string, boolean>();
	index.forEach((value, i) => {
		if (Number.isNaN(value) || open[weekdayOf(start + i)]! < 0.2) return;
		const date = monthAndDay(start + i);
		still.set(date, (still.get(date) ?? true) && value < 0.03 * mean);
	});
	return new Set([...still].filter(([, always]) => always).map(([date]) => date));
}

function monthAndDay(day: Day): string {
	return new Date(day * 86_400_000).toISOString().slice(5, 10);
}
