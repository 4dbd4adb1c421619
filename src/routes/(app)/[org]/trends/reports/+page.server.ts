import { listMembers } from '#lib/server/identity/index.ts';
import { submit } from '#lib/server/platform/form.ts';
import { mailService } from '#lib/server/platform/mail.ts';
import { createReport, listReports, listViews, removeReport } from '#lib/server/reporting/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx } }) => {
	const [reports, views, members] = await Promise.all([listReports(ctx), listViews(ctx), listMembers(ctx)]);
	return {
		reports,
		views: views.filter(({ shared }) => shared).map(({ id, name }) => ({ id, name })),
		members: members.map(({ userId, name }) => ({ userId, name })),
		mail: mailService()
	};
};

export const actions: Actions = {
	create: (event) =>
		submit(event, 'create', async (fields) => {
			await createReport(event.locals.ctx, fields);
			return { done: 'The report is set up.' };
		}),
	remove: (event) =>
		submit(event, 'remove', async (fields) => {
			await removeReport(event.locals.ctx, String(fields.id ?? ''));
			return { done: 'The report is ended.' };
		})
};
