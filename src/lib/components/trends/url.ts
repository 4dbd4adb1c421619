import { one, many, parseFilters, usualStep, writeRange, type Parsed } from '#lib/components/filters/url.ts';
import { isOfProfit, splits, trendSchema, type TrendQuery } from '#lib/contracts/trends.ts';
import type { Filters } from '#lib/contracts/analytics.ts';
import { metricOf } from '#lib/contracts/metrics/index.ts';

/**
 * Reads a trend from the address. Never throws: what cannot be used falls back to its default and is named in `notes`; a split that a
 * figure does not have is dropped.
 */
export function parseTrend(params: URLSearchParams, today: string): Parsed<TrendQuery> {
	const { filters, notes } = parseFilters(params, today);
	const { shape } = trendSchema;
	const pick = <Key extends 'metric' | 'dimension' | 'compare' | 'order'>(key: Key) => {
		const text = params.get(key);
		return text === null ? undefined : one(shape[key], text, key, notes);
	};
	const metric = (pick('metric') as TrendQuery['metric'] | undefined) ?? 'net_sales';
	let dimension = (pick('dimension') as TrendQuery['dimension'] | undefined) ?? null;
	if (dimension && !splits(metric, dimension)) {
		notes.push(`${metricOf(metric).name} cannot be split by ${dimension}, so it is shown as a whole.`);
		dimension = null;
	}
	const places = isOfProfit(metric) ? { countries: [], regions: [] } : {};
	if (isOfProfit(metric) && filters.countries.length + filters.regions.length > 0)
		notes.push(`${metricOf(metric).name} is not known by country or region, so those filters were left out.`);
	const page = Number(params.get('page') ?? 1);
	const query = {
		...filters,
		...places,
		metric,
		dimension,
		compare: (pick('compare') as TrendQuery['compare'] | undefined) ?? 'previous',
		order: (pick('order') as TrendQuery['order'] | undefined) ?? 'desc',
		products: many(shape.products.unwrap(), params, 'product', notes),
		page: shape.page.safeParse(page).success ? page : 1
	};
	return { filters: query, notes };
}

/** What a trend is beyond its filters unless something else is chosen. */
export const PLAIN_TREND: Omit<TrendQuery, keyof Filters> = {
	metric: 'net_sales',
	dimension: null,
	compare: 'previous',
	products: [],
	order: 'desc',
	page: 1
};

/** The address of a trend, defaults left out. */
export function trendQuery(query: TrendQuery, today: string): string {
	const params = new URLSearchParams();
	if (query.metric !== 'net_sales') params.set('metric', query.metric);
	if (query.dimension) params.set('dimension', query.dimension);
	if (query.compare !== 'previous') params.set('compare', query.compare);
	writeRange(params, query.range, 'last-30-days');
	if (query.by !== usualStep(query.range, today)) params.set('by', query.by);
	for (const channel of query.channels) params.append('channel', channel);
	for (const category of query.categories) params.append('category', category);
	for (const country of query.countries) params.append('country', country);
	for (const region of query.regions) params.append('region', region);
	for (const product of query.products) params.append('product', product);
	if (query.order !== 'desc') params.set('order', query.order);
	if (query.page > 1) params.set('page', String(query.page));
	return params.size > 0 ? `?${params}` : '';
}
