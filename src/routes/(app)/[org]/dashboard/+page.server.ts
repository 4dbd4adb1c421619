import { parseFilters } from '#lib/components/filters/url.ts';
import { dashboard } from '#lib/server/analytics/index.ts';
import { listConnections } from '#lib/server/channels/index.ts';
import { lowStock } from '#lib/server/inventory/index.ts';
import { listOrders, localDay } from '#lib/server/orders/index.ts';
import { TICKER_ROWS } from '#lib/components/dashboard/ticker-rows.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, url }) => {
	const today = localDay(new Date().toISOString(), ctx.organization.timeZone);
	const { filters, notes } = parseFilters(url.searchParams, today);
	const { channels, countries } = filters;
	const [view, recent, stock, connections] = await Promise.all([
		dashboard(ctx, filters),
		listOrders(ctx, { channels, countries, limit: TICKER_ROWS }),
		lowStock(ctx, { limit: 8 }),
		listConnections(ctx)
	]);
	return {
		today,
		filters,
		notes,
		view,
		recent: recent.orders,
		stock,
		connections
	};
};
