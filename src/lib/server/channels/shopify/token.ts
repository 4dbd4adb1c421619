import { isShopify, type Credentials, type ShopifyCredentials } from '../credentials.ts';
import { addressOf } from './address.ts';
import { ChannelError } from '../error.ts';
import { explainTokenError } from './errors.ts';
import { post } from './http.ts';
import { renewed } from '../renewal.ts';
import { object, text } from './read.ts';

/** Which shop is meant and where it answers. */
export interface Shop {
	shop: string;
	baseUrl: string | null;
}

/** What a token request answers. `expiresAt` in milliseconds, null for a token without end. */
export interface Token {
	accessToken: string;
	expiresAt: number | null;
	refreshToken: string | null;
	scopes: string[];
}

/** A token this close to its end is renewed first: a request in flight must not outlive it. */
const EARLY_MS = 5 * 60_000;

/** The client-credentials grant: app and shop in one Shopify organization; the token lives 24 hours. */
export function clientCredentialsToken(shop: Shop, clientId: string, clientSecret: string): Promise<Token> {
	return requestToken(shop, {
		grant_type: 'client_credentials',
		client_id: clientId,
		client_secret: clientSecret
	});
}

/** Trades the code of an OAuth return for an expiring offline token and its refresh token. */
export function codeToken(shop: Shop, clientId: string, clientSecret: string, code: string): Promise<Token> {
	return requestToken(shop, { client_id: clientId, client_secret: clientSecret, code, expiring: '1' });
}

function refreshedToken(
	shop: Shop,
	clientId: string,
	clientSecret: string,
	refreshToken: string
): Promise<Token> {
	return requestToken(shop, {
		grant_type: 'refresh_token',
		client_id: clientId,
		client_secret: clientSecret,
		refresh_token: refreshToken
	});
}

async function requestToken(shop: Shop, body: Record<string, string>): Promise<Token> {
	const { base, headers } = addressOf(shop);
	const reply = await post(`${base}/admin/oauth/access_token`, headers, JSON.stringify(body), { tries: 3 });
	if (reply.status !== 200) throw explainTokenError(shop.shop, reply.status, reply.body);
	let answer;
	try {
		answer = object(JSON.parse(reply.body));
	} catch {
		answer = null;
	}
	const accessToken = text(answer?.access_token);
	if (!answer || !accessToken) throw explainTokenError(shop.shop, reply.status, reply.body);
	const seconds = Number(answer.expires_in);
	return {
		accessToken,
		expiresAt: Number.isFinite(seconds) && seconds > 0 ? Date.now() + seconds * 1000 : null,
		refreshToken: text(answer.refresh_token),
		scopes: (text(answer.scope) ?? '').split(/[,\s]+/).filter(Boolean)
	};
}

/**
 * Credentials whose token is good for some minutes more. A token near its end (or the one named in `refused`) is renewed once,
 * however many callers and processes ask; see `renewed`.
 * @throws ChannelError `credentials` when Shopify does not give a new one
 */
export async function validCredentials(
	row: { id: string; organizationId: string } & Shop,
	current: ShopifyCredentials,
	refused?: string
): Promise<ShopifyCredentials> {
	if (!needsRenewal(current, refused)) return current;
	return renewed<ShopifyCredentials>(row, {
		own: shopifyOnly,
		due: (credentials) => needsRenewal(credentials, refused),
		renew: (credentials) => renew(row, credentials)
	});
}

/** @throws ChannelError for credentials of another channel */
export function shopifyOnly(credentials: Credentials): ShopifyCredentials {
	if (isShopify(credentials)) return credentials;
	throw new ChannelError('credentials', 'These are not the credentials of a Shopify shop.');
}

async function renew(shop: Shop, credentials: ShopifyCredentials): Promise<ShopifyCredentials> {
	if (credentials.kind === 'access_token') {
		throw new ChannelError(
			'credentials',
			`${shop.shop} no longer accepts the access token: it was revoked or the app was uninstalled. Connect the shop again.`,
			'accessToken'
		);
	}
	const token = await newToken(shop, credentials);
	return {
		...credentials,
		...tokenFields(token),
		...(credentials.kind === 'oauth' && { refreshToken: token.refreshToken ?? credentials.refreshToken })
	};
}

function needsRenewal(credentials: ShopifyCredentials, refused?: string): boolean {
	if (credentials.accessToken === null || (refused !== undefined && credentials.accessToken === refused))
		return true;
	return (
		credentials.kind !== 'access_token' &&
		credentials.expiresAt !== null &&
		credentials.expiresAt - earlyBy(credentials) < Date.now()
	);
}

/** Tokens that live shorter than usual are still used for half of their life. */
function earlyBy(credentials: { lifetimeMs?: number | undefined }): number {
	return Math.min(EARLY_MS, (credentials.lifetimeMs ?? Infinity) / 2);
}

/** The part of stored credentials that a new token replaces. */
export function tokenFields(token: Token): {
	accessToken: string;
	expiresAt: number | null;
	lifetimeMs?: number;
} {
	return {
		accessToken: token.accessToken,
		expiresAt: token.expiresAt,
		...(token.expiresAt !== null && { lifetimeMs: token.expiresAt - Date.now() })
	};
}

function newToken(
	shop: Shop,
	credentials: Exclude<ShopifyCredentials, { kind: 'access_token' }>
): Promise<Token> {
	if (credentials.kind === 'client_credentials')
		return clientCredentialsToken(shop, credentials.clientId, credentials.clientSecret);
	if (!credentials.refreshToken)
		throw new ChannelError(
			'credentials',
			'Shopify no longer accepts the stored authorization. Connect the shop again.'
		);
	return refreshedToken(shop, credentials.clientId, credentials.clientSecret, credentials.refreshToken);
}
