import { requestIdentity, resendVerification, verifyEmail } from '#lib/server/identity/index.ts';
import { Unauthenticated } from '#lib/server/platform/errors.ts';
import { submit } from '#lib/server/platform/form.ts';
import { mailService } from '#lib/server/platform/mail.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) => ({
	token: url.searchParams.get('token'),
	user: locals.user && { email: locals.user.email, emailVerified: locals.user.emailVerified },
	outbox: mailService() === 'outbox'
});

export const actions: Actions = {
	// a press, not the visit: mail scanners open links
	confirm: (event) =>
		submit(event, 'confirm', async (fields) => ({
			confirmed: (await verifyEmail(requestIdentity(event), fields)).email
		})),
	resend: (event) =>
		submit(event, 'resend', async () => {
			if (!event.locals.user) throw new Unauthenticated();
			await resendVerification(event.locals.user);
			return { sentTo: event.locals.user.email };
		})
};
