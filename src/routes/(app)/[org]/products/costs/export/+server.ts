import { exportCosts } from '#lib/server/catalog/index.ts';
import type { RequestHandler } from './$types';

/** All costs as CSV, in the form in which they are read back. */
export const GET: RequestHandler = async ({ locals: { ctx } }) =>
	new Response(await exportCosts(ctx), {
		headers: {
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': `attachment; filename="${ctx.organization.slug}-costs.csv"`,
			'cache-control': 'private, no-store'
		}
	});
