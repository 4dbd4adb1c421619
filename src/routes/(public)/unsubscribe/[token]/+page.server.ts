import { submit } from '#lib/server/platform/form.ts';
import { findSubscription, unsubscribe } from '#lib/server/reporting/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params, setHeaders }) => {
	setHeaders({ 'referrer-policy': 'no-referrer' });
	return findSubscription(params.token);
};

export const actions: Actions = {
	// a press, not the visit: mail scanners open links
	default: (event) =>
		submit(event, 'default', async () => {
			await unsubscribe(event.params.token);
			return { stopped: true };
		})
};
