import { redirect } from '@sveltejs/kit';
import {
	acceptAsNewcomer,
	acceptInvitation,
	findInvitation,
	requestIdentity
} from '#lib/server/identity/index.ts';
import { Unauthenticated } from '#lib/server/platform/errors.ts';
import { submit } from '#lib/server/platform/form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => ({
	invitation: await findInvitation(requestIdentity(event), event.params.token),
	signedInAs: event.locals.user?.email ?? null
});

export const actions: Actions = {
	accept: (event) =>
		submit(event, 'accept', async () => {
			if (!event.locals.user) throw new Unauthenticated();
			const { slug } = await acceptInvitation(event.locals.user, requestIdentity(event), {
				token: event.params.token
			});
			redirect(303, `/${slug}/dashboard`);
		}),
	join: (event) =>
		submit(event, 'join', async (fields) => {
			const { slug } = await acceptAsNewcomer(requestIdentity(event), {
				...fields,
				token: event.params.token
			});
			redirect(303, `/${slug}/dashboard`);
		})
};
