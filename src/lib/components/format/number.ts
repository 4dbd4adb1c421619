import { trueMinus } from './minus.ts';

/** A whole number with separators: 4,515. Null is "unknown". */
export function integer(value: number | string | null | undefined, locale = 'en-US'): string {
	return decimal(value, locale, { maximumFractionDigits: 0 });
}

/** A short number for axes and badges: 7.5k, 1.2M. */
export function compact(value: number | string | null | undefined, locale = 'en-US'): string {
	return decimal(value, locale, { notation: 'compact', maximumFractionDigits: 1 });
}

/** A share as percent with one decimal: 0.303 is 30.3%. Null, from a division by zero say, is "unknown". */
export function percent(ratio: number | null | undefined, locale = 'en-US', fractionDigits = 1): string {
	if (ratio === null || ratio === undefined || !Number.isFinite(ratio)) return 'unknown';
	return decimal(ratio, locale, {
		style: 'percent',
		minimumFractionDigits: fractionDigits,
		maximumFractionDigits: fractionDigits
	});
}

/** "1 order", "4,515 orders". The plural is the singular with an s unless given. */
export function counted(count: number, one: string, many = `${one}s`, locale = 'en-US'): string {
	return `${integer(count, locale)} ${count === 1 ? one : many}`;
}

/** A range with an en dash: 8,027 – 9,321. */
export function range(from: string, to: string): string {
	return `${from}\u2009\u2013\u2009${to}`;
}

function decimal(
	value: number | string | null | undefined,
	locale: string,
	options: Intl.NumberFormatOptions
): string {
	if (value === null || value === undefined || value === '') return 'unknown';
	return trueMinus(new Intl.NumberFormat(locale, options).formatToParts(value as `${number}` | number));
}
