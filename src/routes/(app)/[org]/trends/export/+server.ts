import { parseTrend } from '#lib/components/trends/url.ts';
import { localDay } from '#lib/server/orders/index.ts';
import { exportTrend } from '#lib/server/reporting/index.ts';
import type { RequestHandler } from './$types';

/** The trend of the same address as CSV, all groups. */
export const GET: RequestHandler = async ({ locals: { ctx }, url }) => {
	const today = localDay(new Date().toISOString(), ctx.organization.timeZone);
	const { csv, name } = await exportTrend(ctx, parseTrend(url.searchParams, today).filters);
	return new Response(csv, {
		headers: {
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': `attachment; filename="${ctx.organization.slug}-${name}"`,
			'cache-control': 'private, no-store'
		}
	});
};
