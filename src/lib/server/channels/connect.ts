import { z } from 'zod';
import type { Channel as ChannelName } from '#lib/contracts/channels.ts';
import { audit } from '../identity/index.ts';
import { record } from '../live/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import type { Tx } from '../platform/db.ts';
import { Conflict, Invalid, Unavailable } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { enqueue } from '../platform/queue.ts';
import type { Discovered } from './channel.ts';
import { openCredentials, sealCredentials, type Credentials } from './credentials.ts';
import { ChannelError } from './error.ts';
import { adoptFiles } from './files-connection.ts';
import { forgetAccounts } from './intake/accounts.ts';
import { syncJob } from './jobs.ts';
import { channelOf } from './registry.ts';
import { connectionEvent, queueRun } from './sync/runs.ts';

/** An account that is to be connected. Only the server sets `baseUrl`: it decides whom the server talks to. */
export interface Target {
	channel: ChannelName;
	externalId: string;
	baseUrl: string | null;
	isSimulated: boolean;
	/** What the person chose, such as a region; what the channel tells is put over it. */
	facts: Record<string, unknown>;
}

/** A secret as people paste it; `what` reads like "client secret". */
export function secretInput(what: string, most = 300) {
	return z
		.string()
		.trim()
		.min(1, { error: `Enter the ${what}.` })
		.max(most, { error: `The ${what} is too long. Copy it again.` })
		.regex(/^[\x21-\x7e]+$/, {
			error: `The ${what} has spaces or other characters it cannot have. Copy it again.`
		});
}

/**
 * Proves the credentials at the channel and keeps them: an account that was connected before is the same connection, with its
 * data. Answers the connection's id; its sync is queued.
 * @throws ChannelError when the channel refuses them
 */
export async function storeConnection(ctx: Ctx, target: Target, credentials: Credentials): Promise<string> {
	const organizationId = ctx.organization.id;
	const channel = channelOf(target.channel);
	const client = channel.open({ ...target, credentials });
	const discovered = await channel.discover(client);
	const { connectionId, runId } = await record(organizationId, async (tx) => {
		await adoptFiles(tx, organizationId, target);
		const id = await keep(tx, organizationId, target, credentials, discovered);
		const kind = (await isWhole(tx, organizationId, id)) ? 'incremental' : 'backfill';
		const run = await queueRun(tx, { organizationId, id }, kind, 'connect');
		await audit(
			tx,
			ctx,
			'connection.connected',
			{ kind: 'connection', id },
			{ channel: target.channel, method: credentials.kind }
		);
		return {
			result: { connectionId: id, runId: run },
			events: [await connectionEvent(tx, organizationId, id)]
		};
	});
	forgetAccounts();
	await enqueue(syncJob, { organizationId, connectionId, runId }, { key: runId });
	return connectionId;
}

async function keep(
	{ sql }: Tx,
	organizationId: string,
	{ channel, externalId, baseUrl, isSimulated, facts }: Target,
	credentials: Credentials,
	discovered: Discovered
): Promise<string> {
	const [known] = await sql<{ id: string; credentials: string | null; isSimulated: boolean }[]>`
		select id, credentials, is_simulated from connections
		where organization_id = ${organizationId} and channel = ${channel} and external_id = ${externalId} for update`;
	if (known && known.isSimulated !== isSimulated)
		throw new Conflict('This account is connected to the simulator. Disconnect it first.');
	const id = known?.id ?? newId();
	const before = known?.credentials
		? openCredentials({ id, organizationId, credentials: known.credentials })
		: null;
	const kept = (before && channelOf(channel).replacing?.(before, credentials)) ?? credentials;
	const { name, currency, timeZone } = discovered;
	const told = sql.json({ ...facts, ...discovered.facts } as never);
	await sql`
		insert into connections (id, organization_id, channel, external_id, name, status, auth_method, credentials, base_url, is_simulated, currency, time_zone, facts)
		values (${id}, ${organizationId}, ${channel}, ${externalId}, ${name}, 'connecting', ${credentials.kind}, ${sealCredentials({ organizationId, id }, kept)},
			${baseUrl}, ${isSimulated}, ${currency}, ${timeZone}, ${told})
		on conflict (organization_id, channel, external_id) do update set name = excluded.name, auth_method = excluded.auth_method, credentials = excluded.credentials, privacy_secret = null,
			base_url = excluded.base_url, currency = excluded.currency, time_zone = excluded.time_zone, facts = excluded.facts, status_reason = null, connected_at = now(),
			status = case when connections.fresh_at is null then 'connecting' else 'healthy' end`;
	return id;
}

async function isWhole({ sql }: Tx, organizationId: string, connectionId: string): Promise<boolean> {
	const [row] = await sql`
		select 1 from sync_cursors where organization_id = ${organizationId} and connection_id = ${connectionId} and resource = 'orders' and synced_to is not null`;
	return row !== undefined;
}

/** What a channel refuses becomes an error at the field that holds the wrong value. */
export async function refusalsAsFields<T>(work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (!(error instanceof ChannelError)) throw error;
		if (error.kind === 'unavailable' || error.kind === 'throttled') throw new Unavailable(error.message, 30);
		throw new Invalid({ [error.field ?? 'form']: error.message });
	}
}
