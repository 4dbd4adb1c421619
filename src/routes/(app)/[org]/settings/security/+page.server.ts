import {
	changeName,
	changePassword,
	identify,
	listSessions,
	requestIdentity,
	revokeOtherSessions,
	revokeSession
} from '#lib/server/identity/index.ts';
import { Unauthenticated } from '#lib/server/platform/errors.ts';
import { submit } from '#lib/server/platform/form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => ({
	sessions: await listSessions(signedIn(locals)),
	plainHttp: url.protocol === 'http:'
});

export const actions: Actions = {
	rename: (event) =>
		submit(event, 'rename', async (fields) => {
			await changeName(signedIn(event.locals), requestIdentity(event), fields);
			event.locals.user = await identify(requestIdentity(event)); // the page that answers shows what is true now
			return { done: 'Your name is changed.' };
		}),
	password: (event) =>
		submit(event, 'password', async (fields) => {
			await changePassword(signedIn(event.locals), requestIdentity(event), fields);
			event.locals.user = await identify(requestIdentity(event));
			return { done: 'The password is changed. All other browsers were signed out.' };
		}),
	revoke: (event) =>
		submit(event, 'revoke', async (fields) => {
			await revokeSession(signedIn(event.locals), requestIdentity(event), fields);
			return { done: 'That browser is signed out.' };
		}),
	revokeOthers: (event) =>
		submit(event, 'revokeOthers', async () => {
			const count = await revokeOtherSessions(signedIn(event.locals), requestIdentity(event));
			return {
				done: count === 1 ? 'One other browser was signed out.' : `${count} other browsers were signed out.`
			};
		})
};

function signedIn(locals: App.Locals) {
	if (!locals.user) throw new Unauthenticated();
	return locals.user;
}
