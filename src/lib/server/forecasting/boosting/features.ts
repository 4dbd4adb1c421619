import { meanOf, weekdayOf, type Day, type Series } from '../series.ts';
import { capped } from '../engines/smoothing.ts';

/** Days of history before which nothing is said of a series. */
export const LEAST_DAYS = 35;
/** A year of whole weeks: the same weekday a year ago. */
const YEAR = 364;
const SCALE_DAYS = 112;
/** Days of the set's own weekday that a series' weekday is drawn to. */
const TRUST_DAYS = 12;
/** A weekday of which so many were seen without any sale is closed. */
const CLOSED_DAYS = 15;

/** Running sums, so that a mean over any days costs two lookups. */
export interface Sums {
	units: Float64Array;
	known: Float64Array;
	idle: Float64Array;
}

export function sumsOf(units: Float64Array): Sums {
	const sums = {
		units: new Float64Array(units.length + 1),
		known: new Float64Array(units.length + 1),
		idle: new Float64Array(units.length + 1)
	};
	units.forEach((value, i) => {
		const known = !Number.isNaN(value);
		sums.units[i + 1] = sums.units[i]! + (known ? value : 0);
		sums.known[i + 1] = sums.known[i]! + (known ? 1 : 0);
		sums.idle[i + 1] = sums.idle[i]! + (value === 0 ? 1 : 0);
	});
	return sums;
}

/** Mean of the known days from `from` to before `to`; NaN where none is known. */
function mean({ units, known }: Sums, from: number, to: number): number {
	const [a, b] = [Math.max(0, from), Math.min(units.length - 1, to)];
	const days = a < b ? known[b]! - known[a]! : 0;
	return days > 0 ? (units[b]! - units[a]!) / days : Number.NaN;
}

function idleShare({ known, idle }: Sums, from: number, to: number): number {
	const a = Math.max(0, from);
	const days = known[to]! - known[a]!;
	return days > 0 ? (idle[to]! - idle[a]!) / days : Number.NaN;
}

/** How the set sells day by day: the mean over its series of a day against their own usual day. */
export interface SetDays {
	start: Day;
	sums: Sums;
	index: Float64Array;
	/** By weekday, against the mean of all. */
	weekdays: Float64Array;
}

export function setDays(set: readonly Series[]): SetDays {
	const start = set.reduce((least, series) => Math.min(least, series.start), Infinity);
	const end = set.reduce((most, { start, units }) => Math.max(most, start + units.length), start);
	const total = new Float64Array(end - start);
	const count = new Float64Array(end - start);
	for (const series of set) {
		const units = capped(series.units);
		const usual = meanOf(units);
		if (!(usual > 0)) continue;
		units.forEach((value, i) => {
			if (Number.isNaN(value)) return;
			total[series.start - start + i]! += value / usual;
			count[series.start - start + i]!++;
		});
	}
	const index = total.map((value, i) => (count[i]! > 0 ? value / count[i]! : Number.NaN));
	const recent = Math.max(0, index.length - YEAR);
	const usual = meanOf(index, YEAR);
	const weekdays = Float64Array.from({ length: 7 }, (_, weekday) => {
		const days = index.filter((_, i) => i >= recent && weekdayOf(start + i) === weekday);
		return usual > 0 && days.length > 0 ? meanOf(days) / usual : 1;
	});
	return { start, sums: sumsOf(index), index, weekdays };
}

/** What is known of a series after `end` of its days. */
export interface Known {
	end: number;
	/** Units that forecasts of it are multiples of. */
	scale: number;
	/** Expected share of each weekday; 0 where it never sells. */
	weekdays: Float64Array;
	/** The features that are the same for all days ahead. */
	fixed: number[];
}

