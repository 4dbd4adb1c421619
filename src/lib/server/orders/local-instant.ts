import { localDay } from './day.ts';

const HOUR = 3_600_000;

/** The first instant (ISO, UTC) of a local day (YYYY-MM-DD) in an IANA time zone; days of 23 and 25 hours included. */
export function startOfDay(day: string, timeZone: string): string {
	const noon = Date.parse(`${day}T12:00:00Z`);
	// the day starts within 26 hours before its noon in UTC; find the quarter hour at which localDay turns to it
	let low = noon - 27 * HOUR;
	let high = noon + 15 * HOUR;
	while (high - low > 900_000) {
		const middle = low + Math.floor((high - low) / 1_800_000) * 900_000;
		if (localDay(new Date(middle).toISOString(), timeZone) < day) low = middle;
		else high = middle;
	}
	return new Date(high).toISOString();
}

/** The first instant after a local day. */
export function endOfDay(day: string, timeZone: string): string {
	return startOfDay(
		new Date(Date.parse(`${day}T00:00:00Z`) + 24 * HOUR).toISOString().slice(0, 10),
		timeZone
	);
}
