export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

interface Segment {
	until: number;
	offset: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();
const years = new Map<string, Segment[]>();

function formatter(zone: string): Intl.DateTimeFormat {
	let found = formatters.get(zone);
	if (!found) {
		found = new Intl.DateTimeFormat('en-US', {
			timeZone: zone,
			hourCycle: 'h23',
			year: 'numeric',
			month: 'numeric',
			day: 'numeric',
			hour: 'numeric',
			minute: 'numeric',
			second: 'numeric'
		});
		formatters.set(zone, found);
	}
	return found;
}

function measureOffset(at: number, zone: string): number {
	const part: Record<string, number> = {};
	for (const { type, value } of formatter(zone).formatToParts(at)) part[type] = Number(value);
	const local = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!);
	return local - Math.floor(at / SECOND) * SECOND;
}

/** A year's stretches of constant offset: found once, because Intl is slow and orders are many. */
function segmentsOf(year: number, zone: string): Segment[] {
	const key = `${zone}|${year}`;
	const known = years.get(key);
	if (known) return known;
	const end = Date.UTC(year + 1, 0, 1);
	const segments: Segment[] = [];
	let at = Date.UTC(year, 0, 1);
	let offset = measureOffset(at, zone);
	while (at < end) {
		const next = Math.min(at + 2 * DAY, end);
		const nextOffset = measureOffset(next, zone);
		if (nextOffset !== offset) {
			let low = at;
			let high = next;
			while (high - low > MINUTE) {
				const middle = Math.floor((low + high) / 2 / MINUTE) * MINUTE;
				if (measureOffset(middle, zone) === offset) low = middle;
				else high = middle;
			}
			segments.push({ until: high, offset });
			offset = nextOffset;
		}
		at = next;
	}
	segments.push({ until: end, offset });
	years.set(key, segments);
	return segments;
}

/** Milliseconds to add to UTC to get the zone's wall clock at that instant. */
export function zoneOffset(at: number, zone: string): number {
	for (const segment of segmentsOf(new Date(at).getUTCFullYear(), zone)) {
		if (at < segment.until) return segment.offset;
	}
	return measureOffset(at, zone);
}

/**
 * The instant of a wall-clock time (given as if it were UTC milliseconds) in a zone. A time that happens twice
 * (autumn) means the first; a time that never happens (spring) moves forward by the gap.
 */
export function localToUtc(wallClock: number, zone: string): number {
	const before = zoneOffset(wallClock - DAY, zone);
	const after = zoneOffset(wallClock + DAY, zone);
	const first = wallClock - before;
	if (zoneOffset(first, zone) === before) return first;
	const second = wallClock - after;
	return zoneOffset(second, zone) === after ? second : first;
}

/** Calendar day `YYYY-MM-DD` of an instant in a zone. */
export function dayIn(at: number, zone: string): string {
	return new Date(at + zoneOffset(at, zone)).toISOString().slice(0, 10);
}

/** Midnight that starts the zone's day of an instant. */
export function startOfDay(at: number, zone: string): number {
	const local = at + zoneOffset(at, zone);
	return localToUtc(Math.floor(local / DAY) * DAY, zone);
}

/** GraphQL form, always UTC with second precision: `2026-11-19T20:32:11Z`. */
export function isoUtc(at: number): string {
	return new Date(at).toISOString().slice(0, 19) + 'Z';
}

/** Webhook form, in the shop's zone: `2026-11-19T12:32:11-08:00`. */
export function isoInZone(at: number, zone: string): string {
	const offset = zoneOffset(at, zone);
	const minutes = Math.abs(offset) / MINUTE;
	const text = new Date(at + offset).toISOString().slice(0, 19);
	const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
	return `${text}${offset < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** Shopify keeps whole seconds. */
export function wholeSecond(at: number): number {
	return Math.floor(at / SECOND) * SECOND;
}
