import { z } from 'zod';
import { require } from '../../identity/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { parse } from '../../platform/parse.ts';
import { refusalsAsFields, secretInput, storeConnection } from '../connect.ts';
import type { AmazonCredentials } from '../credentials.ts';
import { simulatedQueue } from './queues.ts';
import { REGIONS } from './regions.ts';

const input = z.strictObject({
	sellerId: z
		.string()
		.trim()
		.toUpperCase()
		.regex(/^A[A-Z0-9]{9,20}$/, {
			error:
				'This is not a seller ID. It begins with A and stands in Seller Central under Settings, Account Info, Merchant Token.'
		}),
	region: z.enum(REGIONS, { error: 'Choose where the account sells.' }),
	clientId: secretInput('client ID').refine((value) => value.startsWith('amzn1.application-oa2-client.'), {
		error:
			'The client ID begins with amzn1.application-oa2-client. It stands beside your app under LWA credentials, View.'
	}),
	clientSecret: secretInput('client secret').refine(
		(value) => !value.startsWith('amzn1.application-oa2-client.'),
		{
			error: 'This is the client ID. The client secret stands below it and begins with amzn1.oa2-cs.'
		}
	),
	refreshToken: secretInput('refresh token', 2500)
		.refine((value) => !value.startsWith('Atza|'), {
			error: 'This is an access token, which ends after an hour. The refresh token begins with Atzr|.'
		})
		.refine((value) => value.startsWith('Atzr|'), {
			error: 'The refresh token begins with Atzr|. Choose Authorize beside your app, then copy it whole.'
		})
});

/**
 * Connects an Amazon seller with an application of their own (self-authorized). Answers the connection's id; the first sync is
 * queued.
 * @throws Invalid naming the credential that Amazon refused, Forbidden, Unavailable
 */
export async function connectAmazon(ctx: Ctx, given: unknown): Promise<string> {
	require(ctx, 'channels.manage');
	const { sellerId, region, clientId, clientSecret, refreshToken } = parse(input, given);
	const credentials: AmazonCredentials = {
		kind: 'amazon_lwa',
		clientId,
		clientSecret,
		refreshToken,
		accessToken: null,
		expiresAt: null
	};
	const target = {
		channel: 'amazon' as const,
		externalId: sellerId,
		baseUrl: null,
		isSimulated: false,
		facts: { region }
	};
	return refusalsAsFields(() => storeConnection(ctx, target, credentials));
}

/** What a simulated seller tells of itself on its ready line. */
export interface SimulatedSeller {
	apiUrl: string;
	sellerId: string;
	region: string;
	clientId: string;
	clientSecret: string;
	refreshToken: string;
	queueUrl?: string;
	accessKeyId?: string;
	secretAccessKey?: string;
}

/**
 * Connects a simulated seller: for the demo and for tests, never reachable by a request of a tenant, because the base URL decides
 * whom the server talks to.
 */
export async function connectSimulatedAmazon(ctx: Ctx, seller: SimulatedSeller): Promise<string> {
	const { apiUrl, sellerId, region, clientId, clientSecret, refreshToken } = seller;
	if (seller.queueUrl && seller.accessKeyId && seller.secretAccessKey)
		simulatedQueue(apiUrl, {
			url: seller.queueUrl,
			accessKeyId: seller.accessKeyId,
			secretAccessKey: seller.secretAccessKey
		});
	return storeConnection(
		ctx,
		{ channel: 'amazon', externalId: sellerId, baseUrl: apiUrl, isSimulated: true, facts: { region } },
		{
			kind: 'amazon_lwa',
			clientId,
			clientSecret,
			refreshToken,
			accessToken: null,
			expiresAt: null
		}
	);
}
