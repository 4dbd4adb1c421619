import { parseCohorts } from '#lib/components/customers/url.ts';
import { customerCohorts } from '#lib/server/analytics/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx, user }, url }) => {
	const { filters, notes } = parseCohorts(url.searchParams);
	const { show: _show, ...query } = filters;
	return { filters, notes, view: await customerCohorts(ctx, query), viewer: user?.id ?? 'visitor' };
};
