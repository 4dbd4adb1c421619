import { randomBytes } from 'node:crypto';
import { errorReply, type Reply } from './error.ts';
import type { Seller } from './seller.ts';

/** POST /v3/token: client credentials in HTTP Basic give a token for fifteen minutes. */
export function issueToken(seller: Seller, authorization: string, form: URLSearchParams): Reply {
	const pair = /^Basic (.+)$/i.exec(authorization)?.[1];
	const [id, ...secret] = Buffer.from(pair ?? '', 'base64')
		.toString()
		.split(':');
	if (!seller.connected || id !== seller.clientId || secret.join(':') !== seller.clientSecret)
		return unauthorized();
	if (form.get('grant_type') !== 'client_credentials')
		return errorReply(400, 'INVALID_REQUEST_PARAM.GMP_GATEWAY_API', 'grant_type is not supported', {
			field: 'grant_type'
		});
	const token = `eyJraWQiOiI1${randomBytes(48).toString('base64url')}`;
	seller.tokens.set(token, seller.options.now() + seller.options.tokenLife * 1000);
	seller.counters.tokens++;
	return {
		status: 200,
		body: { access_token: token, token_type: 'Bearer', expires_in: seller.options.tokenLife }
	};
}

/** GET /v3/token/detail: what the token may do. */
export function tokenDetail(seller: Seller, token: string): Reply {
	const until = seller.tokens.get(token)!;
	const all = 'view_only';
	return {
		status: 200,
		body: {
			scopes: { reports: all, item: all, shipping: all, price: all, lagtime: all, feeds: all, returns: all, orders: all, rules: all, inventory: all, content: all }, // prettier-ignore
			expire_at: String(until),
			issued_at: String(until - seller.options.tokenLife * 1000),
			is_valid: true,
			is_channel_match: true
		}
	};
}

/** The gateway's 401: it does not say which part of the credentials is wrong. */
export function unauthorized(): Reply {
	return errorReply(401, 'UNAUTHORIZED.GMP_GATEWAY_API', 'Unauthorized token or incorrect authorization header. Please verify correct format: "Authorization: Basic Base64Encode(clientId:clientSecret)"', { field: 'UNAUTHORIZED' }); // prettier-ignore
}
