import { redirect } from '@sveltejs/kit';
import { requestIdentity, signOut } from '#lib/server/identity/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => {
	if (!locals.user) redirect(303, '/sign-in');
};

export const actions: Actions = {
	default: async (event) => {
		await signOut(requestIdentity(event));
		redirect(303, '/sign-in');
	}
};
