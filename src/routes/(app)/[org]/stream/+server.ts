import { openStream } from '#lib/server/live/index.ts';
import { Invalid } from '#lib/server/platform/errors.ts';
import type { RequestHandler } from './$types';

/** The organization's live events after `Last-Event-ID` (a browser that connects again) or `?from=`. */
export const GET: RequestHandler = ({ locals, request, url }) => {
	const told = request.headers.get('last-event-id') || url.searchParams.get('from');
	if (told !== null && !/^\d{1,15}$/.test(told))
		throw new Invalid({ from: 'from must be a position: a whole number.' });
	return openStream(locals.ctx, told === null ? null : Number(told), {
		signal: request.signal,
		sessionId: locals.user?.sessionId ?? null
	});
};
