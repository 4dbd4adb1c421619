import { parseOverview } from '#lib/components/customers/url.ts';
import { customersOverview } from '#lib/server/analytics/index.ts';
import { listConnections } from '#lib/server/channels/index.ts';
import { localDay } from '#lib/server/orders/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx, user }, url }) => {
	const { filters, notes } = parseOverview(url.searchParams);
	const [view, connections] = await Promise.all([customersOverview(ctx, filters), listConnections(ctx)]);
	return {
		today: localDay(view.asOf, ctx.organization.timeZone),
		filters,
		notes,
		view,
		connected: connections.length > 0,
		viewer: user?.id ?? 'visitor'
	};
};
