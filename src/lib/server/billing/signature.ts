import { constantTimeEqual, hmacBase64 } from '../platform/crypto.ts';

/** A delivery that was signed longer ago, or that far ahead, is not believed: it may be a replay. */
export const TOLERANCE_SECONDS = 300;

/**
 * True when Stripe signed this raw body with one of the secrets within the last five minutes. The header is
 * `t=<seconds>,v1=<hex>[,v1=<hex>]`: several signatures, and several secrets here, while a secret is being replaced.
 */
export function isSigned(
	header: string | null,
	body: Buffer,
	secrets: readonly string[],
	now = Date.now()
): boolean {
	const parts = (header ?? '').split(',').map((part) => part.trim().split('=') as [string, string?]);
	const timestamp = parts.find(([name]) => name === 't')?.[1] ?? '';
	const given = parts.flatMap(([name, value]) => (name === 'v1' && value ? [value] : []));
	if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE_SECONDS)
		return false;
	const signed = Buffer.concat([Buffer.from(`${timestamp}.`), body]);
	const expected = secrets.map((secret) => Buffer.from(hmacBase64(secret, signed), 'base64').toString('hex'));
	// every pair is compared, whatever came before
	return given
		.flatMap((one) => expected.map((other) => constantTimeEqual(one, other)))
		.reduce((any, equal) => any || equal, false);
}
