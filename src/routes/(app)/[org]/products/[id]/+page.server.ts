import { redirect } from '@sveltejs/kit';
import { productDepth, profit } from '#lib/server/analytics/index.ts';
import { changeProduct, getProduct, removeCost, setComponents, setCost } from '#lib/server/catalog/index.ts';
import { productForecast } from '#lib/server/forecasting/index.ts';
import { mergeProducts, splitListing } from '#lib/server/mapping/index.ts';
import { localDay } from '#lib/server/orders/index.ts';
import { submit } from '#lib/server/platform/form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, params }) => {
	const product = await getProduct(ctx, params.id);
	// a merged product's address leads to the one that took over
	if (product.id !== params.id) redirect(307, `/${ctx.organization.slug}/products/${product.id}`);
	const [view, depth, { forecast }] = await Promise.all([
		profit(ctx, {
			range: 'last-30-days',
			by: 'week',
			channels: [],
			categories: [],
			products: [product.id]
		}),
		productDepth(ctx, product.id),
		productForecast(ctx, { productId: product.id })
	]);
	return {
		product,
		view,
		depth,
		forecast,
		today: localDay(new Date().toISOString(), ctx.organization.timeZone)
	};
};

export const actions: Actions = {
	words: (event) =>
		submit(event, 'words', async (fields) => {
			await changeProduct(event.locals.ctx, { ...fields, productId: event.params.id });
			return { done: 'The product is saved.' };
		}),
	cost: (event) =>
		submit(event, 'cost', async (fields) => {
			await setCost(event.locals.ctx, { ...fields, productId: event.params.id });
			return { done: 'The cost is saved. Profit follows at once.' };
		}),
	removeCost: (event) =>
		submit(event, 'removeCost', async (fields) => {
			await removeCost(event.locals.ctx, { ...fields, productId: event.params.id });
			return { done: 'The cost is removed.' };
		}),
	components: (event) =>
		submit(event, 'components', async (fields) => {
			const list = (value: string | string[] | undefined) => (value === undefined ? [] : [value].flat());
			const quantities = list(fields.quantity);
			await setComponents(event.locals.ctx, {
				bundleId: event.params.id,
				components: list(fields.component).map((productId, index) => ({
					productId,
					quantity: Number(quantities[index] || Number.NaN)
				}))
			});
			return { done: 'The bundle is saved.' };
		}),
	merge: (event) =>
		submit(event, 'merge', async (fields) => {
			await mergeProducts(event.locals.ctx, { intoId: event.params.id, fromId: fields.fromId });
			return { done: 'The products are one now.' };
		}),
	split: (event) =>
		submit(event, 'split', async (fields) => {
			const id = await splitListing(event.locals.ctx, fields);
			return { done: 'The listing has a product of its own now.', splitOff: id };
		})
};
