import { getCustomer } from '#lib/server/analytics/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx, user }, params }) => ({
	view: await getCustomer(ctx, params.id),
	viewer: user?.id ?? 'visitor'
});
