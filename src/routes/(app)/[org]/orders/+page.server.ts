import { orderFilters, parseOrders } from '#lib/components/filters/orders-url.ts';
import { currentPosition } from '#lib/server/live/index.ts';
import { countOrders, listOrders, localDay } from '#lib/server/orders/index.ts';
import { filterOptions } from '#lib/server/analytics/index.ts';
import type { PageServerLoad } from './$types';

const ROWS = 50;

export const load: PageServerLoad = async ({ locals: { ctx, user }, url }) => {
	const now = new Date().toISOString();
	const today = localDay(now, ctx.organization.timeZone);
	const { filters: shown, notes } = parseOrders(url.searchParams);
	const filters = orderFilters(shown, today);
	const { sort, direction, cursor } = shown;
	const position = await currentPosition(ctx); // before the rows: what commits in between comes over the stream
	const [list, totals, options] = await Promise.all([
		listOrders(ctx, { ...filters, sort, direction, limit: ROWS, ...(cursor && { cursor }) }),
		countOrders(ctx, filters),
		filterOptions(ctx)
	]);
	return { now, today, shown, notes, list, totals, options, position, viewer: user?.id ?? 'visitor' };
};
