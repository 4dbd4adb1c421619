import { parseProducts } from '#lib/components/products/url.ts';
import { profit } from '#lib/server/analytics/index.ts';
import { listProducts, PAGE, suggestMerges } from '#lib/server/catalog/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, url }) => {
	const filters = parseProducts(url.searchParams);
	const [list, suggested] = await Promise.all([listProducts(ctx, filters), suggestMerges(ctx)]);
	const ids = list.products.map(({ id }) => id);
	const sold =
		ids.length > 0
			? await profit(ctx, { range: 'last-30-days', by: 'month', channels: [], categories: [], products: ids })
			: null;
	return {
		filters,
		...list,
		pageSize: PAGE,
		suggestions: suggested.suggestions.length,
		moreSuggestions: suggested.more,
		sold: Object.fromEntries((sold?.products ?? []).map((row) => [row.productId, row])),
		currency: ctx.organization.currency,
		today: new Date().toISOString().slice(0, 10)
	};
};
