import type { Ctx } from '../platform/ctx.ts';
import { NotFound } from '../platform/errors.ts';

/** The signed-in person as pages see them. */
export interface SignedIn {
	id: string;
	name: string;
	email: string;
	emailVerified: boolean;
	sessionId: string;
}

/** What hooks.server.ts knows of a request. `secure` is true on https: it decides the cookie's name and flags. */
export interface RequestIdentity {
	cookies: {
		get(name: string): string | undefined;
		set(name: string, value: string, options: Record<string, unknown>): void;
		delete(name: string, options: Record<string, unknown>): void;
	};
	secure: boolean;
	requestId: string;
	address: string;
	userAgent: string;
}

/**
 * Who sends this request: the person of the session cookie (renewed when due), or null for a visitor.
 */
export async function identify(_request: RequestIdentity): Promise<SignedIn | null> {
	return null;
}

/**
 * The context for an organization named in the path: a member's, or a demo visitor's on the demo organization.
 * @throws Unauthenticated for a visitor, NotFound for an organization that is not theirs
 */
export async function ctxFor(_user: SignedIn | null, _slug: string, _request: RequestIdentity): Promise<Ctx> {
	throw new NotFound('This organization');
}
