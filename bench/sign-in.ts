import type { Sql } from 'postgres';
import { hashPassword } from '../src/lib/server/platform/crypto.ts';

const PASSWORD = 'a password of the bench';

/** Gives a planted owner a password, so that a program can sign in as them. */
export async function givePassword(sql: Sql, ownerId: string): Promise<void> {
	await sql`update users set password_hash = ${await hashPassword(PASSWORD)} where id = ${ownerId}`;
}

/** The access token of a planted owner who was given a password. @throws Error when the app does not let them in */
export async function signIn(url: string, ownerId: string): Promise<string> {
	const response = await fetch(`${url}/api/v1/auth/login`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ email: `${ownerId}@example.com`, password: PASSWORD })
	});
	const answer = (await response.json()) as { access_token?: string };
	if (!answer.access_token)
		throw new Error(`Signing in answered ${response.status}: ${JSON.stringify(answer)}`);
	return answer.access_token;
}
