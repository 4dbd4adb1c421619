import { parseOverview } from '#lib/components/forecasts/url.ts';
import {
	forecastOverview,
	forecastProducts,
	requestRun,
	runProgress
} from '#lib/server/forecasting/index.ts';
import { submit } from '#lib/server/platform/form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, url, depends }) => {
	depends('forecasts:run');
	const query = parseOverview(url.searchParams);
	const { level, key, ...list } = query;
	const [overview, products, runs] = await Promise.all([
		forecastOverview(ctx, { level, key, horizon: query.horizon }),
		forecastProducts(ctx, list),
		runProgress(ctx)
	]);
	return { query, overview, products, runs };
};

export const actions: Actions = {
	train: (event) =>
		submit(event, 'train', async () => {
			await requestRun(event.locals.ctx, { kind: 'train' });
			return { done: 'Training begins.' };
		})
};
