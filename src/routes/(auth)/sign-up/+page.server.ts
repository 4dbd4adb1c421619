import { redirect } from '@sveltejs/kit';
import { guessRegional, timeZones } from '#lib/contracts/regional.ts';
import { requestIdentity, signUp, signUpOpen } from '#lib/server/identity/index.ts';
import { submit } from '#lib/server/platform/form.ts';
import { landing } from '../landing.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, request, url }) => {
	if (locals.user) redirect(303, await landing(locals.user, url));
	// for browsers without scripts; the others choose by themselves
	const language = request.headers.get('accept-language')?.split(/[,;]/)[0];
	return {
		open: await signUpOpen(),
		guess: guessRegional(language),
		timeZones: timeZones()
	};
};

export const actions: Actions = {
	default: (event) =>
		submit(event, 'sign-up', async (fields) => {
			const { slug } = await signUp(requestIdentity(event), fields);
			redirect(303, `/${slug}/channels?welcome`);
		})
};
