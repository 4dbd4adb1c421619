import { setTimeout as sleep } from 'node:timers/promises';
import { inOrganization } from '../../platform/db.ts';
import { openCredentials, sealCredentials, type Credentials } from '../credentials.ts';
import { addressOf } from './address.ts';
import { explainTokenError, ShopifyError } from './errors.ts';
import { post } from './http.ts';
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

/** Renewals under way in this process: a second caller waits for the first one's answer. */
const renewals = new Map<string, Promise<Credentials>>();

/**
 * Credentials whose token is good for some minutes more. A token near its end (or the one named in `refused`) is renewed once,
 * however many callers and processes ask: one takes the row's lease, the others wait and read what it stored. The new refresh
 * token is stored before anyone uses the token it came with.
 * @throws ShopifyError `credentials` when Shopify does not give a new one
 */
export async function validCredentials(
	row: { id: string; organizationId: string } & Shop,
	current: Credentials,
	refused?: string
): Promise<Credentials> {
	if (!needsRenewal(current, refused)) return current;
	const running = renewals.get(row.id);
	if (running) return running;
	const renewal = renew(row, refused).finally(() => renewals.delete(row.id));
	renewals.set(row.id, renewal);
	return renewal;
}

function needsRenewal(credentials: Credentials, refused?: string): boolean {
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

/** How long one process may take for a renewal before another may try. */
const LEASE_MS = 40_000;

async function renew(
	row: { id: string; organizationId: string } & Shop,
	refused?: string
): Promise<Credentials> {
	const deadline = Date.now() + LEASE_MS * 2;
	while (Date.now() < deadline) {
		const stored = await readStored(row);
		if (!needsRenewal(stored, refused)) return stored;
		if (stored.kind === 'access_token') {
			throw new ShopifyError(
				'credentials',
				`${row.shop} no longer accepts the access token: it was revoked or the app was uninstalled. Connect the shop again.`,
				'accessToken'
			);
		}
		if (await takeLease(row)) {
			try {
				return await renewStored(row, refused);
			} finally {
				await releaseLease(row);
			}
		}
		await sleep(150);
	}
	throw new ShopifyError(
		'unavailable',
		'Another process is renewing the authorization. Tidemark tries again by itself.'
	);
}

/** No transaction is open while Shopify is asked: the lease keeps others away, not a lock. */
async function renewStored(
	row: { id: string; organizationId: string } & Shop,
	refused?: string
): Promise<Credentials> {
	const credentials = await readStored(row);
	if (!needsRenewal(credentials, refused) || credentials.kind === 'access_token') return credentials;
	const token = await newToken(row, credentials);
	const renewed: Credentials = {
		...credentials,
		...tokenFields(token),
		...(credentials.kind === 'oauth' && { refreshToken: token.refreshToken ?? credentials.refreshToken })
	};
	const kept = await inOrganization(
		row.organizationId,
		({ sql }) => sql`
		update connections set credentials = ${sealCredentials(row, renewed)}
		where organization_id = ${row.organizationId} and id = ${row.id} and credentials is not null`
	);
	if (kept.count === 0) throw new ShopifyError('credentials', 'The shop was disconnected.');
	return renewed;
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

async function readStored(row: { id: string; organizationId: string }): Promise<Credentials> {
	const [stored] = await inOrganization(
		row.organizationId,
		({ sql }) => sql<{ credentials: string | null }[]>`
		select credentials from connections where organization_id = ${row.organizationId} and id = ${row.id}`
	);
	if (!stored?.credentials) throw new ShopifyError('credentials', 'The shop was disconnected.');
	return openCredentials({ ...row, credentials: stored.credentials });
}

async function takeLease(row: { id: string; organizationId: string }): Promise<boolean> {
	const now = Date.now();
	const taken = await inOrganization(
		row.organizationId,
		({ sql }) => sql`
		update connections set facts = facts || jsonb_build_object('renewingUntil', ${now + LEASE_MS}::bigint)
		where organization_id = ${row.organizationId} and id = ${row.id} and coalesce((facts->>'renewingUntil')::bigint, 0) < ${now}`
	);
	return taken.count > 0;
}

async function releaseLease(row: { id: string; organizationId: string }): Promise<void> {
	await inOrganization(
		row.organizationId,
		({ sql }) => sql`
		update connections set facts = facts - 'renewingUntil' where organization_id = ${row.organizationId} and id = ${row.id}`
	);
}

function newToken(shop: Shop, credentials: Exclude<Credentials, { kind: 'access_token' }>): Promise<Token> {
	if (credentials.kind === 'client_credentials')
		return clientCredentialsToken(shop, credentials.clientId, credentials.clientSecret);
	if (!credentials.refreshToken)
		throw new ShopifyError(
			'credentials',
			'Shopify no longer accepts the stored authorization. Connect the shop again.'
		);
	return refreshedToken(shop, credentials.clientId, credentials.clientSecret, credentials.refreshToken);
}
