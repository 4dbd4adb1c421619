import { answer } from '#lib/server/api/index.ts';
import type { RequestHandler } from './$types';

/** All of /api/v1: which endpoints there are, who may call them and what they answer stands in src/lib/server/api. */
const handle: RequestHandler = async ({ request, url, locals }) => {
	const { response, route } = await answer(request, {
		requestId: locals.requestId,
		address: locals.address,
		userAgent: request.headers.get('user-agent')?.slice(0, 200) ?? '',
		secure: url.protocol === 'https:'
	});
	locals.route = route;
	return response;
};

export {
	handle as GET,
	handle as POST,
	handle as PATCH,
	handle as PUT,
	handle as DELETE,
	handle as fallback
};