/** Null when nothing was sold in the days that make the scale. */
export function knownAt({ units, start }: Series, sums: Sums, set: SetDays, end: number): Known | null {
	const usual = mean(sums, end - SCALE_DAYS, end);
	if (!(usual > 0)) return null;
	const scale =
		0.5 * usual +
		0.3 * orElse(mean(sums, end - 56, end), usual) +
		0.2 * orElse(mean(sums, end - 28, end), usual);
	let highest = 0;
	let squares = 0;
	let sales = 0;
	for (let i = Math.max(0, end - SCALE_DAYS); i < end; i++) {
		if (!(units[i]! > 0)) continue;
		highest = Math.max(highest, units[i]!);
		squares += units[i]! ** 2;
		sales++;
	}
	let silent = 0;
	while (silent < 60 && end - 1 - silent >= 0 && !(units[end - 1 - silent]! > 0)) silent++;
	const at = start + end - set.start;
	const level = (days: number) => log(mean(sums, end - days, end) / scale);
	const setLevel = (days: number) => mean(set.sums, at - days, at);
	return {
		end,
		scale,
		weekdays: weekdaysOf(units, start, end, usual, set.weekdays),
		fixed: [
			...[3, 7, 14, 28, 56, 112].map(level),
			log(mean(sums, end - 84, end - 28) / scale),
			end > 200 ? level(365) : Number.NaN,
			idleShare(sums, end - 28, end),
			idleShare(sums, end - SCALE_DAYS, end),
			silent,
			log(highest / scale),
			log(squares / sales / scale ** 2),
			log(scale),
			Math.min(800, end),
			log(setLevel(28) / setLevel(112)),
			log(setLevel(7) / setLevel(56))
		]
	};
}

function weekdaysOf(
	units: Float64Array,
	start: Day,
	end: number,
	usual: number,
	set: Float64Array
): Float64Array {
	const sold = new Float64Array(7);
	const days = new Float64Array(7);
	for (let i = Math.max(0, end - 182); i < end; i++) {
		if (Number.isNaN(units[i]!)) continue;
		// a single large order does not make its weekday a good one
		sold[weekdayOf(start + i)]! += Math.min(units[i]!, 6 * usual);
		days[weekdayOf(start + i)]!++;
	}
	const all = sold.reduce((a, b) => a + b, 0) / days.reduce((a, b) => a + b, 0);
	return sold.map((value, weekday) => {
		const seen = days[weekday]!;
		if (seen > CLOSED_DAYS && value === 0) return 0;
		return ((all > 0 ? value / all : seen) + set[weekday]! * TRUST_DAYS) / (seen + TRUST_DAYS);
	});
}

export const FEATURES = 26;

/** Writes what is known of the day `ahead` days after the last known one (0 is the next day). */
export function describe(
	row: Float32Array,
	series: Series,
	sums: Sums,
	set: SetDays,
	known: Known,
	ahead: number
): void {
	const { end, scale, fixed } = known;
	const i = end + ahead;
	const day = series.start + i;
	const inSet = day - set.start;
	const atEnd = series.start + end - set.start;
	// the same weekday in the newest weeks that are known
	const weeks = (count: number) => {
		let sum = 0;
		let seen = 0;
		for (let back = i - 7 * (1 + Math.floor(ahead / 7)); back >= 0 && seen < count; back -= 7) {
			if (Number.isNaN(series.units[back]!)) continue;
			sum += series.units[back]!;
			seen++;
		}
		return seen > 0 ? log(sum / seen / scale) : Number.NaN;
	};
	const lastYear = i - YEAR - 7 >= 0 ? mean(sums, i - YEAR - 7, i - YEAR + 8) : Number.NaN;
	const setYear = inSet - YEAR - 7 >= 0;
	row.set(fixed);
	row.set(
		[
			ahead,
			weekdayOf(day),
			((day % 365.25) + 365.25) % 365.25,
			weeks(4),
			weeks(8),
			log(lastYear / scale),
			end >= YEAR + 28
				? log(lastYear / (mean(sums, end - YEAR - 28, end - YEAR + 1) + 0.1 * scale))
				: Number.NaN,
			setYear
				? log(
						mean(set.sums, inSet - YEAR - 7, inSet - YEAR + 8) /
							mean(set.sums, atEnd - YEAR - 56, atEnd - YEAR)
					)
				: Number.NaN,
			setYear ? log(set.index[inSet - YEAR]!) : Number.NaN
		],
		fixed.length
	);
}

function orElse(value: number, other: number): number {
	return Number.isNaN(value) ? other : value;
}

/** Logs of ratios, with room for 0. */
function log(value: number): number {
	return Math.log(value + 0.05);
}
