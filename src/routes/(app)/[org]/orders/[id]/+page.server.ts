import { getOrder } from '#lib/server/orders/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, params }) => ({
	order: await getOrder(ctx, params.id)
});
