const formats = new Map<string, Intl.DateTimeFormat>();
const known = new Map<string, string>();

/**
 * The local day (YYYY-MM-DD) of an instant in an IANA time zone; an unknown zone counts as UTC.
 * Since 1972 offsets stand on quarter hours, so one answer holds for its quarter hour and is kept.
 */
export function localDay(instant: string, timeZone: string): string {
	const quarter = Math.floor(Date.parse(instant) / 900_000);
	const cell = `${timeZone} ${quarter}`;
	let day = known.get(cell);
	if (day === undefined) {
		if (known.size > 50_000) known.clear();
		known.set(cell, (day = formatOf(timeZone).format(quarter * 900_000)));
	}
	return day;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
	let format = formats.get(timeZone);
	if (!format) formats.set(timeZone, (format = make(timeZone)));
	return format;
}

function make(timeZone: string): Intl.DateTimeFormat {
	const form = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
	try {
		return new Intl.DateTimeFormat('en-CA', { ...form, timeZone });
	} catch {
		return new Intl.DateTimeFormat('en-CA', { ...form, timeZone: 'UTC' });
	}
}
