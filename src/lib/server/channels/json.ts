import { missing } from './unparsable.ts';

/** A piece of JSON of which nothing is known yet. */
export type Json = Record<string, unknown>;

/** The object at this place, or null. */
export function object(value: unknown): Json | null {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

/** The objects of a list; an absent list is empty, a thing in it that is no object stops the parse. */
export function objects(value: unknown, where: string): Json[] {
	if (value === undefined || value === null) return [];
	if (!Array.isArray(value)) return missing(where);
	return value.map((one) => object(one) ?? missing(where));
}

/** Text that may be absent; empty text counts as absent. */
export function text(value: unknown): string | null {
	return typeof value === 'string' && value !== '' ? value : null;
}

/** @throws Unparsable when it is absent; `where` reads like "The order id" */
export function requiredText(value: unknown, where: string): string {
	return text(value) ?? missing(where);
}

/** An instant in ISO 8601 with an offset. @throws Unparsable */
export function requiredInstant(value: unknown, where: string): string {
	return optionalInstant(value) ?? missing(where);
}

export function optionalInstant(value: unknown): string | null {
	const written = text(value);
	return written !== null && !Number.isNaN(Date.parse(written)) ? written : null;
}

/** A whole number. @throws Unparsable */
export function requiredCount(value: unknown, where: string): number {
	return typeof value === 'number' && Number.isSafeInteger(value) ? value : missing(where);
}
