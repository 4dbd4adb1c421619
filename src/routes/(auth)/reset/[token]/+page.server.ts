import { redirect } from '@sveltejs/kit';
import { findReset, requestIdentity, resetPassword } from '#lib/server/identity/index.ts';
import { submit } from '#lib/server/platform/form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => ({
	reset: await findReset(requestIdentity(event), event.params.token)
});

export const actions: Actions = {
	default: (event) =>
		submit(event, 'reset', async (fields) => {
			await resetPassword(requestIdentity(event), { ...fields, token: event.params.token });
			redirect(303, '/sign-in?reset');
		})
};
