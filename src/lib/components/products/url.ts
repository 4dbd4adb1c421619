import { CHANNELS, type Channel } from '#lib/contracts/channels.ts';
import type { ProductFilters } from '#lib/contracts/products.ts';

export const NO_PRODUCT_FILTERS: ProductFilters = {
	search: '',
	channels: [],
	categories: [],
	show: 'all',
	page: 1
};
export const SHOWS: { value: ProductFilters['show']; label: string }[] = [
	{ value: 'all', label: 'All' },
	{ value: 'no-cost', label: 'Without a cost' },
	{ value: 'several', label: 'On several channels' },
	{ value: 'one-channel', label: 'On one channel' },
	{ value: 'bundle', label: 'Bundles' }
];

/** Reads the list's filters from the address; what cannot be used falls back to its default. */
export function parseProducts(params: URLSearchParams): ProductFilters {
	const usable = (text: string) => !text.includes('\0') && text.isWellFormed();
	const page = Number(params.get('page') ?? 1);
	const show = params.get('show');
	return {
		search: [params.get('q') ?? ''].filter(usable).join('').trim().slice(0, 100),
		channels: CHANNELS.filter((channel) => params.getAll('channel').includes(channel)),
		categories: [...new Set(params.getAll('category'))]
			.filter((name) => usable(name) && name.length <= 200)
			.slice(0, 50),
		show: SHOWS.find(({ value }) => value === show)?.value ?? 'all',
		page: Number.isInteger(page) && page >= 1 && page <= 10_000 ? page : 1
	};
}

/** The address of filters, defaults left out. */
export function productsQuery(filters: ProductFilters): string {
	const params = new URLSearchParams();
	if (filters.search) params.set('q', filters.search);
	for (const channel of filters.channels as Channel[]) params.append('channel', channel);
	for (const category of filters.categories) params.append('category', category);
	if (filters.show !== 'all') params.set('show', filters.show);
	if (filters.page > 1) params.set('page', String(filters.page));
	return params.size > 0 ? `?${params}` : '';
}
