import { importCosts, previewCosts } from '#lib/server/catalog/index.ts';
import { require } from '#lib/server/identity/index.ts';
import { submit } from '#lib/server/platform/form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals: { ctx } }) => require(ctx, 'products.manage');

export const actions: Actions = {
	preview: (event) =>
		submit(event, 'preview', async (fields) => ({ preview: await previewCosts(event.locals.ctx, fields) })),
	take: (event) =>
		submit(event, 'take', async (fields) => ({ taken: await importCosts(event.locals.ctx, fields) }))
};
