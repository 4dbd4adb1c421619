import { z } from 'zod';
import { audit, require } from '../identity/index.ts';
import { record } from '../live/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import type { Tx } from '../platform/db.ts';
import { Conflict, Invalid, Unavailable } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parse } from '../platform/parse.ts';
import { enqueue } from '../platform/queue.ts';
import { forgetAccounts } from './intake/accounts.ts';
import { sealCredentials, openCredentials, type Credentials } from './credentials.ts';
import { syncJob } from './jobs.ts';
import { shopDomain } from './shopify/address.ts';
import { shopifyClient } from './shopify/client.ts';
import { discoverShop, type ShopFacts } from './shopify/discover.ts';
import { ShopifyError } from './shopify/errors.ts';
import { clientCredentialsToken, tokenFields } from './shopify/token.ts';
import { connectionEvent, queueRun } from './sync/runs.ts';

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
const secret = (what: string) =>
	z
		.string()
		.trim()
		.min(1, { error: `Enter the ${what}.` })
		.max(300)
		.regex(/^[\x21-\x7e]+$/, {
			error: `The ${what} has spaces or other characters it cannot have. Copy it again.`
		});

const byClient = z.strictObject({
	shop: shopInput,
	clientId: secret('client ID'),
	clientSecret: secret('client secret')
});
const byToken = z.strictObject({
	shop: shopInput,
	accessToken: secret('access token').refine((value) => !value.startsWith('shpss_'), {
		error: 'This is an API secret key. The access token begins with shpat_ and stands above it.'
	}),
	clientSecret: secret('API secret key').refine((value) => !value.startsWith('shpat_'), {
		error: 'This is an access token. The API secret key stands below it and begins with shpss_.'
	})
});

/** How long webhooks signed with a replaced secret are still accepted: Shopify takes up to an hour to change over. */
const ROTATION_MS = 3600_000;

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
		return store(ctx, { shop, baseUrl: null, isSimulated: false }, credentials);
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
		store(
			ctx,
			{ shop, baseUrl: null, isSimulated: false },
			{ kind: 'access_token', accessToken, clientSecret, previousSecret: null }
		)
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
	return store(ctx, { shop: given.shop, baseUrl: given.baseUrl, isSimulated: true }, credentials);
}

/**
 * Proves the credentials against the shop and keeps them: a shop that was connected before is the same connection, with its data.
 * @throws ShopifyError when the shop refuses them
 */
export async function store(
	ctx: Ctx,
	target: { shop: string; baseUrl: string | null; isSimulated: boolean },
	credentials: Credentials
): Promise<string> {
	const facts = await discoverShop(shopifyClient({ ...target, credentials }));
	const { connectionId, runId } = await record(ctx.organization.id, async (tx) => {
		const id = await keep(tx, ctx, target, credentials, facts);
		const kind = (await isWhole(tx, ctx.organization.id, id)) ? 'incremental' : 'backfill';
		const run = await queueRun(tx, { organizationId: ctx.organization.id, id }, kind, 'connect');
		await audit(
			tx,
			ctx,
			'connection.connected',
			{ kind: 'connection', id },
			{ channel: 'shopify', method: credentials.kind }
		);
		return {
			result: { connectionId: id, runId: run },
			events: [await connectionEvent(tx, ctx.organization.id, id)]
		};
	});
	forgetAccounts();
	await enqueue(syncJob, { organizationId: ctx.organization.id, connectionId, runId }, { key: runId });
	return connectionId;
}

async function keep(
	{ sql }: Tx,
	ctx: Ctx,
	target: { shop: string; baseUrl: string | null; isSimulated: boolean },
	credentials: Credentials,
	facts: ShopFacts
): Promise<string> {
	const organizationId = ctx.organization.id;
	const [known] = await sql<
		{ id: string; credentials: string | null; isSimulated: boolean; status: string }[]
	>`
		select id, credentials, is_simulated, status from connections
		where organization_id = ${organizationId} and channel = 'shopify' and external_id = ${target.shop} for update`;
	if (known && known.isSimulated !== target.isSimulated)
		throw new Conflict('This shop is connected to the simulator. Disconnect it first.');
	const id = known?.id ?? newId();
	const kept: Credentials = {
		...credentials,
		previousSecret: known?.credentials
			? replaced(openCredentials({ id, organizationId, credentials: known.credentials }), credentials)
			: null
	};
	const { name, currency, timeZone, ...rest } = facts;
	await sql`
		insert into connections (id, organization_id, channel, external_id, name, status, auth_method, credentials, base_url, is_simulated, currency, time_zone, facts)
		values (${id}, ${organizationId}, 'shopify', ${target.shop}, ${name}, 'connecting', ${credentials.kind}, ${sealCredentials({ organizationId, id }, kept)},
			${target.baseUrl}, ${target.isSimulated}, ${currency}, ${timeZone}, ${sql.json(rest)})
		on conflict (organization_id, channel, external_id) do update set name = excluded.name, auth_method = excluded.auth_method, credentials = excluded.credentials, privacy_secret = null,
			base_url = excluded.base_url, currency = excluded.currency, time_zone = excluded.time_zone, facts = excluded.facts, status_reason = null, connected_at = now(),
			status = case when connections.fresh_at is null then 'connecting' else 'healthy' end`;
	return id;
}

function replaced(before: Credentials, now: Credentials): Credentials['previousSecret'] {
	return before.clientSecret === now.clientSecret
		? before.previousSecret
		: { secret: before.clientSecret, until: Date.now() + ROTATION_MS };
}

async function isWhole({ sql }: Tx, organizationId: string, connectionId: string): Promise<boolean> {
	const [row] = await sql`
		select 1 from sync_cursors where organization_id = ${organizationId} and connection_id = ${connectionId} and resource = 'orders' and synced_to is not null`;
	return row !== undefined;
}

/** What Shopify refuses becomes an error at the field that holds the wrong value. */
export async function refusalsAsFields<T>(work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (!(error instanceof ShopifyError)) throw error;
		if (error.kind === 'unavailable') throw new Unavailable(error.message, 30);
		throw new Invalid({ [error.field ?? 'form']: error.message });
	}
}
