import { startSession, checkPassword, endSession, auditPerson, ctxOfMember } from '../identity/index.ts';
import type { Role } from '#lib/contracts/permissions.ts';
import { closeStreams } from '../live/index.ts';
import { randomToken, sha256 } from '../platform/crypto.ts';
import type { Ctx, Organization, Scope } from '../platform/ctx.ts';
import type { Tx } from '../platform/db.ts';
import { AppError, Unauthenticated } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { asSystem } from '../platform/system.ts';
import type { Caller } from './caller.ts';
import { ACCESS_SECONDS, readAccess, signAccess } from './token.ts';

const DAY = 86_400_000;
/** A refresh token works this long, ... */
const REFRESH_MS = 30 * DAY;
/** ... and a sign-in this long in any case. */
const LONGEST_MS = 180 * DAY;
const TICKET_MS = 30_000;

const FIND = 'sign-in: find a person, their session, their organizations';

/** What a programme signs in with and works with. */
export interface Tokens {
	accessToken: string;
	tokenType: 'Bearer';
	expiresIn: number;
	refreshToken: string;
	refreshExpiresIn: number;
	organization: Pick<Organization, 'id' | 'slug' | 'name' | 'currency' | 'timeZone'>;
}

/** The one answer to a refresh token that is unknown, over, used, or whose sign-in has ended. */
class BadRefreshToken extends AppError {
	constructor() {
		super(401, 'invalid_refresh_token', 'This refresh token does not work any more. Sign in again.');
	}
}

/**
 * Signs a programme in for one organization: the given one, or the first that the person joined.
 * @throws WrongCredentials, RateLimited, Unavailable when too many sign in at once; AppError 403 for an organization that is not theirs
 */
export async function logIn(
	caller: Caller,
	given: { email: string; password: string; organization_id?: string | undefined }
): Promise<Tokens> {
	const { id: userId } = await checkPassword(caller.address, {
		email: given.email,
		password: given.password
	});
	return asSystem(FIND, async (tx) => {
		const [organization] = await tx.sql<Tokens['organization'][]>`
			select o.id, o.slug, o.name, o.currency, o.time_zone from members m join organizations o on o.id = m.organization_id
			where m.user_id = ${userId} and (${given.organization_id ?? null}::text is null or o.id::text = ${given.organization_id ?? null})
			order by m.created_at, o.id limit 1`;
		if (!organization)
			throw new AppError(
				403,
				'forbidden',
				given.organization_id
					? 'You are no member of this organization. Leave organization_id out, or take the id of one of yours.'
					: 'You are no member of an organization yet. Make one, or accept an invitation.'
			);
		const session = await startSession(tx, userId, {
			address: caller.address,
			userAgent: `API: ${caller.userAgent || 'unnamed'}`
		});
		const grantId = newId();
		await tx.sql`insert into api_grants (id, organization_id, user_id, session_id) values (${grantId}, ${organization.id}, ${userId}, ${sha256(session.token)})`;
		await auditPerson(tx, userId, 'session.started', caller.requestId, { api: true });
		return tokensOf(tx, { grantId, userId, organization });
	});
}

/**
 * New tokens for a refresh token, which works once. A second use ends the sign-in: one of the two was stolen.
 * @throws AppError 401 for one that does not work
 */
export async function refresh(caller: Caller, token: string): Promise<Tokens> {
	const id = sha256(token);
	const found = await asSystem(FIND, async (tx) => {
		const { sql } = tx;
		const [row] = await sql<GrantRow[]>`
			select t.grant_id, t.used_at, t.expires_at, g.user_id, g.session_id, s.created_at as started_at, o.id, o.slug, o.name, o.currency, o.time_zone
			from api_tokens t join api_grants g on g.id = t.grant_id join sessions s on s.id = g.session_id and s.expires_at > now()
				join organizations o on o.id = g.organization_id
			where t.id = ${id} and t.kind = 'refresh' for update of t`;
		if (!row || row.expiresAt.getTime() <= Date.now()) return null;
		if (row.usedAt) {
			await endSession(tx, row.sessionId);
			await auditPerson(tx, row.userId, 'session.revoked', caller.requestId, {
				reason: 'refresh_token_reused'
			});
			return { stolen: row.grantId };
		}
		const now = Date.now();
		const until = new Date(Math.min(now + REFRESH_MS, row.startedAt.getTime() + LONGEST_MS));
		await sql`update api_tokens set used_at = now() where id = ${id}`;
		await sql`delete from api_tokens where grant_id = ${row.grantId} and expires_at <= now()`;
		await sql`update sessions set last_seen_at = now(), expires_at = ${until}, address = ${caller.address} where id = ${row.sessionId}`;
		const { id: organizationId, slug, name, currency, timeZone } = row;
		return tokensOf(
			tx,
			{
				grantId: row.grantId,
				userId: row.userId,
				organization: { id: organizationId, slug, name, currency, timeZone }
			},
			now,
			until
		);
	});
	if (found && 'stolen' in found) closeStreams((owner) => owner.sessionId === found.stolen);
	if (!found || 'stolen' in found) throw new BadRefreshToken();
	return found;
}

