/** The part of a cookie jar that identity needs; SvelteKit's `cookies` fits. */
export interface CookieJar {
	get(name: string): string | undefined;
	set(name: string, value: string, options: CookieOptions): void;
	delete(name: string, options: CookieOptions): void;
}

export interface CookieOptions {
	path: string;
	httpOnly: boolean;
	secure: boolean;
	sameSite: 'lax';
	expires?: Date;
}

/** Where a request comes from: what identity reads and writes of it. */
export interface RequestIdentity {
	cookies: CookieJar;
	/** True over https. */
	secure: boolean;
	requestId: string;
	/** The client's address, behind a trusted proxy the forwarded one. */
	address: string;
	userAgent: string;
}

/** The signed-in person of a request. `sessionId` is the key of the session's row: it never leaves the server. */
export interface SignedIn {
	id: string;
	name: string;
	email: string;
	emailVerified: boolean;
	sessionId: string;
}

/** Reads a request event of the web framework, without naming its types. */
export function requestIdentity(event: {
	cookies: unknown;
	url: URL;
	request: Request;
	locals: { requestId: string; address: string };
}): RequestIdentity {
	return {
		cookies: event.cookies as CookieJar,
		secure: event.url.protocol === 'https:',
		requestId: event.locals.requestId,
		address: event.locals.address,
		userAgent: event.request.headers.get('user-agent')?.slice(0, 300) ?? ''
	};
}
