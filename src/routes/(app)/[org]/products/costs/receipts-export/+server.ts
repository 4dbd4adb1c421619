import { exportReceipts } from '#lib/server/catalog/index.ts';
import type { RequestHandler } from './$types';

/** All receipts as CSV, in the form in which they are read back. */
export const GET: RequestHandler = async ({ locals: { ctx } }) =>
	new Response(await exportReceipts(ctx), {
		headers: {
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': `attachment; filename="${ctx.organization.slug}-receipts.csv"`,
			'cache-control': 'private, no-store'
		}
	});
