import { redirect } from '@sveltejs/kit';
import { CHANNELS, type Channel } from '#lib/contracts/channels.ts';
import {
	beginOauth,
	connectAmazon,
	connectByClientCredentials,
	connectByToken,
	connectWalmart,
	oauthPossible
} from '#lib/server/channels/index.ts';
import { require } from '#lib/server/identity/index.ts';
import type { Ctx } from '#lib/server/platform/ctx.ts';
import { submit } from '#lib/server/platform/form.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	require(locals.ctx, 'channels.manage');
	const asked = url.searchParams.get('channel');
	const channel: Channel = CHANNELS.find((one) => one === asked) ?? 'shopify';
	return {
		channel,
		oauth: oauthPossible(),
		way: url.searchParams.get('way') === 'token' ? ('token' as const) : ('client' as const),
		/** The account that is to be connected again. */
		account: url.searchParams.get('shop') ?? ''
	};
};

/** Connects and shows the connection; what the channel refuses stands at its field. */
function connectWith(
	event: RequestEvent,
	action: string,
	connect: (ctx: Ctx, fields: unknown) => Promise<string>
) {
	return submit(event, action, async (fields) => {
		const id = await connect(event.locals.ctx, fields);
		redirect(303, `/${event.params.org}/channels/${id}`);
	});
}

export const actions: Actions = {
	client: (event) => connectWith(event, 'client', connectByClientCredentials),
	token: (event) => connectWith(event, 'token', connectByToken),
	amazon: (event) => connectWith(event, 'amazon', connectAmazon),
	walmart: (event) => connectWith(event, 'walmart', connectWalmart),
	oauth: (event) =>
		submit(event, 'oauth', async (fields) => {
			const { url } = await beginOauth(event.locals.ctx, fields);
			redirect(303, url, { external: [new URL(url).origin] });
		})
};
