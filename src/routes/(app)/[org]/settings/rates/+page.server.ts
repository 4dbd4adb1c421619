import { listRates, refreshRates, removeRate, setRate } from '#lib/server/analytics/index.ts';
import { localDay } from '#lib/server/orders/index.ts';
import { submit } from '#lib/server/platform/form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx } }) => ({
	rates: await listRates(ctx),
	today: localDay(new Date().toISOString(), ctx.organization.timeZone)
});

export const actions: Actions = {
	set: (event) =>
		submit(event, 'set', async (fields) => {
			await setRate(event.locals.ctx, fields);
			return { done: 'The rate is saved. All figures follow.' };
		}),
	remove: (event) =>
		submit(event, 'remove', async (fields) => {
			await removeRate(event.locals.ctx, fields);
			return { done: 'The rate is removed.' };
		}),
	refresh: (event) =>
		submit(event, 'refresh', async () => {
			await refreshRates(event.locals.ctx);
			return { done: 'Rates are being fetched. The first time this takes about a minute.' };
		})
};
