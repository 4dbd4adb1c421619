import type { CookieJar, CookieOptions, RequestIdentity } from './request-identity.ts';

type Where = Pick<RequestIdentity, 'cookies' | 'secure'>;

/** Over https the name's prefix makes browsers refuse a cookie that a sister domain or a plain connection has set. */
const sessionName = (secure: boolean) => (secure ? '__Host-tidemark' : 'tidemark');
const demoName = (secure: boolean) => (secure ? '__Host-tidemark-demo' : 'tidemark-demo');
const options = (secure: boolean): CookieOptions => ({ path: '/', httpOnly: true, secure, sameSite: 'lax' });

export function readSessionToken({ cookies, secure }: Where): string | undefined {
	return cookies.get(sessionName(secure));
}

export function writeSessionToken({ cookies, secure }: Where, token: string, expires: Date): void {
	cookies.set(sessionName(secure), token, { ...options(secure), expires });
}

export function clearSessionToken({ cookies, secure }: Where): void {
	cookies.delete(sessionName(secure), options(secure));
}

/** Lets this browser look at the demo organization until it closes. Holds no secret: the demo is the same for everyone. */
export function writeDemoCookie({ cookies, secure }: { cookies: CookieJar; secure: boolean }): void {
	cookies.set(demoName(secure), '1', options(secure));
}

export function clearDemoCookie({ cookies, secure }: { cookies: CookieJar; secure: boolean }): void {
	cookies.delete(demoName(secure), options(secure));
}

export function hasDemoCookie({ cookies, secure }: Where): boolean {
	return cookies.get(demoName(secure)) === '1';
}
