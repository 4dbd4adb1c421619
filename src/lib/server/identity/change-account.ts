import { z } from 'zod';
import { inBackground } from '../platform/background.ts';
import { Invalid, Unauthenticated } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { send } from '../platform/mail.ts';
import { parse } from '../platform/parse.ts';
import { asSystem } from '../platform/system.ts';
import { accessChanged } from './access-changes.ts';
import { auditPerson } from './audit.ts';
import { publicOrigin } from './email-links.ts';
import { assertGoodPassword, password, personName } from './fields.ts';
import { hashInTurn, verifyInTurn } from './hashing.ts';
import { limits } from './limits.ts';
import { passwordChangedMail } from './mails.ts';
import type { RequestIdentity, SignedIn } from './request-identity.ts';
import { handOver, startSession } from './sessions.ts';

const passwordSchema = z.strictObject({ current: password, password });

/**
 * Changes the password of the person signed in. Every session ends; this browser gets a new one.
 * @throws Invalid on `current` when it is wrong, on `password` when it is too weak; RateLimited
 */
export async function changePassword(
	user: SignedIn,
	request: RequestIdentity,
	input: unknown
): Promise<void> {
	await limits.passwordByAccount.take(user.id);
	const given = parse(passwordSchema, input);
	const [stored] = await asSystem(
		'account: verify, reset, sessions of a person',
		({ sql }) => sql<{ passwordHash: string }[]>`
		select password_hash from users where id = ${user.id}`
	);
	if (!stored) throw new Unauthenticated();
	if (!(await verifyInTurn(stored.passwordHash, given.current)))
		throw new Invalid({ current: 'This is not the present password.' });
	if (given.password === given.current)
		throw new Invalid({ password: 'This is the present password. Choose another.' });
	assertGoodPassword('password', given.password, user.email);
	const passwordHash = await hashInTurn(given.password);
	const session = await asSystem('account: verify, reset, sessions of a person', async (tx) => {
		// only on top of the hash that was checked: of two changes at once, one wins
		const [changed] = await tx.sql`update users set password_hash = ${passwordHash}
			where id = ${user.id} and password_hash = ${stored.passwordHash} returning id`;
		if (!changed) throw new Invalid({ current: 'The password was changed a moment ago elsewhere.' });
		await tx.sql`delete from sessions where user_id = ${user.id}`;
		await tx.sql`delete from email_tokens where user_id = ${user.id} and purpose = 'reset'`;
		await auditPerson(tx, user.id, 'password.changed', request.requestId);
		return startSession(tx, user.id, request);
	});
	handOver(request, session);
	accessChanged({ userId: user.id });
	inBackground('password mail', () =>
		send({
			to: user.email,
			...passwordChangedMail(user.name, `${publicOrigin()}/reset`),
			idempotencyKey: newId()
		})
	);
}

/** Changes the name others see. @throws Invalid */
export async function changeName(user: SignedIn, request: RequestIdentity, input: unknown): Promise<void> {
	const { name } = parse(z.strictObject({ name: personName }), input);
	await asSystem('account: verify, reset, sessions of a person', async (tx) => {
		const [changed] =
			await tx.sql`update users set name = ${name} where id = ${user.id} and name <> ${name} returning id`;
		if (changed) await auditPerson(tx, user.id, 'user.renamed', request.requestId);
	});
}
