import { parseList } from '#lib/components/customers/url.ts';
import { listCustomers } from '#lib/server/analytics/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx, user }, url }) => {
	const { filters, notes } = parseList(url.searchParams);
	return { filters, notes, view: await listCustomers(ctx, filters), viewer: user?.id ?? 'visitor' };
};
