import { invalid } from './reply.ts';

/** A query's list, given with commas or repeated. */
export function listIn(query: URLSearchParams, name: string): string[] {
	return query.getAll(name).flatMap((text) => text.split(',')).filter((text) => text !== ''); // prettier-ignore
}

/** An ISO 8601 instant in milliseconds; null when absent. Throws Refused naming the parameter. */
export function instantIn(query: URLSearchParams, name: string): number | null {
	const text = query.get(name);
	if (text === null || text === '') return null;
	const at = /^\d{4}-\d{2}-\d{2}(T.*)?$/.test(text) ? Date.parse(text) : Number.NaN;
	if (Number.isNaN(at)) throw invalid(`Invalid Input: ${name} is not an ISO 8601 date time`);
	return at;
}

/** A whole number within bounds, or the fallback. */
export function numberIn(
	query: URLSearchParams,
	name: string,
	fallback: number,
	low: number,
	high: number
): number {
	const text = query.get(name);
	if (text === null) return fallback;
	const value = Number(text);
	if (!Number.isInteger(value) || value < low || value > high) {
		throw invalid(`Invalid Input: ${name} must be between ${low} and ${high}`);
	}
	return value;
}

/** All values must be known. */
export function onlyFrom(values: readonly string[], known: readonly string[], name: string): void {
	const wrong = values.find((value) => !known.includes(value));
	if (wrong !== undefined) throw invalid(`Invalid Input: ${name} "${wrong}"`);
}
