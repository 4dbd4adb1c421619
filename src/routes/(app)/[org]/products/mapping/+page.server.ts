import { keepApart, suggestMerges } from '#lib/server/catalog/index.ts';
import { mergeAlike, mergeProducts } from '#lib/server/mapping/index.ts';
import { submit } from '#lib/server/platform/form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals: { ctx } }) => suggestMerges(ctx);

export const actions: Actions = {
	merge: (event) =>
		submit(event, 'merge', async (fields) => {
			await mergeProducts(event.locals.ctx, fields);
			return { done: 'The products are one now.' };
		}),
	alike: (event) =>
		submit(event, 'alike', async () => {
			const { merged, left } = await mergeAlike(event.locals.ctx);
			const rest = left > 0 ? ` ${left} could not be merged and wait for you.` : '';
			return { done: `${merged} ${merged === 1 ? 'pair is' : 'pairs are'} merged.${rest}` };
		}),
	apart: (event) =>
		submit(event, 'apart', async (fields) => {
			await keepApart(event.locals.ctx, fields);
			return { done: 'They stay two products, and are not suggested again.' };
		})
};
