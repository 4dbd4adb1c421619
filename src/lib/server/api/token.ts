import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { secretKey } from '../platform/running.ts';

/** Seconds an access token works. */
export const ACCESS_SECONDS = 3600;
const ISSUER = 'tidemark';

/** The one header we write and read: the algorithm is not the sender's to choose. */
const HEADER = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT' })).toString('base64url');

const claims = z.object({
	iss: z.literal(ISSUER),
	aud: z.literal('api'),
	/** The person. */
	sub: z.uuid(),
	/** The organization. */
	org: z.uuid(),
	/** The grant, which says whether the token still counts. */
	sid: z.uuid(),
	iat: z.int(),
	exp: z.int()
});
export type Claims = z.output<typeof claims>;

/** An access token: a JSON Web Token signed with the platform's secret key, HS256. `now` is in seconds. */
export function signAccess(
	{ sub, org, sid }: Pick<Claims, 'sub' | 'org' | 'sid'>,
	now = Math.floor(Date.now() / 1000)
): string {
	const body: Claims = { iss: ISSUER, aud: 'api', sub, org, sid, iat: now, exp: now + ACCESS_SECONDS };
	const signed = `${HEADER}.${Buffer.from(JSON.stringify(body)).toString('base64url')}`;
	return `${signed}.${signature(signed).toString('base64url')}`;
}

/** What a token says, or null when it is not ours, was changed, names another algorithm, or is over. `now` is in seconds. */
export function readAccess(token: string, now = Math.floor(Date.now() / 1000)): Claims | null {
	if (token.length > 2000) return null;
	const [header, body, sent, ...more] = token.split('.');
	if (header === undefined || body === undefined || sent === undefined || more.length > 0) return null;
	const given = Buffer.from(sent, 'base64url');
	const expected = signature(`${header}.${body}`);
	if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
	if (given.toString('base64url') !== sent || !isOurHeader(header)) return null;
	const read = claims.safeParse(jsonOf(body));
	return read.success && read.data.exp > now && read.data.iat <= now + 60 ? read.data : null;
}

function isOurHeader(text: string): boolean {
	const header = jsonOf(text) as { alg?: unknown } | null;
	return header?.alg === 'HS256';
}

function jsonOf(text: string): unknown {
	try {
		return JSON.parse(Buffer.from(text, 'base64url').toString());
	} catch {
		return null;
	}
}

function signature(signed: string): Buffer {
	return createHmac('sha256', secretKey()).update(signed).digest();
}
