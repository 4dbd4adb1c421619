import { z } from 'zod';
import { seal, unseal } from '../platform/crypto.ts';
import { secretKey } from '../platform/running.ts';

const token = {
	accessToken: z.string().nullable(),
	expiresAt: z.number().nullable(),
	lifetimeMs: z.number().optional()
};
/** The secret before the last rotation; webhooks signed with it are accepted until `until` (milliseconds). */
const previous = {
	previousSecret: z.object({ secret: z.string(), until: z.number() }).nullable().default(null)
};

const schema = z.discriminatedUnion('kind', [
	z.object({
		kind: z.literal('client_credentials'),
		clientId: z.string(),
		clientSecret: z.string(),
		...token,
		...previous
	}),
	z.object({
		kind: z.literal('oauth'),
		clientId: z.string(),
		clientSecret: z.string(),
		refreshToken: z.string().nullable(),
		...token,
		...previous
	}),
	z.object({
		kind: z.literal('access_token'),
		accessToken: z.string(),
		clientSecret: z.string(),
		...previous
	}),
	z.object({
		kind: z.literal('amazon_lwa'),
		/** Of the application in Seller Central's or the developer's console. */
		clientId: z.string(),
		clientSecret: z.string(),
		/** The seller's consent: begins with Atzr|, ends after a year or when revoked. */
		refreshToken: z.string(),
		...token
	}),
	z.object({
		kind: z.literal('walmart_keys'),
		clientId: z.string(),
		clientSecret: z.string(),
		...token
	})
]);

/** What opens an account, by how it was authorized. `expiresAt` is in milliseconds; null never expires. */
export type Credentials = z.output<typeof schema>;
/** Of Shopify: `clientSecret` also signs webhooks (for a legacy app: its API secret key). */
export type ShopifyCredentials = Extract<
	Credentials,
	{ kind: 'client_credentials' | 'oauth' | 'access_token' }
>;
export type AmazonCredentials = Extract<Credentials, { kind: 'amazon_lwa' }>;
export type WalmartCredentials = Extract<Credentials, { kind: 'walmart_keys' }>;

/** Sealed for the row it belongs to: copied to another row it does not open. */
export function sealCredentials(
	row: { organizationId: string; id: string },
	credentials: Credentials
): string {
	return seal(secretKey(), `${row.organizationId}:${row.id}`, JSON.stringify(credentials));
}

/** @throws Error when the stored value was not sealed for this row with this key */
export function openCredentials(row: {
	organizationId: string;
	id: string;
	credentials: string;
}): Credentials {
	return schema.parse(JSON.parse(unseal(secretKey(), `${row.organizationId}:${row.id}`, row.credentials)));
}

/** The secrets with which a webhook may be signed now: the present one, and for an hour the one before. */
export function webhookSecrets(credentials: Credentials, now = Date.now()): string[] {
	if (!isShopify(credentials)) return [];
	const { previousSecret } = credentials;
	return previousSecret && previousSecret.until > now
		? [credentials.clientSecret, previousSecret.secret]
		: [credentials.clientSecret];
}

/** True for what opens a Shopify shop. */
export function isShopify(credentials: Credentials): credentials is ShopifyCredentials {
	return ['client_credentials', 'oauth', 'access_token'].includes(credentials.kind);
}

/** Seals secrets alone, for the row they belong to. */
export function sealSecrets(row: { organizationId: string; id: string }, secrets: readonly string[]): string {
	return seal(secretKey(), `${row.organizationId}:${row.id}:privacy`, JSON.stringify(secrets));
}

/** @throws Error when the stored value was not sealed for this row with this key */
export function openSecrets(row: { organizationId: string; id: string; sealed: string }): string[] {
	return z
		.array(z.string())
		.parse(JSON.parse(unseal(secretKey(), `${row.organizationId}:${row.id}:privacy`, row.sealed)));
}
