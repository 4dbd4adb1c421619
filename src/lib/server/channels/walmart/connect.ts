import { z } from 'zod';
import { require } from '../../identity/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { parse } from '../../platform/parse.ts';
import { refusalsAsFields, secretInput, storeConnection } from '../connect.ts';
import type { WalmartCredentials } from '../credentials.ts';
import { walmartClient } from './client.ts';
import { partnerIdOf } from './discover.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const PLACE =
	'Both stand in Walmart’s Developer Portal (developer.walmart.com) under API Keys, Production Keys.';

const input = z
	.strictObject({ clientId: secretInput('client ID'), clientSecret: secretInput('client secret', 500) })
	.superRefine(({ clientId, clientSecret }, issues) => {
		const swapped = !UUID.test(clientId) && UUID.test(clientSecret);
		if (swapped)
			issues.addIssue({
				code: 'custom',
				path: ['clientSecret'],
				message: `This is a client ID: the two fields are swapped. ${PLACE}`
			});
		else if (!UUID.test(clientId))
			issues.addIssue({
				code: 'custom',
				path: ['clientId'],
				message: `A client ID of Walmart looks like 4f2c1a9e-1b7d-4c55-9a3e-2f5d8c7b6a10. ${PLACE}`
			});
		else if (UUID.test(clientSecret))
			issues.addIssue({
				code: 'custom',
				path: ['clientSecret'],
				message: `This is a client ID. The client secret is longer and stands beside it. ${PLACE}`
			});
	});

/** What the page asks for, in order. */
export const WALMART_FIELDS = [
	{
		name: 'clientId',
		label: 'Client ID',
		secret: false,
		hint: 'Developer Portal, API Keys, Production Keys'
	},
	{
		name: 'clientSecret',
		label: 'Client secret',
		secret: true,
		hint: 'Beside the client ID. It is shown once: make new keys when it is lost.'
	}
] as const;

/**
 * Connects a Walmart seller with the keys of the Developer Portal; the token renews itself. Answers the connection's id; the first
 * sync is queued.
 * @throws Invalid naming the key that Walmart refused, Forbidden, Unavailable
 */
export async function connectWalmart(ctx: Ctx, given: unknown): Promise<string> {
	require(ctx, 'channels.manage');
	return store(ctx, parse(input, given), null);
}

/**
 * Connects a simulated seller: for the demo and for tests, never reachable by a request of a tenant, because the base URL decides
 * whom the server talks to.
 */
export async function connectSimulatedWalmart(
	ctx: Ctx,
	given: { baseUrl: string; clientId: string; clientSecret: string }
): Promise<string> {
	return store(ctx, given, given.baseUrl);
}

function store(
	ctx: Ctx,
	{ clientId, clientSecret }: { clientId: string; clientSecret: string },
	baseUrl: string | null
) {
	return refusalsAsFields(async () => {
		const keys: WalmartCredentials = {
			kind: 'walmart_keys',
			clientId,
			clientSecret,
			accessToken: null,
			expiresAt: null
		};
		const account = { externalId: '', baseUrl, credentials: keys };
		const client = walmartClient(account);
		const externalId = await partnerIdOf(client);
		const credentials = client.credentials();
		const target = {
			channel: 'walmart' as const,
			externalId,
			baseUrl,
			isSimulated: baseUrl !== null,
			facts: {}
		};
		return storeConnection(ctx, target, credentials);
	});
}
