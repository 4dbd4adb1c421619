import { isShopify, type Credentials, type ShopifyCredentials } from '../credentials.ts';

/** How long webhooks signed with a replaced secret are still accepted: Shopify takes up to an hour to change over. */
const ROTATION_MS = 3600_000;

/** New credentials of a shop keep the secret they replace for a while. */
export function keepingSecret(before: Credentials, now: Credentials): Credentials {
	if (!isShopify(before) || !isShopify(now)) return now;
	return { ...now, previousSecret: replaced(before, now) };
}

function replaced(before: ShopifyCredentials, now: ShopifyCredentials): ShopifyCredentials['previousSecret'] {
	return before.clientSecret === now.clientSecret
		? before.previousSecret
		: { secret: before.clientSecret, until: Date.now() + ROTATION_MS };
}
