import type { z } from 'zod';
import {
	filtersSchema,
	RANGES,
	type Filters,
	type Granularity,
	type RangeName
} from '#lib/contracts/analytics.ts';
import { countDays, type Days, type Preset, resolveDays } from '#lib/components/ui/date-range-presets.ts';

/** What the address asks for, as far as it can be used, and a sentence for each thing that cannot. */
export interface Parsed<T> {
	filters: T;
	notes: string[];
}

const PRESETS: Record<RangeName, Preset> = {
	today: 'today',
	yesterday: 'yesterday',
	'last-7-days': '7d',
	'last-30-days': '30d',
	'last-90-days': '90d',
	'this-month': 'month',
	'last-month': 'last-month',
	'year-to-date': 'ytd',
	'last-12-months': '12m'
};
export const presetOf = (range: RangeName): Preset => PRESETS[range];
export const rangeOf = (preset: Preset): RangeName => RANGES.find((range) => PRESETS[range] === preset)!;

/** The calendar days of a range when the organization's day is `today` (YYYY-MM-DD). */
export function daysOf(range: Filters['range'], today: string): Days {
	return typeof range === 'string' ? resolveDays({ preset: PRESETS[range] }, today) : range;
}

/** Ten years: more than any question needs, and few enough cells for the slowest of them. */
const MAX_DAYS = 3660;
const BARS: Record<Granularity, [least: number, most: number]> = {
	hour: [1, 7],
	day: [2, 186],
	week: [8, 1100],
	month: [32, MAX_DAYS]
};

/** The steps that make a readable chart of so many days: neither one bar nor thousands. */
export function stepsFor(days: number): Granularity[] {
	return (Object.keys(BARS) as Granularity[]).filter(
		(step) => days >= BARS[step][0] && days <= BARS[step][1]
	);
}

/** The step shown unless another is chosen: hours for one day, then the finest of days, weeks, months. */
export function usualStep(range: Filters['range'], today: string): Granularity {
	const steps = stepsFor(countDays(daysOf(range, today)));
	return steps.find((step) => step !== 'hour') ?? 'hour';
}

/**
 * Reads the dashboard's filters from the address. Never throws: what cannot be used falls back to its default and is named in
 * `notes`; a step that does not suit the range becomes the usual one.
 */
export function parseFilters(params: URLSearchParams, today: string): Parsed<Filters> {
	const notes: string[] = [];
	const range = parseRange(params, notes) ?? 'last-30-days';
	const steps = stepsFor(countDays(daysOf(range, today)));
	const asked = params.get('by');
	const by = asked === null ? undefined : one(filtersSchema.shape.by, asked, 'step', notes);
	const filters = {
		range,
		by: by && steps.includes(by) ? by : usualStep(range, today),
		channels: many(filtersSchema.shape.channels, params, 'channel', notes),
		categories: many(filtersSchema.shape.categories, params, 'category', notes),
		countries: many(filtersSchema.shape.countries, params, 'country', notes),
		regions: many(filtersSchema.shape.regions, params, 'region', notes)
	};
	return { filters, notes };
}

/** The address of filters, defaults left out: `?channel=amazon&range=last-7-days`; '' for the defaults alone. */
export function filtersQuery(filters: Filters, today: string): string {
	const params = new URLSearchParams();
	writeRange(params, filters.range, 'last-30-days');
	if (filters.by !== usualStep(filters.range, today)) params.set('by', filters.by);
	for (const channel of filters.channels) params.append('channel', channel);
	for (const category of filters.categories) params.append('category', category);
	for (const country of filters.countries) params.append('country', country);
	for (const region of filters.regions) params.append('region', region);
	return params.size > 0 ? `?${params}` : '';
}

/** `range=last-7-days` or `from=2026-10-26&to=2026-11-14`; null where the address has neither or an unusable one. */
export function parseRange(params: URLSearchParams, notes: string[]): Filters['range'] | null {
	const [from, to] = [params.get('from'), params.get('to')];
	if (from === null && to === null) {
		const named = params.get('range');
		return named === null ? null : (one(filtersSchema.shape.range, named, 'range', notes) ?? null);
	}
	if (isDay(from) && isDay(to) && from <= to && countDays({ from, to }) <= MAX_DAYS) return { from, to };
	notes.push(
		'The dates in the address cannot be used: they must be two days of the calendar, the first before the last, at most ten years apart. The usual range is shown.'
	);
	return null;
}

export function writeRange(params: URLSearchParams, range: Filters['range'], usual: RangeName | null): void {
	if (typeof range !== 'string') {
		params.set('from', range.from);
		params.set('to', range.to);
	} else if (range !== usual) {
		params.set('range', range);
	}
}

/** A day of the calendar between 1990 and 2100, YYYY-MM-DD. */
function isDay(value: string | null): value is string {
	if (value === null || !/^\d{4}-\d{2}-\d{2}$/.test(value) || value < '1990' || value > '2100') return false;
	const instant = Date.parse(value);
	return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(value); // February 31 parses, as March 3
}

/** One value; undefined, with a note, when the schema refuses it. */
export function one<Schema extends z.ZodType>(
	schema: Schema,
	value: string | undefined,
	name: string,
	notes: string[]
): z.output<Schema> | undefined {
	const result = schema.safeParse(value);
	if (result.success) return result.data;
	notes.push(`“${shorten(value ?? '')}” in the address is no ${name} we know, so it was left out.`);
	return undefined;
}

/** A list, each value once; unusable values, and more than the schema admits, are left out with a note. */
export function many<Item>(
	schema: z.ZodType<Item[]>,
	params: URLSearchParams,
	name: string,
	notes: string[]
): Item[] {
	let kept: unknown[] = [];
	for (const value of new Set(params.getAll(name))) {
		// PostgreSQL and ClickHouse text know no NUL, and a lone surrogate is no text at all
		const usable = !value.includes('\0') && value.isWellFormed() && schema.safeParse([value]).success;
		if (usable && schema.safeParse([...kept, value]).success) kept = [...kept, value];
		else if (notes.length < 5)
			notes.push(`“${shorten(value)}” in the address is no ${name} we can filter by, so it was left out.`);
	}
	return kept as Item[];
}

const shorten = (value: string) => (value.length > 40 ? `${value.slice(0, 40)}…` : value);
