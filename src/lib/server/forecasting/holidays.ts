import { weekdayOf, type Day } from './series.ts';

const milliseconds = 86_400_000;
const at = (year: number, month: number, day: number): Day => Date.UTC(year, month - 1, day) / milliseconds;

/** Western Easter Sunday (Gauss, as Anonymous Gregorian computus). */
function easter(year: number): Day {
	const a = year % 19;
	const b = Math.floor(year / 100);
	const c = year % 100;
	const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
	const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
	const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
	return at(year, Math.floor(f / 31), (f % 31) + 1);
}

/** The fourth Thursday of November. */
function thanksgiving(year: number): Day {
	const first = at(year, 11, 1);
	return first + ((3 - weekdayOf(first) + 7) % 7) + 21;
}

const years = new Map<number, Map<Day, string>>();

function ofYear(year: number): Map<Day, string> {
	const known = years.get(year);
	if (known) return known;
	const [sunday, thursday] = [easter(year), thanksgiving(year)];
	const days = new Map<Day, string>([
		[at(year, 1, 1), 'new year'],
		[at(year, 2, 13), 'eve of valentine'],
		[at(year, 2, 14), 'valentine'],
		[sunday - 2, 'good friday'],
		[sunday - 1, 'easter saturday'],
		[sunday, 'easter sunday'],
		[sunday + 1, 'easter monday'],
		[at(year, 7, 4), '4 july'],
		[at(year, 10, 31), 'halloween'],
		[thursday, 'thanksgiving'],
		[thursday + 1, 'black friday'],
		[thursday + 2, 'black saturday'],
		[thursday + 3, 'black sunday'],
		[thursday + 4, 'cyber monday'],
		[at(year, 12, 24), 'christmas eve'],
		[at(year, 12, 25), 'christmas'],
		[at(year, 12, 26), 'boxing day'],
		[at(year, 12, 31), 'new year’s eve']
	]);
	years.set(year, days);
	return days;
}

/**
 * The retail day that `day` is, or null: what each means for a seller is learned from its own past, so days of countries it does not sell to
 * say nothing and count for nothing.
 */
export function holidayOf(day: Day): string | null {
	return ofYear(new Date(day * milliseconds).getUTCFullYear()).get(day) ?? null;
}
