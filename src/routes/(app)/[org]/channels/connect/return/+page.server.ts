import { redirect } from '@sveltejs/kit';
import { finishOauth } from '#lib/server/channels/index.ts';
import { Invalid } from '#lib/server/platform/errors.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url }) => {
	let id: string;
	try {
		id = await finishOauth(locals.ctx, url.searchParams);
	} catch (error) {
		if (!(error instanceof Invalid)) throw error;
		return { message: error.message };
	}
	redirect(303, `/${params.org}/channels/${id}`);
};
