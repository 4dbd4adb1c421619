import { getPayload } from '#lib/server/orders/index.ts';
import type { RequestHandler } from './$types';

/** The payload from which the order was last read, for those who may see it; null once it has expired. */
export const GET: RequestHandler = async ({ locals: { ctx }, params }) =>
	Response.json(await getPayload(ctx, params.id));
