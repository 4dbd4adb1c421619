import { setTimeout as sleep } from 'node:timers/promises';
import { log } from './log.ts';
import { keepInOutbox } from './mail/outbox.ts';
import { MailRefused, sendByResend } from './mail/resend.ts';
import { sendBySmtp } from './mail/smtp.ts';
import { settings } from './running.ts';

/** A mail to one person. With the same `idempotencyKey` a service delivers it once. */
export interface Mail {
	to: string;
	subject: string;
	text: string;
	html?: string;
	/** The page that ends mails like this one: mail programs show it beside the sender (RFC 2369). */
	unsubscribe?: string;
	idempotencyKey: string;
}

/** What carries mail here: a service the operator has set, or the outbox page of this installation. */
export function mailService(): 'resend' | 'smtp' | 'outbox' {
	const { RESEND_API_KEY, SMTP_URL } = settings();
	return RESEND_API_KEY ? 'resend' : SMTP_URL ? 'smtp' : 'outbox';
}

/**
 * Sends a mail, with four tries over some twenty seconds. Call after the commit, never inside a transaction.
 * @throws Error when the service refused it or stayed away
 */
export async function send(mail: Mail, waits: readonly number[] = [1000, 4000, 16_000]): Promise<void> {
	const service = mailService();
	const deliver = { resend: sendByResend, smtp: sendBySmtp, outbox: keepInOutbox }[service];
	for (let attempt = 0; ; attempt++) {
		try {
			await deliver(mail);
			log.info(
				{
					service,
					subject: mail.subject,
					...(service === 'outbox' && { to: mail.to, link: /https?:\S+/.exec(mail.text)?.[0] })
				},
				'mail sent'
			);
			return;
		} catch (error) {
			const wait = waits[attempt];
			if (wait === undefined || error instanceof MailRefused) throw error;
			log.warn({ err: error, service, attempt: attempt + 1 }, 'mail not accepted; trying again');
			await sleep(wait);
		}
	}
}
