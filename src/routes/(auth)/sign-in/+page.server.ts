import { redirect } from '@sveltejs/kit';
import { requestIdentity, signIn, signUpOpen } from '#lib/server/identity/index.ts';
import { submit } from '#lib/server/platform/form.ts';
import { landing } from '../landing.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	if (locals.user) redirect(303, await landing(locals.user, url));
	return { signUpOpen: await signUpOpen(), justReset: url.searchParams.has('reset') };
};

export const actions: Actions = {
	default: (event) =>
		submit(event, 'sign-in', async (fields) => {
			const user = await signIn(requestIdentity(event), fields);
			redirect(303, await landing(user, event.url));
		})
};
