import { randomToken, sha256 } from '../platform/crypto.ts';
import type { Tx } from '../platform/db.ts';
import { settings } from '../platform/running.ts';

type Purpose = 'verify' | 'reset';
const MINUTES: Record<Purpose, number> = { verify: 24 * 60, reset: 60 };

/**
 * The address our mails link to. Never taken from a request: a forged Host header would send the link elsewhere.
 * Without ORIGIN it is this machine, which is right for trying things out and wrong for real mail.
 */
export function publicOrigin(): string {
	const { ORIGIN, PORT } = settings();
	return ORIGIN ? new URL(ORIGIN).origin : `http://localhost:${PORT}`;
}

/** Makes a one-time token; earlier ones for the same purpose stop working. */
export async function makeEmailToken(
	{ sql }: Tx,
	userId: string,
	purpose: Purpose,
	email: string
): Promise<string> {
	const token = randomToken(20);
	await sql`delete from email_tokens where (user_id = ${userId} and purpose = ${purpose}) or expires_at < now()`;
	await sql`insert into email_tokens (id, user_id, purpose, email, expires_at)
		values (${sha256(token)}, ${userId}, ${purpose}, ${email}, now() + make_interval(mins => ${MINUTES[purpose]}))`;
	return token;
}

/** Who a token belongs to, while it works; looks only. */
export async function peekEmailToken(
	{ sql }: Tx,
	purpose: Purpose,
	token: string
): Promise<{ userId: string; email: string } | null> {
	const [row] = await sql<{ userId: string; email: string }[]>`
		select user_id, email from email_tokens where id = ${sha256(token)} and purpose = ${purpose} and expires_at > now()`;
	return row ?? null;
}

/** Uses a token up; null when it was used, replaced or is too old. Two at once: one gets it. */
export async function takeEmailToken(
	{ sql }: Tx,
	purpose: Purpose,
	token: string
): Promise<{ userId: string; email: string } | null> {
	const [row] = await sql<{ userId: string; email: string }[]>`
		delete from email_tokens where id = ${sha256(token)} and purpose = ${purpose} and expires_at > now() returning user_id, email`;
	return row ?? null;
}
