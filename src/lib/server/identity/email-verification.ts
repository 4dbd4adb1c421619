import { z } from 'zod';
import { inBackground } from '../platform/background.ts';
import { Conflict } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { send } from '../platform/mail.ts';
import { parse } from '../platform/parse.ts';
import { addressKey } from '../platform/rate-limit.ts';
import { asSystem } from '../platform/system.ts';
import { auditPerson } from './audit.ts';
import { makeEmailToken, publicOrigin, takeEmailToken } from './email-links.ts';
import { token } from './fields.ts';
import { limits } from './limits.ts';
import { verificationMail } from './mails.ts';
import type { RequestIdentity, SignedIn } from './request-identity.ts';

/** Sends the verification mail after the answer is given; a mail service that is down does not keep anyone from signing up. */
export function postVerification(user: Pick<SignedIn, 'id' | 'email' | 'name'>): void {
	inBackground('verification mail', async () => {
		const link = await asSystem('account: verify, reset, sessions of a person', (tx) =>
			makeEmailToken(tx, user.id, 'verify', user.email)
		);
		await send({
			to: user.email,
			...verificationMail(user.name, `${publicOrigin()}/verify?token=${link}`),
			idempotencyKey: newId()
		});
	});
}

/**
 * Sends the mail again; the link in an earlier one stops working.
 * @throws Conflict when the address is verified; RateLimited
 */
export async function resendVerification(user: SignedIn): Promise<void> {
	if (user.emailVerified) throw new Conflict('Your address is verified already.');
	await limits.verifyByAccount.take(user.id);
	postVerification(user);
}

/**
 * Verifies the address a link was sent to. Works without being signed in: the link is the proof.
 * @throws Conflict when the link was used, replaced or is older than a day, or the address has changed since
 */
export async function verifyEmail(request: RequestIdentity, input: unknown): Promise<{ email: string }> {
	await limits.linkByAddress.take(addressKey(request.address));
	const given = parse(z.strictObject({ token }), input);
	const email = await asSystem('account: verify, reset, sessions of a person', async (tx) => {
		const taken = await takeEmailToken(tx, 'verify', given.token);
		if (!taken) return null;
		const [verified] = await tx.sql`update users set email_verified_at = coalesce(email_verified_at, now())
			where id = ${taken.userId} and lower(email) = lower(${taken.email}) returning id`;
		if (verified) await auditPerson(tx, taken.userId, 'email.verified', request.requestId);
		return verified ? taken.email : null;
	});
	if (!email)
		throw new Conflict(
			'This link was used already, or is older than a day. Sign in and ask for a new one under Settings, Security.'
		);
	return { email };
}
