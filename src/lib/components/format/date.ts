type Instant = string | number | Date;

/**
 * A calendar day, "2026-11-19", as "Nov 19"; with the year when it is not `thisYear`; with the weekday in
 * tooltips. A day has no time zone: it is already the organization's.
 */
export function day(
	isoDay: string,
	locale = 'en-US',
	{ weekday = false, thisYear = new Date().getUTCFullYear() }: { weekday?: boolean; thisYear?: number } = {}
): string {
	const date = new Date(`${isoDay}T00:00:00Z`);
	return new Intl.DateTimeFormat(locale, {
		timeZone: 'UTC',
		month: 'short',
		day: 'numeric',
		...(weekday && { weekday: 'short' }),
		...(date.getUTCFullYear() !== thisYear && { year: 'numeric' })
	}).format(date);
}

/** Two calendar days, both included: "Oct 21 – Nov 19", or one day alone. */
export function dayRange(from: string, to: string, locale = 'en-US', thisYear?: number): string {
	if (from === to) return day(from, locale, { thisYear });
	// The year is said once, at the end, unless the two differ.
	const year = from.slice(0, 4) === to.slice(0, 4) ? Number(from.slice(0, 4)) : thisYear;
	return `${day(from, locale, { thisYear: year })}\u2009\u2013\u2009${day(to, locale, { thisYear })}`;
}

/** The calendar day, "2026-11-19", of an instant in a time zone. */
export function dayOf(instant: Instant, timeZone: string): string {
	return new Intl.DateTimeFormat('sv-SE', { timeZone }).format(new Date(instant));
}

/** The clock of an instant in a zone: "2:32:07 PM". `zone` adds "PST", as every "as of" does. */
export function clock(
	instant: Instant,
	timeZone: string,
	locale = 'en-US',
	{ seconds = true, zone = false }: { seconds?: boolean; zone?: boolean } = {}
): string {
	return (
		new Intl.DateTimeFormat(locale, {
			timeZone,
			hour: 'numeric',
			minute: '2-digit',
			...(seconds && { second: '2-digit' }),
			...(zone && { timeZoneName: 'short' })
		})
			.format(new Date(instant))
			// Engines differ in the space before AM and PM; server and browser must agree, and it must not break.
			.replace(/\s(?=[AP]M\b)/, '\u00a0')
	);
}

/** Day and clock: "Nov 19, 2:32 PM". */
export function moment(instant: Instant, timeZone: string, locale = 'en-US', thisYear?: number): string {
	return `${day(dayOf(instant, timeZone), locale, { thisYear })}, ${clock(instant, timeZone, locale, { seconds: false })}`;
}

/**
 * Relative under an hour ("now", "12 min ago"), the clock on the same day, the day before that. `now` is passed
 * so that server and browser agree and tests are fixed.
 */
export function relative(instant: Instant, now: Instant, timeZone: string, locale = 'en-US'): string {
	const elapsed = new Date(now).getTime() - new Date(instant).getTime();
	if (elapsed >= 0 && elapsed < 60_000) return 'now';
	if (elapsed >= 0 && elapsed < 3_600_000) return `${Math.floor(elapsed / 60_000)} min ago`;
	const today = dayOf(now, timeZone);
	if (dayOf(instant, timeZone) === today) return clock(instant, timeZone, locale, { seconds: false });
	return day(dayOf(instant, timeZone), locale, { thisYear: Number(today.slice(0, 4)) });
}
