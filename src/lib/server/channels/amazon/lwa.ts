import type { AmazonCredentials } from '../credentials.ts';
import { request } from '../http.ts';
import { text } from '../json.ts';
import { explainLwa, jsonOf } from './errors.ts';

/** What Login with Amazon answers; `expiresAt` in milliseconds. */
export interface LwaToken {
	accessToken: string;
	expiresAt: number;
	lifetimeMs: number;
	refreshToken: string | null;
	/** As the answer's Date header says, minus our own clock. */
	serverDate: number | null;
}

/** A token is renewed this long before its end: a request in flight must not outlive it. */
export const EARLY_MS = 60_000;
const USUAL_SECONDS = 3600;

/** A token of a seller. @throws ChannelError naming the wrong credential */
export function sellerToken(
	base: string,
	{
		clientId,
		clientSecret,
		refreshToken
	}: Pick<AmazonCredentials, 'clientId' | 'clientSecret' | 'refreshToken'>
): Promise<LwaToken> {
	return ask(base, {
		grant_type: 'refresh_token',
		refresh_token: refreshToken,
		client_id: clientId,
		client_secret: clientSecret
	});
}

/** A token of the application itself, for what belongs to no seller: destinations of notifications. */
export function applicationToken(
	base: string,
	{ clientId, clientSecret }: Pick<AmazonCredentials, 'clientId' | 'clientSecret'>
): Promise<LwaToken> {
	return ask(base, {
		grant_type: 'client_credentials',
		scope: 'sellingpartnerapi::notifications',
		client_id: clientId,
		client_secret: clientSecret
	});
}

/** True for credentials whose token is absent, near its end, or the one that was refused. */
export function tokenDue(credentials: AmazonCredentials, refused?: string): boolean {
	const { accessToken, expiresAt, lifetimeMs } = credentials;
	if (accessToken === null || accessToken === refused || expiresAt === null) return true;
	return expiresAt - Math.min(EARLY_MS, (lifetimeMs ?? Infinity) / 2) < Date.now();
}

/** The credentials with a new token; a refresh token that Amazon replaced is kept with it. */
export async function withNewToken(base: string, credentials: AmazonCredentials): Promise<AmazonCredentials> {
	const { accessToken, expiresAt, lifetimeMs, refreshToken } = await sellerToken(base, credentials);
	return {
		...credentials,
		accessToken,
		expiresAt,
		lifetimeMs,
		...(refreshToken !== null && { refreshToken })
	};
}

async function ask(base: string, form: Record<string, string>): Promise<LwaToken> {
	const reply = await request(
		{
			method: 'POST',
			url: `${base}/auth/o2/token`,
			headers: { 'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8' },
			body: new URLSearchParams(form).toString()
		},
		{ channel: 'Amazon', tries: 3 }
	);
	const json = reply.status === 200 ? jsonOf(reply.body) : null;
	const accessToken = text(json?.access_token);
	if (!json || accessToken === null) throw explainLwa(reply.status, reply.body);
	const seconds = Number(json.expires_in);
	const lifetimeMs = (Number.isFinite(seconds) && seconds > 0 ? seconds : USUAL_SECONDS) * 1000;
	const date = Date.parse(reply.headers.get('date') ?? '');
	return {
		accessToken,
		expiresAt: Date.now() + lifetimeMs,
		lifetimeMs,
		refreshToken: text(json.refresh_token),
		serverDate: Number.isNaN(date) ? null : date
	};
}
