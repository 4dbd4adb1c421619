import { channelsOverview } from '#lib/server/channels/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { connections, runs, position } = await channelsOverview(locals.ctx);
	return { connections, runs, position, viewer: locals.user?.id ?? 'visitor', now: new Date().toISOString() };
};
