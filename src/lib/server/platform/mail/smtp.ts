import { createTransport } from 'nodemailer';
import type { Mail } from '../mail.ts';
import { settings } from '../running.ts';
import { headersOf } from './headers.ts';
import { MailRefused } from './resend.ts';

export async function sendBySmtp(mail: Mail): Promise<void> {
	const { SMTP_URL, MAIL_FROM } = settings();
	const transport = createTransport({
		url: SMTP_URL!,
		connectionTimeout: 10_000,
		greetingTimeout: 10_000,
		socketTimeout: 20_000,
		disableFileAccess: true,
		disableUrlAccess: true
	});
	const { to, subject, text, html, idempotencyKey } = mail;
	try {
		// servers that see the same id twice keep one
		await transport.sendMail({
			from: MAIL_FROM,
			to,
			subject,
			text,
			html,
			headers: headersOf(mail),
			messageId: `<${idempotencyKey}@tidemark>`
		});
	} catch (error) {
		const code = (error as { responseCode?: number }).responseCode;
		if (code !== undefined && code >= 500)
			throw new MailRefused(`The mail server refused the mail: ${code}`, { cause: error });
		throw error;
	} finally {
		transport.close();
	}
}
