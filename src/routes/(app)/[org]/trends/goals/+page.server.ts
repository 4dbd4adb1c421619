import { localDay } from '#lib/server/orders/index.ts';
import { submit } from '#lib/server/platform/form.ts';
import { listGoals, removeGoal, setGoal } from '#lib/server/reporting/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx } }) => {
	const now = new Date();
	return {
		goals: await listGoals(ctx, now),
		asOf: now.toISOString(),
		today: localDay(now.toISOString(), ctx.organization.timeZone)
	};
};

export const actions: Actions = {
	set: (event) =>
		submit(event, 'set', async (fields) => {
			await setGoal(event.locals.ctx, fields);
			return { done: 'The goal is set.' };
		}),
	remove: (event) =>
		submit(event, 'remove', async (fields) => {
			await removeGoal(event.locals.ctx, String(fields.id ?? ''));
			return { done: 'The goal is removed.' };
		})
};
