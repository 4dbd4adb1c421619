import { z } from 'zod';
import { NotFound } from '../platform/errors.ts';
import { parse } from '../platform/parse.ts';
import { asSystem } from '../platform/system.ts';
import { accessChanged } from './access-changes.ts';
import { auditPerson } from './audit.ts';
import { browserName } from './browser-name.ts';
import type { RequestIdentity, SignedIn } from './request-identity.ts';

/** A signed-in browser as its owner sees it. */
export interface SessionView {
	publicId: string;
	/** "Firefox on Windows". */
	browser: string;
	address: string;
	startedAt: Date;
	lastSeenAt: Date;
	/** The one that asks. */
	current: boolean;
}

/** A person's signed-in browsers, this one first, then the latest seen. */
export async function listSessions(user: SignedIn): Promise<SessionView[]> {
	const rows = await asSystem(
		'account: verify, reset, sessions of a person',
		({ sql }) =>
			sql<(Omit<SessionView, 'browser'> & { userAgent: string })[]>`
			select public_id, user_agent, address, created_at as started_at, last_seen_at, id = ${user.sessionId} as current
			from sessions where user_id = ${user.id} and expires_at > now() order by current desc, last_seen_at desc limit 100`
	);
	return rows.map(({ userAgent, ...row }) => ({ ...row, browser: browserName(userAgent) }));
}

/** Signs out one browser of this person. @throws NotFound for sessions that are gone or another person's */
export async function revokeSession(user: SignedIn, request: RequestIdentity, input: unknown): Promise<void> {
	const { publicId } = parse(z.strictObject({ publicId: z.uuid({ error: 'Choose a session.' }) }), input);
	await asSystem('account: verify, reset, sessions of a person', async (tx) => {
		const [gone] =
			await tx.sql`delete from sessions where user_id = ${user.id} and public_id = ${publicId} returning id`;
		if (!gone) throw new NotFound('This session');
		await auditPerson(tx, user.id, 'session.revoked', request.requestId);
	});
	accessChanged({ userId: user.id });
}

/** Signs out every browser of this person but the one that asks; answers how many. */
export async function revokeOtherSessions(user: SignedIn, request: RequestIdentity): Promise<number> {
	const count = await asSystem('account: verify, reset, sessions of a person', async (tx) => {
		const gone =
			await tx.sql`delete from sessions where user_id = ${user.id} and id <> ${user.sessionId} returning id`;
		if (gone.length > 0)
			await auditPerson(tx, user.id, 'session.revoked', request.requestId, { count: gone.length });
		return gone.length;
	});
	if (count > 0) accessChanged({ userId: user.id });
	return count;
}
