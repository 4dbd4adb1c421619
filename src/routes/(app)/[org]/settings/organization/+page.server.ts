import { timeZones } from '#lib/contracts/regional.ts';
import { updateOrganization } from '#lib/server/identity/index.ts';
import { submit } from '#lib/server/platform/form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = () => ({ timeZones: timeZones() });

export const actions: Actions = {
	default: (event) =>
		submit(event, 'update', async (fields) => {
			const { figuresChange, organization } = await updateOrganization(event.locals.ctx, fields);
			event.locals.ctx = { ...event.locals.ctx, organization }; // the page that answers shows what is true now
			return { saved: true, figuresChange };
		})
};
