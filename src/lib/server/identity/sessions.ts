import { randomToken, sha256 } from '../platform/crypto.ts';
import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { asSystem } from '../platform/system.ts';
import type { RequestIdentity, SignedIn } from './request-identity.ts';
import { clearSessionToken, readSessionToken, writeSessionToken } from './session-cookie.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** A session ends after this long without a visit, ... */
const IDLE = 30 * DAY;
/** ... and after this long in any case. */
const LONGEST = 180 * DAY;

/** A session that has been written but not handed to the browser yet. */
export interface NewSession {
	token: string;
	expiresAt: Date;
}

/** Writes a new session with a token of its own: every sign-in and password change makes one. Hand it over after the commit. */
export async function startSession(
	{ sql }: Tx,
	userId: string,
	request: Pick<RequestIdentity, 'address' | 'userAgent'>
): Promise<NewSession> {
	const token = randomToken(20);
	const expiresAt = new Date(Date.now() + IDLE);
	await sql`insert into sessions (id, user_id, public_id, user_agent, address, expires_at)
		values (${sha256(token)}, ${userId}, ${newId()}, ${request.userAgent}, ${request.address}, ${expiresAt})`;
	return { token, expiresAt };
}

/** Gives the browser the session's token. */
export function handOver(request: RequestIdentity, session: NewSession): void {
	writeSessionToken(request, session.token, session.expiresAt);
}

/** Ends a session by its row's key, and with it what hangs on it. */
export async function endSession({ sql }: Tx, sessionId: string): Promise<void> {
	await sql`delete from sessions where id = ${sessionId}`;
}

/** Ends the session that the browser brought along, if any; answers whose it was. */
export async function endPresentedSession({ sql }: Tx, request: RequestIdentity): Promise<string | null> {
	const token = readSessionToken(request);
	if (!token) return null;
	const [ended] = await sql<
		{ userId: string }[]
	>`delete from sessions where id = ${sha256(token)} returning user_id`;
	return ended?.userId ?? null;
}

/**
 * Who asks, by the session cookie; null for a visitor. A visit moves the session's end (written at most once an hour).
 * @throws Unavailable when PostgreSQL cannot be reached
 */
export async function identify(request: RequestIdentity): Promise<SignedIn | null> {
	const token = readSessionToken(request);
	if (!token) return null;
	const found = await asSystem('sign-in: find a person, their session, their organizations', (tx) =>
		findSession(tx, token, request)
	);
	if (!found) clearSessionToken(request);
	else if (found.movedTo) writeSessionToken(request, token, found.movedTo);
	return found?.person ?? null;
}

async function findSession(
	{ sql }: Tx,
	token: string,
	request: RequestIdentity
): Promise<{ person: SignedIn; movedTo: Date | null } | null> {
	const id = sha256(token);
	const [row] = await sql<
		{
			userId: string;
			name: string;
			email: string;
			emailVerifiedAt: Date | null;
			createdAt: Date;
			lastSeenAt: Date;
		}[]
	>`
		select u.id as user_id, u.name, u.email, u.email_verified_at, s.created_at, s.last_seen_at
		from sessions s join users u on u.id = s.user_id where s.id = ${id} and s.expires_at > now()`;
	if (!row) return null;
	const now = Date.now();
	let movedTo: Date | null = null;
	if (now - row.lastSeenAt.getTime() > HOUR) {
		movedTo = new Date(Math.min(now + IDLE, row.createdAt.getTime() + LONGEST));
		await sql`update sessions set last_seen_at = now(), expires_at = ${movedTo}, address = ${request.address}, user_agent = ${request.userAgent} where id = ${id}`;
	}
	const person = {
		id: row.userId,
		name: row.name,
		email: row.email,
		emailVerified: row.emailVerifiedAt !== null,
		sessionId: id
	};
	return { person, movedTo };
}
