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
	})
]);

/**
 * What opens a shop. `clientSecret` also signs its webhooks (for a legacy app: its API secret key).
 * `expiresAt` is in milliseconds; null never expires.
 */
export type Credentials = z.output<typeof schema>;

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
	const { previousSecret } = credentials;
	return previousSecret && previousSecret.until > now
		? [credentials.clientSecret, previousSecret.secret]
		: [credentials.clientSecret];
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
