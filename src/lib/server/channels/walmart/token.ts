import { randomUUID } from 'node:crypto';
import type { Credentials, WalmartCredentials } from '../credentials.ts';
import { ChannelError } from '../error.ts';
import { request, type Traffic } from '../http.ts';
import { object, text } from '../json.ts';
import { renewed } from '../renewal.ts';
import { explainTokenError } from './errors.ts';
import { replenishmentWait } from './throttle.ts';

export const SERVICE_NAME = 'Walmart Marketplace';
/** A token lives 900 seconds; it is renewed this long before its end, so that no request outlives it. */
export const EARLY_MS = 90_000;

/** Where the account answers, and how the answers are counted. */
export interface Reached {
	base: string;
	signal?: AbortSignal | undefined;
	traffic?: Traffic;
}

/** Asks for a new token with the client's own credentials. @throws ChannelError naming the wrong credential */
export async function requestToken(reached: Reached, keys: WalmartCredentials): Promise<WalmartCredentials> {
	const pair = Buffer.from(`${keys.clientId}:${keys.clientSecret}`).toString('base64');
	const reply = await request(
		{
			method: 'POST',
			url: `${reached.base}/v3/token`,
			headers: {
				Authorization: `Basic ${pair}`,
				'Content-Type': 'application/x-www-form-urlencoded',
				'WM_SVC.NAME': SERVICE_NAME
			},
			body: 'grant_type=client_credentials'
		},
		{
			channel: 'Walmart',
			tries: 4,
			signal: reached.signal,
			...(reached.traffic && { traffic: reached.traffic }),
			fresh: () => ({ 'WM_QOS.CORRELATION_ID': randomUUID() }),
			waitOf: ({ headers }) => Math.min(10_000, replenishmentWait(headers) ?? 1000)
		}
	);
	if (reply.status !== 200) throw explainTokenError(reply.status, reply.body);
	let answer;
	try {
		answer = object(JSON.parse(reply.body));
	} catch {
		answer = null;
	}
	const accessToken = text(answer?.access_token);
	if (!accessToken) throw explainTokenError(reply.status, reply.body);
	const seconds = Number(answer?.expires_in);
	const life = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 900_000;
	return { ...keys, accessToken, expiresAt: Date.now() + life, lifetimeMs: life };
}

/**
 * Keys whose token is good for a while more. However many callers and processes ask, one token is requested and stored.
 * `refused` is a token that Walmart did not accept although its time was not over.
 */
export function validKeys(
	row: { id: string; organizationId: string },
	reached: Reached,
	refused?: string
): Promise<WalmartCredentials> {
	return renewed(row, {
		own: walmartOnly,
		due: (keys) => isDue(keys, refused),
		renew: (keys) => requestToken(reached, keys)
	});
}

/** True for keys whose token is absent, near its end, or the one that was refused. */
export function isDue(keys: WalmartCredentials, refused?: string): boolean {
	if (keys.accessToken === null || keys.accessToken === refused) return true;
	// a token that lives shorter than usual is used for most of its life all the same
	const early = Math.min(EARLY_MS, (keys.lifetimeMs ?? 900_000) / 4);
	return keys.expiresAt !== null && keys.expiresAt - early <= Date.now();
}

/** @throws ChannelError for keys of another channel */
export function walmartOnly(credentials: Credentials): WalmartCredentials {
	if (credentials.kind === 'walmart_keys') return credentials;
	throw new ChannelError('credentials', 'This account has no keys of Walmart. Connect it again.');
}
