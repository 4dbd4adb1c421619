import { getRun } from '#lib/server/channels/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => ({
	...(await getRun(locals.ctx, params.id, params.run)),
	viewer: locals.user?.id ?? 'visitor',
	now: new Date().toISOString()
});
