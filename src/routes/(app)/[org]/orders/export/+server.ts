import { orderFilters, parseOrders } from '#lib/components/filters/orders-url.ts';
import { exportOrders, localDay } from '#lib/server/orders/index.ts';
import { Invalid } from '#lib/server/platform/errors.ts';
import { textStream } from '#lib/server/platform/text-stream.ts';
import type { RequestHandler } from './$types';

/** The orders of the list's filters as CSV, streamed. Unlike the page it refuses what it does not understand: a file has no room for notes. */
export const GET: RequestHandler = async ({ locals: { ctx }, url }) => {
	const today = localDay(new Date().toISOString(), ctx.organization.timeZone);
	const { filters, notes } = parseOrders(url.searchParams);
	if (notes.length > 0) throw new Invalid({ filters: notes.join(' ') });
	const pieces = await exportOrders(ctx, orderFilters(filters, today));
	return new Response(textStream(pieces), {
		headers: {
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': `attachment; filename="${ctx.organization.slug}-orders-${today}.csv"`,
			'cache-control': 'private, no-store'
		}
	});
};
