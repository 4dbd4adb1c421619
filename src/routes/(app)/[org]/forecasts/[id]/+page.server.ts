import { redirect } from '@sveltejs/kit';
import { parseHorizon } from '#lib/components/forecasts/url.ts';
import {
	generateForecast,
	keepScenario,
	listScenarios,
	productForecast,
	productOverrides,
	removeScenario,
	setOverride,
	undoOverride
} from '#lib/server/forecasting/index.ts';
import { submit } from '#lib/server/platform/form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, params, url }) => {
	const page = await productForecast(ctx, { productId: params.id, horizon: parseHorizon(url.searchParams) });
	// a merged product's address leads to the one that took over
	if (page.productId !== params.id) redirect(307, `/${ctx.organization.slug}/forecasts/${page.productId}`);
	const [overrides, scenarios] = await Promise.all([
		productOverrides(ctx, params.id),
		listScenarios(ctx, params.id)
	]);
	return { ...page, overrides, scenarios };
};

export const actions: Actions = {
	generate: (event) =>
		submit(event, 'generate', async () => ({
			made: await generateForecast(event.locals.ctx, { productId: event.params.id, horizon: 90 })
		})),
	override: (event) =>
		submit(event, 'override', async (fields) => {
			await setOverride(event.locals.ctx, { ...fields, productId: event.params.id });
			return { done: 'Your figure stands beside the model’s.' };
		}),
	undo: (event) =>
		submit(event, 'undo', async (fields) => {
			await undoOverride(event.locals.ctx, fields);
			return { done: 'Taken back. The history keeps it.' };
		}),
	keep: (event) =>
		submit(event, 'keep', async ({ name, scenario }) => {
			await keepScenario(event.locals.ctx, { productId: event.params.id, name, scenario: read(scenario) });
			return { done: 'The scenario is kept.' };
		}),
	forget: (event) =>
		submit(event, 'forget', async (fields) => {
			await removeScenario(event.locals.ctx, fields);
			return { done: 'The scenario is removed.' };
		})
};

/** The scenario as the page wrote it into its field; what is no JSON is left to the schema to refuse. */
function read(text: unknown): unknown {
	try {
		return JSON.parse(String(text));
	} catch {
		return null;
	}
}
