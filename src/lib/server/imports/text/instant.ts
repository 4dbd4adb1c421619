import { short } from './amount.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** Abbreviations that channels write, in minutes east of UTC. */
const ZONES: Record<string, number> = {
	Z: 0,
	UTC: 0,
	GMT: 0,
	BST: 60,
	CET: 60,
	CEST: 120,
	MET: 60,
	MEST: 120,
	EST: -300,
	EDT: -240,
	CST: -360,
	CDT: -300,
	MST: -420,
	MDT: -360,
	PST: -480,
	PDT: -420,
	JST: 540
};

const TIME =
	'(?:[T,\\s]+(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,]\\d+)?)?(?:\\s*([AaPp])\\.?[Mm]\\.?)?)?\\s*(Z|[A-Z]{3,4}|(?:UTC|GMT)?[+-]\\s*\\d{1,2}\\s*:?\\s*\\d{2})?';
const YEAR_FIRST = new RegExp(`^(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})${TIME}$`);
const YEAR_LAST = new RegExp(`^(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4}|\\d{2})${TIME}$`);
const MONTH_FIRST = new RegExp(`^([A-Za-z]{3,9})\\.?\\s+(\\d{1,2}),?\\s+(\\d{4})${TIME}$`);
const DAY_FIRST = new RegExp(`^(\\d{1,2})[-.\\s]+([A-Za-z]{3,9})\\.?[-,\\s]+(\\d{4})${TIME}$`);

/** The message is for the person who has the file before them. */
export class NoInstant extends Error {
	constructor(cell: string, dayFirst: boolean) {
		super(
			`“${short(cell)}” is no date. Write it as 2025-03-31 or 2025-03-31 14:05, or as ${dayFirst ? '31/03/2025' : '03/31/2025'}.`
		);
	}
}

/**
 * The instant (ISO, UTC) that a cell says. A time without a zone is one of `timeZone`; a day without a time is its noon, so that
 * it stays this day in the zones around. `dayFirst` decides 03/04/2025; with points the day always stands first.
 * Empty is null. @throws NoInstant
 */
export function instantOf(cell: string, timeZone: string, dayFirst: boolean): string | null {
	const text = cell.trim();
	if (text === '') return null;
	const parts = read(text, dayFirst);
	if (!parts) throw new NoInstant(cell, dayFirst);
	const { year, month, day, hour, minute, second, offset } = parts;
	const wall = Date.UTC(year, month - 1, day, hour, minute, second);
	const check = new Date(wall);
	if (
		check.getUTCMonth() !== month - 1 ||
		check.getUTCDate() !== day ||
		hour > 23 ||
		minute > 59 ||
		second > 59 ||
		year < 1990 ||
		year > 2100
	)
		throw new NoInstant(cell, dayFirst);
	return new Date(offset === null ? fromWall(wall, timeZone) : wall - offset * 60_000).toISOString();
}

/** Clocks and zones differ by less than this. */
const AHEAD_MS = 86_400_000;

/** Refuses what has not happened yet: orders, refunds and cancellations of a file are past. @throws Error for the person */
export function assertPast(instant: string | null, cell: string, now = Date.now()): string | null {
	if (instant !== null && Date.parse(instant) > now + AHEAD_MS)
		throw new Error(
			`“${short(cell)}” lies in the future. Look at the year, and at whether the day or the month comes first.`
		);
	return instant;
}

interface Parts {
	year: number;
	month: number;
	day: number;
	hour: number;
	minute: number;
	second: number;
	/** Minutes east of UTC, null without a zone. */
	offset: number | null;
}

function read(text: string, dayFirst: boolean): Parts | null {
	let match = YEAR_FIRST.exec(text);
	if (match) return withTime(Number(match[1]), Number(match[2]), Number(match[3]), match.slice(4));
	match = YEAR_LAST.exec(text);
	if (match) {
		const [a, b] = [Number(match[1]), Number(match[3])];
		const year = Number(match[4]) + (match[4]!.length === 2 ? 2000 : 0);
		// what cannot be a month is a day, whatever was chosen
		const first = a > 12 ? true : b > 12 ? false : match[2] === '.' || dayFirst;
		return withTime(year, first ? b : a, first ? a : b, match.slice(5));
	}
	match = MONTH_FIRST.exec(text);
	if (match) return named(match[1]!, Number(match[2]), Number(match[3]), match.slice(4));
	match = DAY_FIRST.exec(text);
	return match ? named(match[2]!, Number(match[1]), Number(match[3]), match.slice(4)) : null;
}

function named(month: string, day: number, year: number, time: string[]): Parts | null {
	const at = MONTHS.indexOf(month.slice(0, 3).toLowerCase());
	return at < 0 ? null : withTime(year, at + 1, day, time);
}

function withTime(year: number, month: number, day: number, time: (string | undefined)[]): Parts | null {
	const [hourText, minuteText, secondText, half, zone] = time;
	let hour = hourText === undefined ? 12 : Number(hourText);
	if (half !== undefined) {
		if (hour < 1 || hour > 12) return null;
		hour = (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
	}
	const offset = offsetOf(zone);
	if (offset === undefined) return null;
	return {
		year,
		month,
		day,
		hour,
		minute: Number(minuteText ?? 0),
		second: Number(secondText ?? 0),
		offset: hourText === undefined ? null : offset
	};
}

/** Minutes; null for none, undefined for one that nobody knows. */
function offsetOf(zone: string | undefined): number | null | undefined {
	if (zone === undefined) return null;
	const match = /^(?:UTC|GMT)?([+-])\s*(\d{1,2})\s*:?\s*(\d{2})$/.exec(zone);
	if (!match) return ZONES[zone];
	const minutes = Number(match[2]) * 60 + Number(match[3]);
	return minutes > 14 * 60 ? undefined : match[1] === '-' ? -minutes : minutes;
}

const QUARTER = 900_000;
const offsets = new Map<string, number>();
const formats = new Map<string, Intl.DateTimeFormat>();

/** The instant at which clocks of a zone show this; what they skip in spring counts on, of two in autumn the first. */
function fromWall(wall: number, timeZone: string): number {
	const before = wall - offsetAt(wall - 86_400_000, timeZone);
	const after = wall - offsetAt(wall + 86_400_000, timeZone);
	if (offsetAt(before, timeZone) === wall - before) return before;
	if (offsetAt(after, timeZone) === wall - after) return after;
	return before;
}

/** Milliseconds east of UTC; one answer holds for its quarter of an hour. */
function offsetAt(instant: number, timeZone: string): number {
	const quarter = Math.floor(instant / QUARTER);
	const cell = `${timeZone} ${quarter}`;
	let offset = offsets.get(cell);
	if (offset === undefined) {
		let format = formats.get(timeZone);
		if (!format) {
			format = new Intl.DateTimeFormat('en-US', {
				timeZone,
				hourCycle: 'h23',
				year: 'numeric',
				month: 'numeric',
				day: 'numeric',
				hour: 'numeric',
				minute: 'numeric'
			});
			formats.set(timeZone, format);
		}
		const at = quarter * QUARTER;
		const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
		offset = Date.UTC(part.year!, part.month! - 1, part.day, part.hour, part.minute) - at;
		if (offsets.size > 50_000) offsets.clear();
		offsets.set(cell, offset);
	}
	return offset;
}
