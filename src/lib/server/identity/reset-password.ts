import { z } from 'zod';
import { inBackground } from '../platform/background.ts';
import { Conflict } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { send } from '../platform/mail.ts';
import { parse } from '../platform/parse.ts';
import { addressKey } from '../platform/rate-limit.ts';
import { asSystem } from '../platform/system.ts';
import { accessChanged } from './access-changes.ts';
import { auditPerson } from './audit.ts';
import { makeEmailToken, peekEmailToken, publicOrigin, takeEmailToken } from './email-links.ts';
import { assertGoodPassword, email, password, token } from './fields.ts';
import { hashInTurn } from './hashing.ts';
import { limits } from './limits.ts';
import { resetMail } from './mails.ts';
import type { RequestIdentity } from './request-identity.ts';

const GONE = 'This link was used already, or is older than an hour. Ask for a new one.';

/**
 * Sends a reset link when the address has an account. The answer comes before we look, so that it and its timing are the
 * same for known and unknown addresses.
 * @throws Invalid, RateLimited
 */
export async function requestPasswordReset(request: RequestIdentity, input: unknown): Promise<void> {
	await limits.resetByAddress.take(addressKey(request.address));
	const given = parse(z.strictObject({ email }), input);
	await limits.resetByAccount.take(given.email.toLowerCase());
	inBackground('reset mail', async () => {
		const found = await asSystem('account: verify, reset, sessions of a person', async (tx) => {
			const [user] = await tx.sql<{ id: string; name: string; email: string }[]>`
				select id, name, email from users where lower(email) = lower(${given.email})`;
			return user && { ...user, link: await makeEmailToken(tx, user.id, 'reset', user.email) };
		});
		if (!found) return;
		await send({
			to: found.email,
			...resetMail(found.name, `${publicOrigin()}/reset/${found.link}`),
			idempotencyKey: newId()
		});
	});
}

/** The address a reset link is for; null when it does not work any more. Looks only. @throws RateLimited */
export async function findReset(request: RequestIdentity, link: string): Promise<{ email: string } | null> {
	await limits.linkByAddress.take(addressKey(request.address));
	const found = await asSystem('account: verify, reset, sessions of a person', (tx) =>
		peekEmailToken(tx, 'reset', link)
	);
	return found && { email: found.email };
}

const schema = z.strictObject({ token, password });

/**
 * Sets a new password by a reset link, which works once; every session of the person ends.
 * @throws Conflict when the link does not work any more; Invalid on `password`
 */
export async function resetPassword(request: RequestIdentity, input: unknown): Promise<void> {
	await limits.linkByAddress.take(addressKey(request.address));
	const given = parse(schema, input);
	const found = await asSystem('account: verify, reset, sessions of a person', (tx) =>
		peekEmailToken(tx, 'reset', given.token)
	);
	if (!found) throw new Conflict(GONE);
	assertGoodPassword('password', given.password, found.email);
	const passwordHash = await hashInTurn(given.password);
	await asSystem('account: verify, reset, sessions of a person', async (tx) => {
		const taken = await takeEmailToken(tx, 'reset', given.token);
		if (!taken) throw new Conflict(GONE);
		// the link came by mail: the address is theirs
		const [user] =
			await tx.sql`update users set password_hash = ${passwordHash}, email_verified_at = coalesce(email_verified_at, now())
			where id = ${taken.userId} and lower(email) = lower(${taken.email}) returning id`;
		if (!user) throw new Conflict(GONE);
		await tx.sql`delete from sessions where user_id = ${taken.userId}`;
		await auditPerson(tx, taken.userId, 'password.reset', request.requestId);
	});
	accessChanged({ userId: found.userId });
}
