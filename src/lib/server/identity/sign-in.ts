import { z } from 'zod';
import { decoyHash } from '../platform/crypto.ts';
import { AppError } from '../platform/errors.ts';
import { parse } from '../platform/parse.ts';
import { addressKey } from '../platform/rate-limit.ts';
import { asSystem } from '../platform/system.ts';
import { auditPerson } from './audit.ts';
import { email, password } from './fields.ts';
import { verifyInTurn } from './hashing.ts';
import { limits } from './limits.ts';
import type { RequestIdentity } from './request-identity.ts';
import { endPresentedSession, handOver, startSession } from './sessions.ts';

const schema = z.strictObject({ email, password });
const decoy = decoyHash();

/** The same for an unknown address and a wrong password. */
export class WrongCredentials extends AppError {
	constructor() {
		super(401, 'wrong_credentials', 'E-mail and password do not match. Check both, or reset the password.');
	}
}

/**
 * Signs a browser in with a new session; one it brought along ends. Known and unknown addresses get the same answer after
 * the same work: one argon2 each. Answers the id of the person.
 * @throws WrongCredentials, Invalid, RateLimited, Unavailable when too many sign in at once
 */
export async function signIn(request: RequestIdentity, input: unknown): Promise<{ id: string }> {
	const user = await checkPassword(request.address, input);
	const session = await asSystem('sign-in: find a person, their session, their organizations', async (tx) => {
		await endPresentedSession(tx, request);
		await auditPerson(tx, user.id, 'session.started', request.requestId);
		return startSession(tx, user.id, request);
	});
	handOver(request, session);
	return user;
}

/**
 * Whose e-mail and password these are, for browsers and programmes alike: the same limits, the same work for known and unknown addresses.
 * @throws WrongCredentials, Invalid, RateLimited, Unavailable when too many sign in at once
 */
export async function checkPassword(clientAddress: string, input: unknown): Promise<{ id: string }> {
	const address = addressKey(clientAddress);
	await limits.signInByAddress.take(address);
	const given = parse(schema, input);
	const account = given.email.toLowerCase();
	await limits.signInByAccountAndAddress.take(`${account} ${address}`);
	await limits.signInByAccount.take(account);
	const [user] = await asSystem(
		'sign-in: find a person, their session, their organizations',
		({ sql }) => sql<{ id: string; passwordHash: string }[]>`
		select id, password_hash from users where lower(email) = ${account}`
	);
	const right = await verifyInTurn(user?.passwordHash ?? decoy, given.password);
	if (!user || !right) throw new WrongCredentials();
	await limits.signInByAccountAndAddress.reset(`${account} ${address}`);
	return { id: user.id };
}
