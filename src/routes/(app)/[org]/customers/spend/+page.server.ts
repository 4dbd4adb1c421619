import { parseSpend } from '#lib/components/customers/url.ts';
import {
	importAdSpend,
	listAdSpend,
	previewAdSpend,
	removeAdSpend,
	setAdSpend
} from '#lib/server/analytics/index.ts';
import { localDay } from '#lib/server/orders/index.ts';
import { submit } from '#lib/server/platform/form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, url }) => {
	const { filters, notes } = parseSpend(url.searchParams);
	return {
		notes,
		today: localDay(new Date().toISOString(), ctx.organization.timeZone),
		view: await listAdSpend(ctx, filters)
	};
};

export const actions: Actions = {
	set: (event) =>
		submit(event, 'set', async (fields) => {
			await setAdSpend(event.locals.ctx, fields);
			return { done: 'The ad spend is saved. Margin and CAC follow.' };
		}),
	change: (event) =>
		submit(event, 'change', async (fields) => {
			await setAdSpend(event.locals.ctx, fields);
			return { done: 'The amount is changed. Margin and CAC follow.' };
		}),
	remove: (event) =>
		submit(event, 'remove', async (fields) => {
			await removeAdSpend(event.locals.ctx, fields);
			return { done: 'The ad spend is removed.' };
		}),
	preview: (event) =>
		submit(event, 'preview', async (fields) => ({ preview: await previewAdSpend(event.locals.ctx, fields) })),
	take: (event) =>
		submit(event, 'take', async (fields) => ({ taken: await importAdSpend(event.locals.ctx, fields) }))
};
