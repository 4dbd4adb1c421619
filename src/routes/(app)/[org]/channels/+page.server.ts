import { channelsOverview } from '#lib/server/channels/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { connections, position } = await channelsOverview(locals.ctx);
	return { connections, position, viewer: locals.user?.id ?? 'visitor', now: new Date().toISOString() };
};
