import { exportPrivacyRequest } from '#lib/server/channels/index.ts';
import type { RequestHandler } from './$types';

/** What is stored about the buyer of a request, as a file to hand on. */
export const GET: RequestHandler = async ({ locals: { ctx }, params }) =>
	new Response(JSON.stringify(await exportPrivacyRequest(ctx, params.request), null, '\t'), {
		headers: {
			'content-type': 'application/json',
			'content-disposition': `attachment; filename="buyer-data-${params.request}.json"`
		}
	});
