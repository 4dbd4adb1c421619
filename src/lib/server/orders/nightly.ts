import { localDay } from './day.ts';
import { startOfDay } from './local-instant.ts';

/** Nightly checks begin when the organization's clock first reads this hour. */
const NIGHTLY_HOUR = 2;
const QUARTER_MS = 900_000;

/**
 * Minutes since it was last two o'clock at night in an IANA time zone. On a day whose two o'clock is skipped it is the first
 * instant after the gap; on a day that has it twice, the first of the two. So every local day has exactly one.
 */
export function sinceNightly(now: Date, timeZone: string): number {
	const today = localDay(now.toISOString(), timeZone);
	const at = nightOf(today, timeZone);
	const last =
		at <= now.getTime()
			? at
			: nightOf(localDay(new Date(at - 26 * 3_600_000).toISOString(), timeZone), timeZone);
	return (now.getTime() - last) / 60_000;
}

/** When it is two o'clock at night next. */
export function nextNightly(now: Date, timeZone: string): Date {
	const last = now.getTime() - sinceNightly(now, timeZone) * 60_000;
	return new Date(nightOf(localDay(new Date(last + 26 * 3_600_000).toISOString(), timeZone), timeZone));
}

/**
 * The instant (ms) at which the clock of an IANA time zone first reads `hour` (0 to 23) on a local day: where the clock skips it, the
 * first instant after the gap.
 */
export function hourOfDay(day: string, hour: number, timeZone: string): number {
	const clock = new Intl.DateTimeFormat('en-US', { timeZone, hour: 'numeric', hourCycle: 'h23' });
	let at = Date.parse(startOfDay(day, timeZone));
	while (Number(clock.format(at)) < hour) at += QUARTER_MS;
	return at;
}

function nightOf(day: string, timeZone: string): number {
	return hourOfDay(day, NIGHTLY_HOUR, timeZone);
}
