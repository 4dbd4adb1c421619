import { many, one, parseRange, writeRange, type Parsed } from '#lib/components/filters/url.ts';
import { productAnalyticsSchema, type ProductAnalyticsQuery } from '#lib/contracts/product-analytics.ts';

/** Reads what products are asked for from the address; what cannot be used falls back to its default with a note. */
export function parsePerformance(params: URLSearchParams): Parsed<ProductAnalyticsQuery> {
	const notes: string[] = [];
	const { shape } = productAnalyticsSchema;
	const [sort, order] = [params.get('sort'), params.get('order')];
	const page = shape.page.safeParse(Number(params.get('page') ?? 1));
	return {
		filters: {
			range: parseRange(params, notes) ?? 'last-30-days',
			channels: many(shape.channels, params, 'channel', notes),
			categories: many(shape.categories, params, 'category', notes),
			sort: (sort === null ? undefined : one(shape.sort, sort, 'sort', notes)) ?? 'net_sales',
			order: (order === null ? undefined : one(shape.order, order, 'order', notes)) ?? 'desc',
			page: page.success ? page.data : 1
		},
		notes
	};
}

/** The address of a query, defaults left out. */
export function performanceQuery(query: ProductAnalyticsQuery): string {
	const params = new URLSearchParams();
	writeRange(params, query.range, 'last-30-days');
	for (const channel of query.channels) params.append('channel', channel);
	for (const category of query.categories) params.append('category', category);
	if (query.sort !== 'net_sales') params.set('sort', query.sort);
	if (query.order !== 'desc') params.set('order', query.order);
	if (query.page > 1) params.set('page', String(query.page));
	return params.size > 0 ? `?${params}` : '';
}
