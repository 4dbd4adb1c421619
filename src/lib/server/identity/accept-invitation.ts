import { z } from 'zod';
import type { Role } from '#lib/contracts/permissions.ts';
import { sha256 } from '../platform/crypto.ts';
import type { Tx } from '../platform/db.ts';
import { Conflict, Forbidden } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parse } from '../platform/parse.ts';
import { addressKey } from '../platform/rate-limit.ts';
import { asSystem } from '../platform/system.ts';
import { audit } from './audit.ts';
import { assertGoodPassword, password, personName, token } from './fields.ts';
import { hashInTurn } from './hashing.ts';
import { limits } from './limits.ts';
import type { RequestIdentity, SignedIn } from './request-identity.ts';
import { endPresentedSession, handOver, startSession } from './sessions.ts';
import { insertUser } from './sign-up.ts';

const GONE = 'This invitation was used, taken back or is older than 7 days. Ask for a new one.';

/** What the holder of an invitation's link is shown. `hasAccount`: someone with this address can sign in. */
export interface Invitation {
	email: string;
	role: Role;
	organizationName: string;
	invitedBy: string | null;
	hasAccount: boolean;
}

type Row = Invitation & { id: string; organizationId: string; slug: string };

/** The invitation behind a link; null when it does not work any more. @throws RateLimited */
export async function findInvitation(request: RequestIdentity, link: string): Promise<Invitation | null> {
	await limits.linkByAddress.take(addressKey(request.address));
	const row = await asSystem('invitation: find by token', (tx) => openInvitation(tx, link));
	if (!row) return null;
	const { email, role, organizationName, invitedBy, hasAccount } = row;
	return { email, role, organizationName, invitedBy, hasAccount };
}

/**
 * Joins the organization as the person signed in, whose address must be the invited one. Answers the organization's slug.
 * @throws Conflict when the link does not work any more; Forbidden for another person
 */
export async function acceptInvitation(
	user: SignedIn,
	request: RequestIdentity,
	input: unknown
): Promise<{ slug: string }> {
	const given = parse(z.strictObject({ token }), input);
	return asSystem('invitation: find by token', async (tx) => {
		const invitation = await openInvitation(tx, given.token, true);
		if (!invitation) throw new Conflict(GONE);
		if (invitation.email.toLowerCase() !== user.email.toLowerCase())
			throw new Forbidden(`This invitation is for ${invitation.email}. Sign out, then open it again.`);
		await tx.sql`update users set email_verified_at = coalesce(email_verified_at, now()) where id = ${user.id}`;
		await join(tx, invitation, user.id, request);
		return { slug: invitation.slug };
	});
}

const newcomerSchema = z.strictObject({ token, name: personName, password });

/**
 * Makes an account for the invited address, verified by the link, joins the organization and signs in.
 * Answers the organization's slug. Works where sign-up is closed.
 * @throws Conflict when the link does not work any more; Invalid for the fields
 */
export async function acceptAsNewcomer(request: RequestIdentity, input: unknown): Promise<{ slug: string }> {
	await limits.signUpByAddress.take(addressKey(request.address));
	const given = parse(newcomerSchema, input);
	const invited = await asSystem('invitation: find by token', (tx) => openInvitation(tx, given.token));
	if (!invited) throw new Conflict(GONE);
	assertGoodPassword('password', given.password, invited.email);
	const passwordHash = await hashInTurn(given.password);
	const userId = newId();
	const session = await asSystem('invitation: find by token', async (tx) => {
		const invitation = await openInvitation(tx, given.token, true);
		if (!invitation) throw new Conflict(GONE);
		if (invitation.hasAccount)
			throw new Conflict('This address has an account already. Sign in, then open the invitation again.');
		await insertUser(tx, {
			id: userId,
			name: given.name,
			email: invitation.email,
			passwordHash,
			verified: true
		});
		await join(tx, invitation, userId, request);
		await endPresentedSession(tx, request);
		return startSession(tx, userId, request);
	});
	handOver(request, session);
	return { slug: invited.slug };
}

async function openInvitation({ sql }: Tx, link: string, lock = false): Promise<Row | undefined> {
	const [row] = await sql<Row[]>`
		select i.id, i.email, i.role, i.organization_id, o.slug, o.name as organization_name, u.name as invited_by,
			exists (select 1 from users x where lower(x.email) = lower(i.email)) as has_account
		from invitations i join organizations o on o.id = i.organization_id left join users u on u.id = i.invited_by
		where i.token_hash = ${sha256(link)} and i.accepted_at is null and i.expires_at > now()
		${lock ? sql`for update of i` : sql``}`;
	return row;
}

async function join(tx: Tx, invitation: Row, userId: string, request: RequestIdentity): Promise<void> {
	const { organizationId, id, role } = invitation;
	await tx.sql`update invitations set accepted_at = now() where id = ${id}`;
	await tx.sql`insert into members (organization_id, user_id, role) values (${organizationId}, ${userId}, ${role}) on conflict do nothing`;
	const acting = {
		organization: { id: organizationId },
		actor: { kind: 'member' as const, userId },
		requestId: request.requestId
	};
	await audit(tx, acting, 'member.joined', { kind: 'invitation', id }, { role });
}
