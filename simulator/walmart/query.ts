import { invalid } from './error.ts';

/** A date or timestamp of a query, in milliseconds. A bare date means its first instant in UTC. */
export function instantOf(query: URLSearchParams, name: string): number | null {
	const text = query.get(name);
	if (text === null || text === '') return null;
	const at = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:?\d{2})?)?$/.test(text) ? Date.parse(text) : Number.NaN;
	if (Number.isNaN(at)) throw invalid(name, `${name} is not a date in ISO 8601`);
	return at;
}

/** A whole number of a query, between 1 (or `least`) and `most`. */
export function numberOf(
	query: URLSearchParams,
	name: string,
	{ most, otherwise, least = 1 }: { most: number; otherwise: number; least?: number }
): number {
	const text = query.get(name);
	if (text === null || text === '') return otherwise;
	const value = Number(text);
	if (!Number.isInteger(value) || value < least || value > most)
		throw invalid(name, `${name} must be a number from ${least} to ${most}`);
	return value;
}
