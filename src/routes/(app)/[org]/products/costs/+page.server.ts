import {
	addReceipt,
	costMethod,
	importCosts,
	importReceipts,
	listReceipts,
	previewCosts,
	previewReceipts,
	removeReceipt,
	setCostMethod
} from '#lib/server/catalog/index.ts';
import { require } from '#lib/server/identity/index.ts';
import { localDay } from '#lib/server/orders/index.ts';
import { submit } from '#lib/server/platform/form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, url }) => {
	require(ctx, 'products.manage');
	const sku = url.searchParams.get('sku')?.trim() ?? '';
	const page = Number(url.searchParams.get('page'));
	const [method, receipts] = await Promise.all([
		costMethod(ctx),
		listReceipts(ctx, { sku, page: Number.isInteger(page) && page >= 1 && page <= 100_000 ? page : 1 })
	]);
	return {
		method,
		receipts,
		sku,
		today: localDay(new Date().toISOString(), ctx.organization.timeZone)
	};
};

export const actions: Actions = {
	preview: (event) =>
		submit(event, 'preview', async (fields) => ({ preview: await previewCosts(event.locals.ctx, fields) })),
	take: (event) =>
		submit(event, 'take', async (fields) => ({ taken: await importCosts(event.locals.ctx, fields) })),
	method: (event) =>
		submit(event, 'method', async (fields) => {
			await setCostMethod(event.locals.ctx, fields);
			return { done: 'The method is saved. Profit of all days follows.' };
		}),
	receipt: (event) =>
		submit(event, 'receipt', async (fields) => {
			await addReceipt(event.locals.ctx, fields);
			return { done: 'The receipt is saved. Profit follows at once.' };
		}),
	removeReceipt: (event) =>
		submit(event, 'removeReceipt', async (fields) => {
			await removeReceipt(event.locals.ctx, fields);
			return { done: 'The receipt is removed.' };
		}),
	previewReceipts: (event) =>
		submit(event, 'previewReceipts', async (fields) => ({
			previewReceipts: await previewReceipts(event.locals.ctx, fields)
		})),
	takeReceipts: (event) =>
		submit(event, 'takeReceipts', async (fields) => ({
			takenReceipts: await importReceipts(event.locals.ctx, fields)
		}))
};
