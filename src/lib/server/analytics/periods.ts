import type { Filters, Granularity, Period, RangeName } from '#lib/contracts/analytics.ts';

/** A period with what asking it needs beside what pages show. */
export interface ResolvedPeriod extends Period {
	/** Of a running period: the instant at which the previous one is cut, on the same clock time. Whole minutes. */
	previousUntil: Date | null;
}

const DAY_MS = 86_400_000;

/** `day` moved by `count` days of the calendar. Days are YYYY-MM-DD throughout. */
export function addDays(day: string, count: number): string {
	return new Date(Date.parse(day) + count * DAY_MS).toISOString().slice(0, 10);
}

/** Days from `from` to `to`, both included. */
export function daysBetween(from: string, to: string): number {
	return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
}

/** The first day of the bucket that holds `day`; weeks start on Monday. */
export function bucketStart(day: string, by: Exclude<Granularity, 'hour'>): string {
	if (by === 'month') return `${day.slice(0, 7)}-01`;
	if (by === 'week') return addDays(day, -((new Date(day).getUTCDay() + 6) % 7));
	return day;
}

/** First days of all buckets of a range, in order; the first may begin before it. */
export function bucketStarts(from: string, to: string, by: Exclude<Granularity, 'hour'>): string[] {
	const starts: string[] = [];
	for (let day = bucketStart(from, by); day <= to;) {
		starts.push(day);
		day = by === 'month' ? addMonths(day, 1) : addDays(day, by === 'week' ? 7 : 1);
	}
	return starts;
}

/**
 * The days a range means at `now` in an IANA time zone, and the period before: the same elapsed part (of the month or year before
 * for month and year ranges, else the same number of days), to the same clock time while the range is running. Against the `year`:
 * the same days twelve months earlier.
 */
export function resolvePeriod(
	range: Filters['range'],
	now: Date,
	timeZone: string,
	against: 'previous' | 'year' = 'previous'
): ResolvedPeriod {
	const { day: today, clock } = localTime(now, timeZone);
	const { from, to } = typeof range === 'string' ? named(range, today) : ordered(range);
	const running = to >= today && from <= today;
	const elapsedTo = running ? today : to;
	const before =
		against === 'year'
			? { from: addMonths(from, -12), to: addMonths(elapsedTo, -12) }
			: previous(typeof range === 'string' ? range : null, from, elapsedTo);
	return {
		from,
		to,
		timeZone,
		running,
		previousFrom: before.from,
		previousTo: before.to,
		previousUntil: running ? instantOf(before.to, clock, timeZone) : null
	};
}

function named(range: RangeName, today: string): { from: string; to: string } {
	const month = `${today.slice(0, 7)}-01`;
	switch (range) {
		case 'today':
			return { from: today, to: today };
		case 'yesterday':
			return { from: addDays(today, -1), to: addDays(today, -1) };
		case 'last-7-days':
			return { from: addDays(today, -6), to: today };
		case 'last-30-days':
			return { from: addDays(today, -29), to: today };
		case 'last-90-days':
			return { from: addDays(today, -89), to: today };
		case 'this-month':
			return { from: month, to: today };
		case 'last-month':
			return { from: addMonths(month, -1), to: addDays(month, -1) };
		case 'year-to-date':
			return { from: `${today.slice(0, 4)}-01-01`, to: today };
		case 'last-12-months':
			return { from: addDays(addMonths(today, -12), 1), to: today };
	}
}

function ordered({ from, to }: { from: string; to: string }): { from: string; to: string } {
	return from <= to ? { from, to } : { from: to, to: from };
}

function previous(range: RangeName | null, from: string, to: string): { from: string; to: string } {
	if (range === 'this-month') {
		const start = addMonths(from, -1);
		const sameDay = addDays(start, daysBetween(from, to) - 1);
		return { from: start, to: sameDay < from ? sameDay : addDays(from, -1) };
	}
	if (range === 'last-month') return { from: addMonths(from, -1), to: addDays(from, -1) };
	if (range === 'year-to-date') return { from: addMonths(from, -12), to: addMonths(to, -12) };
	if (range === 'last-12-months') return { from: addMonths(from, -12), to: addDays(from, -1) };
	const length = daysBetween(from, to);
	return { from: addDays(from, -length), to: addDays(from, -1) };
}

/** The same day of a month `count` later, or that month's last day. */
export function addMonths(day: string, count: number): string {
	const [year, month, date] = day.split('-').map(Number) as [number, number, number];
	const last = new Date(Date.UTC(year, month + count, 0)).getUTCDate();
	return new Date(Date.UTC(year, month - 1 + count, Math.min(date, last))).toISOString().slice(0, 10);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Calendar day and clock (HH:MM) of an instant in a time zone. */
export function localTime(instant: Date, timeZone: string): { day: string; clock: string } {
	let format = formats.get(timeZone);
	if (!format) {
		format = new Intl.DateTimeFormat('en-CA', {
			timeZone,
			year: 'numeric',
			month: '2-digit',
			day: '2-digit',
			hour: '2-digit',
			minute: '2-digit',
			hourCycle: 'h23'
		});
		formats.set(timeZone, format);
	}
	const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
	return { day: `${part.year}-${part.month}-${part.day}`, clock: `${part.hour}:${part.minute}` };
}

/** The first instant at which the zone's clock shows at least this day and time: a time that a clock change skips is moved on. */
export function instantOf(day: string, clock: string, timeZone: string): Date {
	const wanted = Date.parse(`${day}T${clock}Z`);
	const shown = (instant: number) => {
		const local = localTime(new Date(instant), timeZone);
		return Date.parse(`${local.day}T${local.clock}Z`);
	};
	const candidates = [wanted - DAY_MS, wanted + DAY_MS]
		.map((near) => wanted - (shown(near) - near))
		.sort((a, b) => a - b);
	return new Date(candidates.find((candidate) => shown(candidate) >= wanted) ?? candidates[1]!);
}

/**
 * The hours of a local day with their instants: 23 or 25 on days with a clock change; an hour that comes twice carries its offset.
 */
export function hoursOf(day: string, timeZone: string): { at: string; instant: number }[] {
	const start = instantOf(day, '00:00', timeZone).getTime();
	const end = instantOf(addDays(day, 1), '00:00', timeZone).getTime();
	const hours: { at: string; instant: number }[] = [];
	for (let instant = start; instant < end;) {
		const local = localTime(new Date(instant), timeZone);
		hours.push({ at: `${local.day}T${local.clock.slice(0, 2)}:00`, instant });
		instant += 3_600_000 - Number(local.clock.slice(3)) * 60_000;
	}
	const labels = hours.map((hour) => hour.at);
	return hours.map((hour) =>
		labels.indexOf(hour.at) === labels.lastIndexOf(hour.at)
			? hour
			: { ...hour, at: hour.at + offsetOf(hour.instant, timeZone) }
	);
}

function offsetOf(instant: number, timeZone: string): string {
	const local = localTime(new Date(instant), timeZone);
	const minutes = Math.round((Date.parse(`${local.day}T${local.clock}Z`) - instant) / 60_000);
	const size = Math.abs(minutes);
	return `${minutes < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`;
}
