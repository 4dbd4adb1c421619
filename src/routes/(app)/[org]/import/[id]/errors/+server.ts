import { importErrorsCsv } from '#lib/server/imports/index.ts';
import type { RequestHandler } from './$types';

/** What could not be read of a file, as CSV. */
export const GET: RequestHandler = async ({ locals, params }) =>
	new Response(await importErrorsCsv(locals.ctx, params.id), {
		headers: {
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': 'attachment; filename="import-errors.csv"',
			'cache-control': 'private, no-store'
		}
	});
