import { parseFilters } from '#lib/components/filters/url.ts';
import { filterOptions, revenue } from '#lib/server/analytics/index.ts';
import { listConnections } from '#lib/server/channels/index.ts';
import { localDay } from '#lib/server/orders/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, url }) => {
	const today = localDay(new Date().toISOString(), ctx.organization.timeZone);
	const { filters, notes } = parseFilters(url.searchParams, today);
	const { range, by, channels, categories } = filters;
	const [view, options, connections] = await Promise.all([
		revenue(ctx, { range, by, channels, categories }),
		filterOptions(ctx),
		listConnections(ctx)
	]);
	return {
		today,
		filters,
		notes,
		view: view.profit,
		sales: view.sales,
		parts: {
			categories: view.categories,
			countries: view.countries,
			regions: view.regions,
			customers: view.customers
		},
		options,
		connected: connections.length > 0
	};
};
