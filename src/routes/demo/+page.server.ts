import { redirect } from '@sveltejs/kit';
import { openDemo, requestIdentity } from '#lib/server/identity/index.ts';
import { NotFound } from '#lib/server/platform/errors.ts';
import { settings } from '#lib/server/platform/running.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = () => {
	if (!settings().DEMO) throw new NotFound('The demo');
};

export const actions: Actions = {
	default: async (event) => {
		const { slug } = await openDemo(requestIdentity(event));
		redirect(303, `/${slug}/dashboard`);
	}
};
