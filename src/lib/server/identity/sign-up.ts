import { z } from 'zod';
import type { Tx } from '../platform/db.ts';
import { Forbidden, Invalid } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parse } from '../platform/parse.ts';
import { addressKey } from '../platform/rate-limit.ts';
import { settings } from '../platform/running.ts';
import { asSystem } from '../platform/system.ts';
import { auditPerson } from './audit.ts';
import { postVerification } from './email-verification.ts';
import {
	assertGoodPassword,
	currency,
	email,
	locale,
	organizationName,
	password,
	personName,
	timeZone
} from './fields.ts';
import { hashInTurn } from './hashing.ts';
import { limits } from './limits.ts';
import type { RequestIdentity } from './request-identity.ts';
import { endPresentedSession, handOver, startSession } from './sessions.ts';
import { insertOrganization } from './slug.ts';

const schema = z.strictObject({
	name: personName,
	email,
	password,
	organizationName,
	currency,
	timeZone,
	locale
});

/** True when strangers may sign up: `SIGN_UP=on`, or nobody has yet. */
export async function signUpOpen(): Promise<boolean> {
	return settings().SIGN_UP || (await asSystem('sign-up: make a person and an organization', nobodyYet));
}

/**
 * Makes a person, their organization and the owner's membership, signs the browser in, and sends the verification mail.
 * Answers the organization's slug.
 * @throws Invalid for wrong fields or an address that has an account; RateLimited; Forbidden while sign-up is closed
 */
export async function signUp(request: RequestIdentity, input: unknown): Promise<{ slug: string }> {
	await limits.signUpByAddress.take(addressKey(request.address));
	const wanted = parse(schema, input);
	assertGoodPassword('password', wanted.password, wanted.email);
	const passwordHash = await hashInTurn(wanted.password);
	const userId = newId();
	const made = await asSystem('sign-up: make a person and an organization', async (tx) => {
		if (!settings().SIGN_UP) await onlyTheFirst(tx);
		await insertUser(tx, {
			id: userId,
			name: wanted.name,
			email: wanted.email,
			passwordHash,
			verified: false
		});
		const organizationId = newId();
		const slug = await insertOrganization(tx, {
			...wanted,
			id: organizationId,
			name: wanted.organizationName
		});
		await tx.sql`insert into members (organization_id, user_id, role) values (${organizationId}, ${userId}, 'owner')`;
		await auditPerson(tx, userId, 'organization.created', request.requestId);
		await endPresentedSession(tx, request);
		return { slug, session: await startSession(tx, userId, request) };
	});
	handOver(request, made.session);
	postVerification({ id: userId, email: wanted.email, name: wanted.name });
	return { slug: made.slug };
}

/** Inserts a person. @throws Invalid on `email` when the address has an account */
export async function insertUser(
	{ sql }: Tx,
	user: { id: string; name: string; email: string; passwordHash: string; verified: boolean }
): Promise<void> {
	const [made] = await sql`insert into users (id, email, name, password_hash, email_verified_at)
		values (${user.id}, ${user.email}, ${user.name}, ${user.passwordHash}, ${user.verified ? sql`now()` : null})
		on conflict (lower(email)) do nothing returning id`;
	if (!made)
		throw new Invalid({ email: 'This address has an account already. Sign in, or reset the password.' });
}

async function nobodyYet({ sql }: Tx): Promise<boolean> {
	const [row] = await sql<{ empty: boolean }[]>`select not exists (select 1 from users) as empty`;
	return row!.empty;
}

async function onlyTheFirst(tx: Tx): Promise<void> {
	await tx.sql`select pg_advisory_xact_lock(hashtext('tidemark.first-user'))`;
	if (!(await nobodyYet(tx)))
		throw new Forbidden('New accounts are by invitation here. Ask an admin of your organization for one.');
}
