import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Tenant } from './tenant.ts';

export interface Answer {
	status: number;
	body: unknown;
	headers?: Record<string, string>;
}

const DAY_SECONDS = 86_399;
const HOUR_SECONDS = 3600;
const REFRESH_SECONDS = 90 * 86_400;
const CODE_LIFE_MS = 60_000;

function refuse(error: string, description: string): Answer {
	return { status: 400, body: { error, error_description: description } };
}

function same(a: string, b: string): boolean {
	const digest = (text: string) => createHash('sha256').update(text).digest();
	return timingSafeEqual(digest(a), digest(b));
}

/** The signature Shopify puts on its redirects: hex HMAC-SHA256 of the other parameters, sorted. */
export function signQuery(parameters: URLSearchParams, secret: string): string {
	const pairs = [...parameters]
		.filter(([name]) => name !== 'hmac')
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([name, value]) => `${name}=${value}`);
	return createHmac('sha256', secret).update(pairs.join('&')).digest('hex');
}

/** GET /admin/oauth/authorize: grants at once and sends the browser back with a signed code. */
export function authorize(tenant: Tenant, parameters: URLSearchParams, now: number): Answer {
	const redirectUri = parameters.get('redirect_uri') ?? '';
	if (parameters.get('client_id') !== tenant.app.clientId) {
		return refuse('application_cannot_be_found', 'No app has this client_id.');
	}
	if (!URL.canParse(redirectUri) || !/^https?:$/.test(new URL(redirectUri).protocol)) {
		return refuse('invalid_request', 'The redirect_uri is missing or not whitelisted.');
	}
	const code = randomBytes(16).toString('hex');
	tenant.codes.set(code, { redirectUri, expiresAt: now + CODE_LIFE_MS });
	const back = new URL(redirectUri);
	const name = tenant.shop.domain.replace('.myshopify.com', '');
	back.searchParams.set('code', code);
	back.searchParams.set('host', Buffer.from(`admin.shopify.com/store/${name}`).toString('base64'));
	back.searchParams.set('shop', tenant.shop.domain);
	back.searchParams.set('state', parameters.get('state') ?? '');
	back.searchParams.set('timestamp', String(Math.floor(now / 1000)));
	back.searchParams.set('hmac', signQuery(back.searchParams, tenant.app.clientSecret));
	return { status: 302, body: '', headers: { Location: back.href } };
}

function issue(tenant: Tenant, seconds: number, now: number): string {
	const token = `shpat_${randomBytes(16).toString('hex')}`;
	tenant.tokens.set(token, { expiresAt: now + seconds * 1000, scope: tenant.scopes });
	return token;
}

function expiringPair(tenant: Tenant, now: number) {
	const life = tenant.faults.has('F26') ? 20 : HOUR_SECONDS;
	const refresh = `shprt_${randomBytes(16).toString('hex')}`;
	tenant.refreshTokens.set(refresh, true);
	return {
		access_token: issue(tenant, life, now),
		scope: tenant.scopes,
		expires_in: life,
		refresh_token: refresh,
		refresh_token_expires_in: REFRESH_SECONDS
	};
}

/** POST /admin/oauth/access_token: the authorization code, client credentials and refresh token grants. */
export function accessToken(tenant: Tenant, body: Record<string, unknown>, now: number): Answer {
	const text = (name: string) => (typeof body[name] === 'string' ? body[name] : '');
	if (text('client_id') !== tenant.app.clientId) {
		return refuse('application_cannot_be_found', 'No app has this client_id.');
	}
	const { clientSecret, previousSecret } = tenant.app;
	const secret = text('client_secret');
	if (!same(secret, clientSecret) && !(previousSecret && same(secret, previousSecret))) {
		return refuse('invalid_client', 'The client_secret is wrong.');
	}
	const code = text('code');
	switch (text('grant_type') || (code ? 'authorization_code' : '')) {
		case 'client_credentials': {
			if (!tenant.installed) return refuse('app_not_installed', 'The app is not installed on this shop.');
			const seconds = tenant.faults.has('F26') ? 20 : DAY_SECONDS;
			return ok({ access_token: issue(tenant, seconds, now), scope: tenant.scopes, expires_in: seconds });
		}
		case 'authorization_code': {
			const known = tenant.codes.get(code);
			tenant.codes.delete(code);
			if (!known || known.expiresAt < now) {
				return refuse('invalid_request', 'The authorization code was not found or was already used.');
			}
			tenant.installed = true;
			if (String(body.expiring ?? '') === '1') return ok(expiringPair(tenant, now));
			return ok({ access_token: issue(tenant, Infinity, now), scope: tenant.scopes });
		}
		case 'refresh_token': {
			const given = text('refresh_token');
			if (tenant.refreshTokens.get(given) !== true) {
				return refuse('invalid_grant', 'The refresh token is invalid or was already used.');
			}
			tenant.refreshTokens.set(given, false);
			return ok(expiringPair(tenant, now));
		}
		default:
			return refuse('unsupported_grant_type', 'The grant_type is not supported.');
	}
}

function ok(body: unknown): Answer {
	return { status: 200, body };
}
