/** A calendar day as whole days since 1970-01-01: days of sales have no clock and no zone left. */
export type Day = number;

/** Daily units of one SKU, or of any sum of SKUs. NaN is a day that is not known (stock-out, no record), not a day without sales. */
export interface Series {
	id: string;
	/** The day of `units[0]`. */
	start: Day;
	units: Float64Array;
	/** Groups this series can borrow from and is summed into. */
	category?: string;
	channel?: string;
	/** Known regressors, from `start` and reaching over the horizon where the future is planned. */
	promo?: Float64Array;
	price?: Float64Array;
}

const milliseconds = 86_400_000;

/** @throws {RangeError} when `text` is not a real date in the form 2026-01-31. */
export function dayOf(text: string): Day {
	const day = Date.parse(`${text}T00:00:00Z`) / milliseconds;
	if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || !Number.isInteger(day) || dateOf(day) !== text)
		throw new RangeError(`"${text}" is not a date such as 2026-01-31`);
	return day;
}

export function dateOf(day: Day): string {
	return new Date(day * milliseconds).toISOString().slice(0, 10);
}

/** 0 is Monday: 1970-01-01 was a Thursday. */
export function weekdayOf(day: Day): number {
	return (((day + 3) % 7) + 7) % 7;
}

/** The part of a series that was known at the end of `origin`. Regressors keep their future: plans are known ahead. */
export function until(series: Series, origin: Day): Series {
	return { ...series, units: series.units.subarray(0, Math.max(0, origin - series.start + 1)) };
}

/**
 * What every engine is given: negative days (more returned than sold) count as 0, infinities as unknown. Returns the same array
 * where nothing was wrong.
 */
export function cleaned(units: Float64Array): Float64Array {
	if (units.every((value) => Number.isNaN(value) || (value >= 0 && value < Infinity))) return units;
	return units.map((value) => (Number.isFinite(value) ? Math.max(0, value) : Number.NaN));
}

/** The mean of the known values among the last `days`; 0 when none is known. */
export function meanOf(units: Float64Array, days = units.length): number {
	let sum = 0;
	let known = 0;
	for (let i = Math.max(0, units.length - days); i < units.length; i++) {
		if (Number.isNaN(units[i]!)) continue;
		sum += units[i]!;
		known++;
	}
	return known === 0 ? 0 : sum / known;
}

/** Unknown days filled for engines that cannot do without: the mean of the same weekday among the last eight known, else the mean. */
export function filled(units: Float64Array): Float64Array {
	if (!units.some(Number.isNaN)) return units;
	const mean = meanOf(units);
	const out = units.slice();
	for (let i = 0; i < out.length; i++) {
		if (!Number.isNaN(units[i]!)) continue;
		let sum = 0;
		let known = 0;
		for (let back = i - 7; back >= 0 && back >= i - 56; back -= 7) {
			if (Number.isNaN(units[back]!)) continue;
			sum += units[back]!;
			known++;
		}
		out[i] = known > 0 ? sum / known : mean;
	}
	return out;
}