interface GrantRow {
	grantId: string;
	usedAt: Date | null;
	expiresAt: Date;
	userId: string;
	sessionId: string;
	startedAt: Date;
	id: string;
	slug: string;
	name: string;
	currency: string;
	timeZone: string;
}

async function tokensOf(
	{ sql }: Tx,
	{
		grantId,
		userId,
		organization
	}: { grantId: string; userId: string; organization: Tokens['organization'] },
	now = Date.now(),
	until = new Date(now + REFRESH_MS)
): Promise<Tokens> {
	const refreshToken = randomToken(32);
	await sql`insert into api_tokens (id, organization_id, grant_id, kind, expires_at)
		values (${sha256(refreshToken)}, ${organization.id}, ${grantId}, 'refresh', ${until})`;
	return {
		accessToken: signAccess({ sub: userId, org: organization.id, sid: grantId }),
		tokenType: 'Bearer',
		expiresIn: ACCESS_SECONDS,
		refreshToken,
		refreshExpiresIn: Math.floor((until.getTime() - now) / 1000),
		organization
	};
}

/** Ends a sign-in: its access token, refresh tokens, tickets and open streams. */
export async function logOut(grantId: string, caller: Caller): Promise<void> {
	await asSystem(FIND, async (tx) => {
		const [grant] = await tx.sql<{ sessionId: string; userId: string }[]>`
			select session_id, user_id from api_grants where id = ${grantId}`;
		if (!grant) return;
		await endSession(tx, grant.sessionId);
		await auditPerson(tx, grant.userId, 'session.revoked', caller.requestId, { api: true });
	});
	closeStreams((owner) => owner.sessionId === grantId);
}

/** In whose name a request works. */
export interface Bearer {
	ctx: Ctx;
	grantId: string;
}

/**
 * Who sends an access token. Whether the sign-in, the session and the membership still stand is asked for each request, so that
 * a revocation works at once.
 * @throws Unauthenticated for a token that does not count (any more)
 */
export async function bearer(authorization: string | null, requestId: string): Promise<Bearer> {
	const token = /^Bearer +([\w.~+/=-]+)$/i.exec(authorization ?? '')?.[1];
	if (!token)
		throw new Unauthenticated(
			'Send an access token: Authorization: Bearer <access_token> from POST /api/v1/auth/login.'
		);
	const claims = readAccess(token);
	const found = claims && (await grantCtx(claims.sid, requestId));
	if (!found || found.ctx.organization.id !== claims.org)
		throw new Unauthenticated('This access token is over or was revoked. Refresh it, or sign in again.');
	return found;
}

async function grantCtx(grantId: string, requestId: string): Promise<Bearer | null> {
	const [row] = await asSystem(
		FIND,
		({ sql }) => sql<(Organization & { userId: string; role: Role; scope: Scope | null })[]>`
		select o.id, o.slug, o.name, o.currency, o.time_zone, o.locale, o.plan, o.is_demo, m.user_id, m.role, m.scope
		from api_grants g join sessions s on s.id = g.session_id and s.expires_at > now()
			join members m on m.organization_id = g.organization_id and m.user_id = g.user_id
			join organizations o on o.id = g.organization_id
		where g.id = ${grantId}`
	);
	if (!row) return null;
	const { userId, role, scope, ...organization } = row;
	return {
		ctx: ctxOfMember(organization, { kind: 'api_key', keyId: grantId, userId }, role, scope, requestId),
		grantId
	};
}

/** A ticket that opens one stream of the grant within 30 seconds. */
export async function makeTicket({ ctx, grantId }: Bearer): Promise<{ ticket: string; expiresIn: number }> {
	const ticket = randomToken(32);
	await asSystem(FIND, async ({ sql }) => {
		await sql`delete from api_tokens where grant_id = ${grantId} and expires_at <= now()`;
		await sql`insert into api_tokens (id, organization_id, grant_id, kind, expires_at)
			values (${sha256(ticket)}, ${ctx.organization.id}, ${grantId}, 'ticket', ${new Date(Date.now() + TICKET_MS)})`;
	});
	return { ticket, expiresIn: TICKET_MS / 1000 };
}

/** Who opens a stream with this ticket, which then is used up. @throws Unauthenticated */
export async function takeTicket(ticket: string, requestId: string): Promise<Bearer> {
	const [row] = await asSystem(
		FIND,
		({ sql }) => sql<{ grantId: string }[]>`
		delete from api_tokens where id = ${sha256(ticket)} and kind = 'ticket' and expires_at > now() returning grant_id`
	);
	const found = row && (await grantCtx(row.grantId, requestId));
	if (!found)
		throw new Unauthenticated('This ticket was used already or is older than 30 seconds. Ask for a new one.');
	return found;
}
