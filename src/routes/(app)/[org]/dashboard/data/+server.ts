import { parseFilters } from '#lib/components/filters/url.ts';
import { dashboard } from '#lib/server/analytics/index.ts';
import { localDay } from '#lib/server/orders/index.ts';
import type { RequestHandler } from './$types';

/** The dashboard's figures alone, for the page that is open: asked for again at most once a second. */
export const GET: RequestHandler = async ({ locals: { ctx }, url }) => {
	const today = localDay(new Date().toISOString(), ctx.organization.timeZone);
	return Response.json(await dashboard(ctx, parseFilters(url.searchParams, today).filters));
};
