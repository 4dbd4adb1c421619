import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Reply } from './reply.ts';
import type { AmazonSeller } from './seller.ts';

const LIFE_SECONDS = 3600;
const CODE_LIFE_MS = 300_000;
const SCOPES = ['sellingpartnerapi::notifications', 'sellingpartnerapi::migration'];

function refuse(error: string, description: string, status = 400): Reply {
	return { status, body: { error, error_description: description } };
}

function same(a: string, b: string): boolean {
	const hash = (text: string) => createHash('sha256').update(text).digest();
	return timingSafeEqual(hash(a), hash(b));
}

function issue(seller: AmazonSeller, grantless: boolean): Reply {
	const token = `Atza|${randomBytes(48).toString('base64url')}`;
	const now = seller.now();
	for (const [old, { expiresAt }] of seller.tokens) if (expiresAt < now) seller.tokens.delete(old);
	seller.tokens.set(token, { expiresAt: now + LIFE_SECONDS * 1000, callsLeft: 5, grantless });
	seller.counters.tokens++;
	const body = { access_token: token, token_type: 'bearer', expires_in: LIFE_SECONDS };
	return { status: 200, body: grantless ? body : { ...body, refresh_token: seller.refreshToken } };
}

/** POST /auth/o2/token of Login with Amazon: refresh_token, authorization_code and client_credentials grants. */
export function answerLwa(sellers: readonly AmazonSeller[], form: Record<string, unknown>): Reply {
	const text = (name: string) => (typeof form[name] === 'string' ? form[name] : '');
	const known = sellers.filter((seller) => seller.clientId === text('client_id'));
	if (known.length === 0 || !same(text('client_secret'), known[0]!.clientSecret)) {
		return refuse('invalid_client', 'Client authentication failed', 401);
	}
	switch (text('grant_type')) {
		case 'refresh_token': {
			const seller = known.find((one) => same(one.refreshToken, text('refresh_token')));
			if (!seller || seller.revoked || seller.faults.has('F14')) {
				return refuse(
					'invalid_grant',
					"The request has an invalid grant parameter : refresh_token. User may have revoked or didn't grant the permission."
				);
			}
			return issue(seller, false);
		}
		case 'authorization_code': {
			const code = text('code');
			const seller = known.find((one) => (one.codes.get(code) ?? 0) > one.now());
			if (!seller) return refuse('invalid_grant', 'The request has an invalid grant parameter : code');
			seller.codes.delete(code);
			seller.revoked = false;
			return issue(seller, false);
		}
		case 'client_credentials':
			if (!SCOPES.includes(text('scope')))
				return refuse('invalid_scope', 'The request has an invalid scope : scope');
			return issue(known[0]!, true);
		default:
			return refuse(
				'unsupported_grant_type',
				'The authorization grant type is not supported by the authorization server'
			);
	}
}

/** The consent page of Seller Central: agrees at once and sends the browser back with a code that lives five minutes. */
export function answerConsent(sellers: readonly AmazonSeller[], query: URLSearchParams): Reply {
	const seller = sellers.find((one) => {
		return one.applicationId === query.get('application_id') && (!query.get('seller') || one.sellerId === query.get('seller')); // prettier-ignore
	});
	const to = query.get('redirect_uri') ?? '';
	if (!seller) return refuse('MD1000', 'There is no application with this application_id');
	if (!URL.canParse(to) || !/^https?:$/.test(new URL(to).protocol)) return refuse('MD5110', 'redirect_uri is not registered'); // prettier-ignore
	const code = randomBytes(12).toString('base64url');
	seller.codes.set(code, seller.now() + CODE_LIFE_MS);
	const back = new URL(to);
	back.searchParams.set('state', query.get('state') ?? '');
	back.searchParams.set('selling_partner_id', seller.sellerId);
	back.searchParams.set('spapi_oauth_code', code);
	return { status: 302, body: '', headers: { Location: back.href } };
}
