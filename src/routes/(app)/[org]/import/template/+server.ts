import { require } from '#lib/server/identity/index.ts';
import { templateCsv } from '#lib/server/imports/index.ts';
import type { RequestHandler } from './$types';

/** The template for files of one's own. */
export const GET: RequestHandler = ({ locals }) => {
	require(locals.ctx, 'orders.import');
	return new Response(templateCsv(), {
		headers: {
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': 'attachment; filename="tidemark-orders-template.csv"'
		}
	});
};
