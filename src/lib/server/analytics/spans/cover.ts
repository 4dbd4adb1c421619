/** A run of days: `first` in days since 1970, a multiple of `days`. */
export interface Span {
	first: number;
	days: number;
}

/** How a range is put together. `rest`: days that are in no span. `missing`: spans that would make it shorter. */
export interface Cover<Kept> {
	spans: Kept[];
	rest: number[];
	missing: Span[];
}

/**
 * The fewest spans that make up the days from `from` to `to` (both included), longest first. `kept` gives what is kept of a span while it is
 * true; `settled` says that its days are not being changed right now, so that keeping it is worth the work.
 */
export function cover<Kept>(
	from: number,
	to: number,
	lengths: readonly number[],
	kept: (span: Span) => Kept | undefined,
	settled: (span: Span) => boolean
): Cover<Kept> {
	const found: Cover<Kept> = { spans: [], rest: [], missing: [] };
	let missingUntil = from;
	for (let day = from; day <= to;) {
		let taken: number | undefined;
		for (const days of lengths) {
			if (day % days !== 0 || day + days - 1 > to) continue;
			const span = { first: day, days };
			const known = kept(span);
			if (known !== undefined) {
				found.spans.push(known);
				taken = days;
				break;
			}
			if (day >= missingUntil && settled(span)) {
				found.missing.push(span);
				missingUntil = day + days;
			}
		}
		if (taken === undefined) found.rest.push(day);
		day += taken ?? 1;
	}
	return found;
}
