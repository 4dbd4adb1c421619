import type { z } from 'zod';
import { many, one, parseRange, type Parsed, writeRange } from '#lib/components/filters/url.ts';
import { adSpendQuerySchema, type AdSpendQuery } from '#lib/contracts/ad-spend.ts';
import { CHANNELS, type Channel } from '#lib/contracts/channels.ts';
import { cohortsQuerySchema } from '#lib/contracts/customer-cohorts.ts';
import { customerListSchema, type CustomerListQuery } from '#lib/contracts/customer-list.ts';
import { customersQuerySchema } from '#lib/contracts/customers.ts';

export type OverviewState = z.output<typeof customersQuerySchema>;
export type CohortsState = z.output<typeof cohortsQuerySchema> & { show: 'retention' | 'revenue' | 'ltv' };
export type ListState = z.output<typeof customerListSchema>;
export const SHOWS = [
	{ value: 'retention', label: 'Retention' },
	{ value: 'revenue', label: 'Revenue' },
	{ value: 'ltv', label: 'Spent per customer' }
] as const;
export const MONTHS = [6, 12, 24, 36] as const;
export const NO_LIST_FILTERS: ListState = { search: '', segments: [], channels: [], sort: 'spent', page: 1 };

const channelsOf = (params: URLSearchParams, notes: string[]): Channel[] =>
	many(customersQuerySchema.shape.channels.unwrap(), params, 'channel', notes);

/** The overview's filters from the address; what cannot be used falls back and is named in `notes`. */
export function parseOverview(params: URLSearchParams): Parsed<OverviewState> {
	const notes: string[] = [];
	const by = params.get('by');
	return {
		filters: {
			range: parseRange(params, notes) ?? 'last-12-months',
			by: (by === null ? undefined : one(customersQuerySchema.shape.by, by, 'step', notes)) ?? 'month',
			channels: channelsOf(params, notes)
		},
		notes
	};
}

/** The address of the overview, defaults left out. */
export function overviewQuery({ range, by, channels }: OverviewState): string {
	const params = new URLSearchParams();
	writeRange(params, range, 'last-12-months');
	if (by !== 'month') params.set('by', by);
	return written(params, channels);
}

/** The cohorts page's filters from the address. */
export function parseCohorts(params: URLSearchParams): Parsed<CohortsState> {
	const notes: string[] = [];
	const months = Number(params.get('months'));
	const until = params.get('until');
	return {
		filters: {
			months: MONTHS.find((one) => one === months) ?? 12,
			...(until !== null && cohortsQuerySchema.shape.until.safeParse(until).success && { until }),
			show: SHOWS.find(({ value }) => value === params.get('show'))?.value ?? 'retention',
			channels: channelsOf(params, notes)
		},
		notes
	};
}

/** The address of the cohorts page, defaults left out. */
export function cohortsQuery({ months, until, show, channels }: CohortsState): string {
	const params = new URLSearchParams();
	if (months !== 12) params.set('months', String(months));
	if (until) params.set('until', until);
	if (show !== 'retention') params.set('show', show);
	return written(params, channels);
}

/** The list's filters from the address. */
export function parseList(params: URLSearchParams): Parsed<ListState> {
	const notes: string[] = [];
	const { shape } = customerListSchema;
	const page = Number(params.get('page') ?? 1);
	const sort = params.get('sort');
	return {
		filters: {
			search: (params.get('search') ?? '').replaceAll('\0', '').toWellFormed().trim().slice(0, 100),
			segments: many(shape.segments.unwrap(), params, 'segment', notes),
			channels: channelsOf(params, notes),
			sort: (sort === null ? undefined : one(shape.sort, sort, 'column to sort by', notes)) ?? 'spent',
			page: Number.isInteger(page) && page >= 1 && page <= 10_000 ? page : 1
		},
		notes
	};
}

/** The address of the list, defaults left out. */
export function listQuery({
	search = '',
	segments = [],
	channels = [],
	sort = 'spent',
	page = 1
}: CustomerListQuery): string {
	const params = new URLSearchParams();
	if (search) params.set('search', search);
	for (const segment of segments) params.append('segment', segment);
	if (sort !== 'spent') params.set('sort', sort);
	if (Number(page) > 1) params.set('page', String(page));
	return written(params, channels);
}

/** The year, month and page of the ad spend page from the address. */
export function parseSpend(params: URLSearchParams): Parsed<AdSpendQuery> {
	const notes: string[] = [];
	const { shape } = adSpendQuerySchema;
	const told = <Name extends keyof typeof shape>(name: Name) => {
		const text = params.get(name);
		const value = text === null ? undefined : one(shape[name], text, name, notes);
		return value === undefined ? {} : { [name]: value };
	};
	return { filters: { ...told('year'), ...told('month'), ...told('page') }, notes };
}

/** Channels of the first order, for pages that have no other filter. */
export function parseChannels(params: URLSearchParams): Parsed<{ channels: Channel[] }> {
	const notes: string[] = [];
	return { filters: { channels: channelsOf(params, notes) }, notes };
}

export function channelsQuery(channels: readonly Channel[]): string {
	return written(new URLSearchParams(), channels);
}

function written(params: URLSearchParams, channels: readonly Channel[]): string {
	for (const channel of CHANNELS) if (channels.includes(channel)) params.append('channel', channel);
	return params.size > 0 ? `?${params}` : '';
}
