import { z } from 'zod';
import { require } from '../../identity/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { parse } from '../../platform/parse.ts';
import { refusalsAsFields, secretInput, storeConnection, type Target } from '../connect.ts';
import type { Credentials } from '../credentials.ts';
import { shopDomain } from './address.ts';
import { clientCredentialsToken, tokenFields } from './token.ts';

/** A shop address as people paste it; answers the myshopify.com domain. */
export const shopInput = z
	.string()
	.trim()
	.min(1, { error: 'Enter the shop’s address, such as my-shop.myshopify.com.' })
	.max(300)
	.transform((value, issues) => {
		const domain = shopDomain(value);
		if (domain) return domain;
		issues.addIssue({
			code: 'custom',
			message:
				'This is not a Shopify address. It looks like my-shop.myshopify.com and stands in the Shopify admin under Settings, Domains.'
		});
		return z.NEVER;
	});
const byClient = z.strictObject({
	shop: shopInput,
	clientId: secretInput('client ID'),
	clientSecret: secretInput('client secret')
});
const byToken = z.strictObject({
	shop: shopInput,
	accessToken: secretInput('access token').refine((value) => !value.startsWith('shpss_'), {
		error: 'This is an API secret key. The access token begins with shpat_ and stands above it.'
	}),
	clientSecret: secretInput('API secret key').refine((value) => !value.startsWith('shpat_'), {
		error: 'This is an access token. The API secret key stands below it and begins with shpss_.'
	})
});

/** A shop by its myshopify.com domain. */
export function shopTarget(shop: string): Target {
	return { channel: 'shopify', externalId: shop, baseUrl: null, isSimulated: false, facts: {} };
}

/**
 * Connects a shop with the client ID and secret of an app in the same Shopify organization; the token renews itself.
 * Answers the connection's id; the first sync is queued.
 * @throws Invalid naming the credential that Shopify refused, Forbidden, Unavailable
 */
export async function connectByClientCredentials(ctx: Ctx, input: unknown): Promise<string> {
	require(ctx, 'channels.manage');
	const { shop, clientId, clientSecret } = parse(byClient, input);
	return refusalsAsFields(async () => {
		const token = await clientCredentialsToken({ shop, baseUrl: null }, clientId, clientSecret);
		const credentials: Credentials = {
			kind: 'client_credentials',
			clientId,
			clientSecret,
			...tokenFields(token),
			previousSecret: null
		};
		return storeConnection(ctx, shopTarget(shop), credentials);
	});
}

/**
 * Connects a shop with the access token and API secret key of an app made in the shop's admin. The secret cannot be tried out:
 * Shopify only signs webhooks with it.
 * @throws Invalid naming the credential that Shopify refused, Forbidden, Unavailable
 */
export async function connectByToken(ctx: Ctx, input: unknown): Promise<string> {
	require(ctx, 'channels.manage');
	const { shop, accessToken, clientSecret } = parse(byToken, input);
	return refusalsAsFields(() =>
		storeConnection(ctx, shopTarget(shop), {
			kind: 'access_token',
			accessToken,
			clientSecret,
			previousSecret: null
		})
	);
}

/**
 * Connects a simulated shop: for the demo and for tests, never reachable by a request of a tenant, because the base URL decides
 * whom the server talks to.
 */
export async function connectSimulated(
	ctx: Ctx,
	given: { shop: string; baseUrl: string; accessToken: string; clientSecret: string }
): Promise<string> {
	const credentials: Credentials = {
		kind: 'access_token',
		accessToken: given.accessToken,
		clientSecret: given.clientSecret,
		previousSecret: null
	};
	return storeConnection(
		ctx,
		{ ...shopTarget(given.shop), baseUrl: given.baseUrl, isSimulated: true },
		credentials
	);
}
