import { parseTrend } from '#lib/components/trends/url.ts';
import { filterOptions, trend } from '#lib/server/analytics/index.ts';
import { listConnections } from '#lib/server/channels/index.ts';
import { localDay } from '#lib/server/orders/index.ts';
import { submit } from '#lib/server/platform/form.ts';
import {
	addAnnotation,
	listAnnotations,
	listViews,
	removeAnnotation,
	removeView,
	saveView
} from '#lib/server/reporting/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, url }) => {
	const today = localDay(new Date().toISOString(), ctx.organization.timeZone);
	const { filters: query, notes } = parseTrend(url.searchParams, today);
	const [view, options, connections, views] = await Promise.all([
		trend(ctx, query),
		filterOptions(ctx),
		listConnections(ctx),
		listViews(ctx)
	]);
	const annotations = await listAnnotations(ctx, {
		...view.period,
		products: query.products,
		channels: query.channels
	});
	return {
		today,
		query,
		notes,
		view,
		options,
		views,
		annotations,
		connected: connections.length > 0,
		limited: ctx.scope !== null
	};
};

const idOf = (fields: Record<string, string | string[]>) => String(fields.id ?? '');

export const actions: Actions = {
	annotate: (event) =>
		submit(event, 'annotate', async (fields) => {
			await addAnnotation(event.locals.ctx, fields);
			return { done: 'It stands on the chart.' };
		}),
	unannotate: (event) =>
		submit(event, 'unannotate', async (fields) => {
			await removeAnnotation(event.locals.ctx, idOf(fields));
			return { done: 'It is removed.' };
		}),
	save: (event) =>
		submit(event, 'save', async (fields) => {
			await saveView(event.locals.ctx, fields);
			return { done: 'The view is saved.' };
		}),
	unsave: (event) =>
		submit(event, 'unsave', async (fields) => {
			await removeView(event.locals.ctx, idOf(fields));
			return { done: 'The view is removed.' };
		})
};
