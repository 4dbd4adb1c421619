import { RECONCILED_DAYS, reconciliation } from '#lib/server/reconciliation/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => ({
	connections: await reconciliation(locals.ctx),
	days: RECONCILED_DAYS,
	only: url.searchParams.get('show') === 'differences',
	now: new Date().toISOString()
});
