import { requestIdentity, requestPasswordReset } from '#lib/server/identity/index.ts';
import { submit } from '#lib/server/platform/form.ts';
import { mailService } from '#lib/server/platform/mail.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => ({
	email: locals.user?.email ?? '',
	outbox: mailService() === 'outbox'
});

export const actions: Actions = {
	default: (event) =>
		submit(event, 'reset', async (fields) => {
			await requestPasswordReset(requestIdentity(event), fields);
			return { sentTo: String(fields.email) };
		})
};
