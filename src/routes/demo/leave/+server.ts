import { redirect } from '@sveltejs/kit';
import { leaveDemo, requestIdentity } from '#lib/server/identity/index.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = (event) => {
	leaveDemo(requestIdentity(event));
	redirect(303, '/');
};
