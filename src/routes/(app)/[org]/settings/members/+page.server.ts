import {
	changeMember,
	invite,
	listInvitations,
	listMembers,
	removeMember,
	resendInvitation,
	revokeInvitation
} from '#lib/server/identity/index.ts';
import { submit } from '#lib/server/platform/form.ts';
import { mailService } from '#lib/server/platform/mail.ts';
import { redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const [members, invitations] = await Promise.all([listMembers(locals.ctx), listInvitations(locals.ctx)]);
	return { members, invitations, ownId: locals.user?.id ?? null, outbox: mailService() === 'outbox' };
};

export const actions: Actions = {
	invite: (event) =>
		submit(event, 'invite', async (fields) => {
			await invite(event.locals.ctx, fields);
			return { done: `The invitation to ${String(fields.email)} is on its way.`, mailed: true };
		}),
	resend: (event) =>
		submit(event, 'resend', async (fields) => {
			await resendInvitation(event.locals.ctx, fields);
			return { done: 'The invitation was sent again, with a new link.', mailed: true };
		}),
	revoke: (event) =>
		submit(event, 'revoke', async (fields) => {
			await revokeInvitation(event.locals.ctx, fields);
			return { done: 'The invitation was taken back. Its link does not work any more.' };
		}),
	change: (event) =>
		submit(event, 'change', async (fields) => {
			await changeMember(event.locals.ctx, fields);
			return { done: 'The role is changed.' };
		}),
	remove: (event) =>
		submit(event, 'remove', async (fields) => {
			await removeMember(event.locals.ctx, fields);
			if (fields.userId === event.locals.user?.id) redirect(303, '/sign-in');
			return { done: 'The member was removed and is signed out of this organization.' };
		})
};
