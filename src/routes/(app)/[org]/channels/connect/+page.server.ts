import { redirect } from '@sveltejs/kit';
import {
	beginOauth,
	connectByClientCredentials,
	connectByToken,
	oauthPossible
} from '#lib/server/channels/index.ts';
import { require } from '#lib/server/identity/index.ts';
import { submit } from '#lib/server/platform/form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	require(locals.ctx, 'channels.manage');
	return {
		oauth: oauthPossible(),
		way: url.searchParams.get('way') === 'token' ? 'token' : 'client',
		shop: url.searchParams.get('shop') ?? ''
	};
};

export const actions: Actions = {
	client: (event) =>
		submit(event, 'client', async (fields) => {
			const id = await connectByClientCredentials(event.locals.ctx, fields);
			redirect(303, `/${event.params.org}/channels/${id}`);
		}),
	token: (event) =>
		submit(event, 'token', async (fields) => {
			const id = await connectByToken(event.locals.ctx, fields);
			redirect(303, `/${event.params.org}/channels/${id}`);
		}),
	oauth: (event) =>
		submit(event, 'oauth', async (fields) => {
			const { url } = await beginOauth(event.locals.ctx, fields);
			redirect(303, url);
		})
};
