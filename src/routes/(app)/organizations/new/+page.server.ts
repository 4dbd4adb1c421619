import { redirect } from '@sveltejs/kit';
import { guessRegional, timeZones } from '#lib/contracts/regional.ts';
import { createOrganization, requestIdentity } from '#lib/server/identity/index.ts';
import { Unauthenticated } from '#lib/server/platform/errors.ts';
import { submit } from '#lib/server/platform/form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, request }) => {
	if (!locals.user) redirect(303, '/sign-in?next=/organizations/new');
	const language = request.headers.get('accept-language')?.split(/[,;]/)[0];
	return { guess: guessRegional(language), timeZones: timeZones() };
};

export const actions: Actions = {
	default: (event) =>
		submit(event, 'create', async (fields) => {
			if (!event.locals.user) throw new Unauthenticated();
			const { slug } = await createOrganization(event.locals.user, requestIdentity(event), fields);
			redirect(303, `/${slug}/channels?welcome`);
		})
};
