import type { Discovered } from '../channel.ts';
import { ChannelError } from '../error.ts';
import { object } from '../json.ts';
import type { WalmartClient } from './client.ts';
import { assertScopes } from './errors.ts';
import { paymentStatement } from './settlements.ts';

/** Walmart's American marketplace sells in dollars; its reports keep the days of its headquarters on the Pacific. */
const CURRENCY = 'USD';
const TIME_ZONE = 'America/Los_Angeles';

/** The seller's number at Walmart. @throws ChannelError when the keys may not read it */
export async function partnerIdOf(client: WalmartClient): Promise<string> {
	const statement = await paymentStatement(client);
	if (statement) return statement.partnerId;
	throw new ChannelError(
		'needs_reauthorization',
		'These keys may not read the seller’s payments, by which Tidemark knows the account. In Walmart’s Developer Portal, open API Keys, give the keys at least view access to reports, and connect again.',
		'clientId'
	);
}

/**
 * Proves that the keys open this very account and may read what we need.
 * @throws ChannelError naming the key or the right that is missing
 */
export async function discoverSeller(client: WalmartClient): Promise<Discovered> {
	const { body } = await client.call('/v3/token/detail');
	const scopes = object(body.scopes) ?? {};
	assertScopes(scopes);
	const statement = await paymentStatement(client);
	if (statement && statement.partnerId !== client.externalId)
		throw new ChannelError(
			'credentials',
			`These keys belong to seller ${statement.partnerId}, not to ${client.externalId}. Enter the keys of seller ${client.externalId}.`,
			'clientId'
		);
	return {
		name: `Walmart seller ${client.externalId}`,
		currency: CURRENCY,
		timeZone: TIME_ZONE,
		facts: { partnerId: client.externalId, storeFront: statement?.storeFront ?? null, scopes, reachDays: 180 }
	};
}
