import { parseChannels } from '#lib/components/customers/url.ts';
import { customerSegments } from '#lib/server/analytics/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx, user }, url }) => {
	const { filters, notes } = parseChannels(url.searchParams);
	return { filters, notes, view: await customerSegments(ctx, filters), viewer: user?.id ?? 'visitor' };
};
