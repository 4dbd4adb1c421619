import { parsePerformance } from '#lib/components/products-analytics/url.ts';
import { filterOptions, productAnalytics } from '#lib/server/analytics/index.ts';
import { listConnections } from '#lib/server/channels/index.ts';
import { localDay } from '#lib/server/orders/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, url }) => {
	const { filters: query, notes } = parsePerformance(url.searchParams);
	const [view, options, connections] = await Promise.all([
		productAnalytics(ctx, query),
		filterOptions(ctx),
		listConnections(ctx)
	]);
	return {
		query,
		notes,
		view,
		options,
		connected: connections.length > 0,
		today: localDay(new Date().toISOString(), ctx.organization.timeZone)
	};
};
