import { parseAccuracy } from '#lib/components/forecasts/url.ts';
import { accuracyReport } from '#lib/server/forecasting/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, url }) => {
	const query = parseAccuracy(url.searchParams);
	return { query, report: await accuracyReport(ctx, query) };
};
