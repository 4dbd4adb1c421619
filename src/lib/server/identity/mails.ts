/** A mail's words, apart from whom it goes to. */
export interface MailText {
	subject: string;
	text: string;
	html: string;
}

export function verificationMail(name: string, link: string): MailText {
	return compose('Confirm your address for Tidemark', [
		`Hello ${name},`,
		'confirm that this address is yours, so that a forgotten password and notices from Tidemark reach you.',
		{ link, label: 'Confirm the address' },
		'The link works for 24 hours. If you did not sign up, do nothing: without the password nobody can use this address.'
	]);
}

export function resetMail(name: string, link: string): MailText {
	return compose('Set a new Tidemark password', [
		`Hello ${name},`,
		'someone, probably you, asked for a new password.',
		{ link, label: 'Set a new password' },
		'The link works once, for one hour. It signs out every browser that is signed in. If it was not you, do nothing: your password stays as it is.'
	]);
}

export function passwordChangedMail(name: string, link: string): MailText {
	return compose('Your Tidemark password was changed', [
		`Hello ${name},`,
		'your password was changed, and all other browsers were signed out.',
		'If it was not you, set a new password now:',
		{ link, label: 'Set a new password' }
	]);
}

export function invitationMail(invitation: {
	by: string;
	organization: string;
	role: string;
	link: string;
}): MailText {
	return compose(`${invitation.by} invited you to ${invitation.organization} on Tidemark`, [
		'Hello,',
		`${invitation.by} invited you to ${invitation.organization} on Tidemark, as ${invitation.role}. Tidemark shows orders, stock and sales of all channels as they happen.`,
		{ link: invitation.link, label: 'See the invitation' },
		'The link works for 7 days. If you do not know the sender, do nothing.'
	]);
}

type Part = string | { link: string; label: string };

function compose(subject: string, parts: Part[]): MailText {
	const text = parts.map((part) => (typeof part === 'string' ? part : part.link)).join('\n\n');
	const paragraphs = parts.map((part) =>
		typeof part === 'string'
			? `<p style="margin:0 0 16px">${escape(part)}</p>`
			: `<p style="margin:0 0 16px"><a href="${escape(part.link)}" style="display:inline-block;padding:10px 16px;border-radius:6px;background:#2f4fd0;color:#ffffff;text-decoration:none">${escape(part.label)}</a></p><p style="margin:0 0 16px;font-size:13px;color:#5a6172">${escape(part.link)}</p>`
	);
	const html = `<!doctype html><html lang="en"><body style="margin:0;padding:24px;background:#ffffff;font:15px/1.5 system-ui,sans-serif;color:#171a21"><div style="max-width:520px">${paragraphs.join('')}<p style="margin:24px 0 0;font-size:13px;color:#5a6172">Tidemark</p></div></body></html>`;
	return { subject: subject.replace(/[\r\n]+/g, ' '), text: `${text}\n\nTidemark\n`, html };
}

function escape(value: string): string {
	return value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
