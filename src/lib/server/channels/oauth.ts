import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { constantTimeEqual, deriveKey, randomToken, sha256 } from '../platform/crypto.ts';
import { inOrganization } from '../platform/db.ts';
import { Conflict, Invalid } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parse } from '../platform/parse.ts';
import { secretKey, settings } from '../platform/running.ts';
import { refusalsAsFields, storeConnection } from './connect.ts';
import type { Credentials } from './credentials.ts';
import { addressOf } from './shopify/address.ts';
import { shopInput, shopTarget } from './shopify/connect.ts';
import { codeToken, tokenFields } from './shopify/token.ts';

const SCOPES =
	'read_orders,read_all_orders,read_products,read_customers,read_inventory,read_locations,read_shopify_payments_payouts';
/** A person has this long to approve at Shopify. */
const STATE_MS = 10 * 60_000;

/** True when the operator has set an app of their own: the page then offers the button. */
export function oauthPossible(): boolean {
	const { SHOPIFY_CLIENT_ID, SHOPIFY_CLIENT_SECRET, ORIGIN } = settings();
	return Boolean(SHOPIFY_CLIENT_ID && SHOPIFY_CLIENT_SECRET && ORIGIN);
}

/**
 * Where to send the browser for approval. The state is signed for this organization, person and shop, and counts once: its hash
 * stands on the connection's row, which is made here as `connecting`.
 * @throws Invalid, Forbidden, Conflict when the operator has set no app
 */
export async function beginOauth(ctx: Ctx, input: unknown): Promise<{ url: string }> {
	require(ctx, 'channels.manage');
	const { shop } = parse(z.strictObject({ shop: shopInput }), input);
	if (!oauthPossible())
		throw new Conflict(
			'This server has no Shopify app of its own. Connect with a client ID and secret instead.'
		);
	const nonce = randomToken(24);
	const state = `${ctx.organization.slug}.${nonce}.${sign(ctx, nonce, shop)}`;
	const organizationId = ctx.organization.id;
	const pending = { oauth: { state: sha256(state), until: Date.now() + STATE_MS } };
	await inOrganization(
		organizationId,
		({ sql }) => sql`
		insert into connections (id, organization_id, channel, external_id, name, status, status_reason, auth_method, facts)
		values (${newId()}, ${organizationId}, 'shopify', ${shop}, ${shop}, 'disconnected', 'Waits for approval at Shopify.', 'oauth', ${sql.json(pending)})
		on conflict (organization_id, channel, external_id) do update set facts = connections.facts || excluded.facts`
	);
	const { SHOPIFY_CLIENT_ID, ORIGIN } = settings();
	const url = new URL(`${addressOf({ shop, baseUrl: null }).base}/admin/oauth/authorize`);
	url.search = new URLSearchParams({
		client_id: SHOPIFY_CLIENT_ID!,
		scope: SCOPES,
		redirect_uri: `${ORIGIN!.replace(/\/+$/, '')}/oauth/shopify`,
		state,
		shop
	}).toString();
	return { url: url.toString() };
}

const returned = z.object({
	code: z.string().min(1).max(200),
	shop: shopInput,
	state: z.string().min(1).max(300),
	hmac: z.string().regex(/^[0-9a-f]{64}$/),
	timestamp: z.string().regex(/^\d{1,12}$/)
});

/**
 * Takes the browser back from Shopify: checks Shopify's signature, our state (once), trades the code and keeps the connection.
 * @throws Invalid when anything does not fit, Forbidden
 */
export async function finishOauth(ctx: Ctx, query: URLSearchParams): Promise<string> {
	require(ctx, 'channels.manage');
	const fields = returned.safeParse(Object.fromEntries(query));
	if (!fields.success)
		throw new Invalid({
			form: 'Shopify sent the browser back without an approval. Begin again, and choose Install at Shopify.'
		});
	const { code, shop, state, hmac } = fields.data;
	const { SHOPIFY_CLIENT_ID: clientId, SHOPIFY_CLIENT_SECRET: clientSecret } = settings();
	if (!clientId || !clientSecret) throw new Conflict('This server has no Shopify app of its own.');
	if (!constantTimeEqual(signQuery(query, clientSecret), hmac)) throw refused();
	const [, nonce, signature] = state.split('.');
	if (!nonce || !signature || !constantTimeEqual(sign(ctx, nonce, shop), signature)) throw refused();
	const used = await inOrganization(
		ctx.organization.id,
		({ sql }) => sql`
		update connections set facts = facts - 'oauth'
		where organization_id = ${ctx.organization.id} and channel = 'shopify' and external_id = ${shop}
			and facts->'oauth'->>'state' = ${sha256(state)} and (facts->'oauth'->>'until')::bigint > ${Date.now()}`
	);
	if (used.count === 0) throw refused();
	return refusalsAsFields(async () => {
		const token = await codeToken({ shop, baseUrl: null }, clientId, clientSecret, code);
		const credentials: Credentials = {
			kind: 'oauth',
			clientId,
			clientSecret,
			refreshToken: token.refreshToken,
			...tokenFields(token),
			previousSecret: null
		};
		return storeConnection(ctx, shopTarget(shop), credentials);
	});
}

/** The organization that a return belongs to, by its state: a hint for where to send the browser, proven by `finishOauth`. */
export function oauthOrganization(query: URLSearchParams): string | null {
	const slug = query.get('state')?.split('.')[0] ?? '';
	return /^[a-z0-9][a-z0-9-]{0,80}$/.test(slug) ? slug : null;
}

function refused(): Invalid {
	return new Invalid({
		form: 'The return from Shopify does not fit the request that began here: it is older than ten minutes, was used already, or came from elsewhere. Begin again.'
	});
}

function sign(ctx: Ctx, nonce: string, shop: string): string {
	const person = ctx.actor.kind === 'member' ? ctx.actor.userId : ctx.actor.kind;
	return createHmac('sha256', deriveKey(secretKey(), 'shopify oauth state'))
		.update([nonce, ctx.organization.id, person, shop].join('\n'))
		.digest('base64url');
}

/** Shopify's signature of a return: hex HMAC-SHA256 over the other parameters, sorted by name. */
export function signQuery(query: URLSearchParams, secret: string): string {
	const pairs = [...query]
		.filter(([name]) => name !== 'hmac')
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([name, value]) => `${name}=${value}`);
	return createHmac('sha256', secret).update(pairs.join('&')).digest('hex');
}
