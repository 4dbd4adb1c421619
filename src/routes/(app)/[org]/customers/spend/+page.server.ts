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
	const asked = (name: string, most: number) => {
		const value = Number(url.searchParams.get(name));
		return Number.isInteger(value) && value >= 1 && value <= most ? value : undefined;
	};
	return {
		today: localDay(new Date().toISOString(), ctx.organization.timeZone),
		view: await listAdSpend(ctx, {
			year: asked('year', 9999),
			month: asked('month', 12),
			page: asked('page', 10_000) ?? 1
		})
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
