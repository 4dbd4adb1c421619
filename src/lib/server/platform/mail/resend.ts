import { Resend } from 'resend';
import type { Mail } from '../mail.ts';
import { settings } from '../running.ts';
import { headersOf } from './headers.ts';

/** The service understood the mail and does not take it: trying again changes nothing. */
export class MailRefused extends Error {
	override name = 'MailRefused';
}

const PASSING = new Set([
	'rate_limit_exceeded',
	'application_error',
	'internal_server_error',
	'concurrent_idempotent_requests'
]);

export async function sendByResend(mail: Mail): Promise<void> {
	const { RESEND_API_KEY, RESEND_API_URL, MAIL_FROM } = settings();
	const client = new Resend(RESEND_API_KEY, { baseUrl: RESEND_API_URL });
	const { to, subject, text, html, idempotencyKey } = mail;
	const { error } = await client.emails.send(
		{ from: MAIL_FROM, to, subject, text, ...(html && { html }), headers: headersOf(mail) },
		{ idempotencyKey }
	);
	if (!error) return;
	const words = `Resend did not take the mail: ${error.name}: ${error.message}`;
	throw PASSING.has(error.name) ? new Error(words) : new MailRefused(words);
}
