import { NotFound } from '#lib/server/platform/errors.ts';
import { mailService } from '#lib/server/platform/mail.ts';
import { keptMails } from '#lib/server/platform/mail/outbox.ts';
import { settings } from '#lib/server/platform/running.ts';
import type { PageServerLoad } from './$types';

/** Mails hold links that sign people in: while no mail service is set they are shown on the machine itself, or while developing. */
export const load: PageServerLoad = async ({ locals, request, setHeaders }) => {
	const local =
		isLoopback(locals.address) &&
		!request.headers.has('x-forwarded-for') &&
		!request.headers.has('forwarded');
	const developing = settings().NODE_ENV === 'development';
	if (mailService() !== 'outbox' || !(local || developing)) throw new NotFound('This page');
	setHeaders({ 'cache-control': 'no-store' });
	return { mails: await keptMails() };
};

function isLoopback(address: string): boolean {
	return address === '::1' || /^(::ffff:)?127\./.test(address);
}
