import {
	ACCURACY_SORTS,
	PRODUCT_SORTS,
	type AccuracyQuery,
	type ProductListInput
} from '#lib/contracts/forecast-pages.ts';
import { HORIZONS, LEVELS, type Horizon } from '#lib/contracts/forecasts.ts';

/** What the overview shows, as its address says it. */
export interface OverviewQuery extends ProductListInput {
	level: (typeof DRAWN)[number];
	/** Which channel or category; empty for the shop. */
	key: string;
}

const DRAWN = ['shop', 'channel', 'category'] as const;

const DEFAULTS: OverviewQuery = {
	level: 'shop',
	key: '',
	search: '',
	sort: 'units',
	direction: 'desc',
	horizon: 30,
	page: 1
};

/** Reads the overview's address; what cannot be used falls back to its default. */
export function parseOverview(params: URLSearchParams): OverviewQuery {
	const level = oneOf(DRAWN, params.get('level')) ?? 'shop';
	const key = text(params.get('key'), 200);
	const usable = level === 'shop' || params.has('key');
	return {
		level: usable ? level : 'shop',
		key: usable && level !== 'shop' ? key : '',
		search: text(params.get('q'), 100),
		sort: oneOf(PRODUCT_SORTS, params.get('sort')) ?? 'units',
		direction: params.get('dir') === 'asc' ? 'asc' : 'desc',
		horizon: parseHorizon(params),
		page: pageOf(params)
	};
}

export function parseHorizon(params: URLSearchParams): Horizon {
	return HORIZONS.find((days) => String(days) === params.get('days')) ?? 30;
}

/** The address of a view, defaults left out. */
export function overviewQuery(query: OverviewQuery): string {
	const params = new URLSearchParams();
	if (query.level !== 'shop') {
		params.set('level', query.level);
		params.set('key', query.key);
	}
	if (query.horizon !== DEFAULTS.horizon) params.set('days', String(query.horizon));
	if (query.search) params.set('q', query.search);
	if (query.sort !== DEFAULTS.sort) params.set('sort', query.sort);
	if (query.direction !== DEFAULTS.direction) params.set('dir', query.direction);
	if (query.page > 1) params.set('page', String(query.page));
	return params.size > 0 ? `?${params}` : '';
}

export function parseAccuracy(params: URLSearchParams): AccuracyQuery {
	return {
		level: oneOf(LEVELS, params.get('level')) ?? 'product',
		search: text(params.get('q'), 100),
		sort: oneOf(ACCURACY_SORTS, params.get('sort')) ?? 'units',
		direction: params.get('dir') === 'asc' ? 'asc' : 'desc',
		page: pageOf(params)
	};
}

export function accuracyQuery(query: AccuracyQuery): string {
	const params = new URLSearchParams();
	if (query.level !== 'product') params.set('level', query.level);
	if (query.search) params.set('q', query.search);
	if (query.sort !== 'units') params.set('sort', query.sort);
	if (query.direction !== 'desc') params.set('dir', query.direction);
	if (query.page > 1) params.set('page', String(query.page));
	return params.size > 0 ? `?${params}` : '';
}

function oneOf<const Value extends string>(
	values: readonly Value[],
	given: string | null
): Value | undefined {
	return values.find((value) => value === given);
}

function text(given: string | null, most: number): string {
	return given && !given.includes('\0') && given.isWellFormed() ? given.trim().slice(0, most) : '';
}

function pageOf(params: URLSearchParams): number {
	const page = Number(params.get('page') ?? 1);
	return Number.isInteger(page) && page >= 1 && page <= 10_000 ? page : 1;
}
