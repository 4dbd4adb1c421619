import type { Channel } from '#lib/contracts/channels.ts';
import { CHANNEL_NAMES } from '#lib/contracts/channels.ts';
import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';

/** How a connection that holds imported files only was authorized: nothing is ever read through it, since it has no credentials. */
export const FILES = 'file';

/** A connection that orders of a file may go to. */
export interface ImportTarget {
	id: string;
	name: string;
	channel: Channel;
	currency: string | null;
	timeZone: string | null;
	/** Made for files; false is an account at the channel. */
	isFiles: boolean;
}

/** The organization's connections of a channel that files may go to, accounts first. */
export function importTargets(
	{ sql }: Tx,
	organizationId: string,
	channel: Channel
): Promise<ImportTarget[]> {
	return sql<ImportTarget[]>`
		select id, name, channel, currency, time_zone, auth_method = ${FILES} as is_files from connections
		where organization_id = ${organizationId} and channel = ${channel}
		order by auth_method = ${FILES}, status = 'disconnected', created_at`;
}

/**
 * The connection that holds a channel's files where no account is connected; made when there is none. It counts as disconnected:
 * nothing is synced and no webhook is believed.
 */
export async function filesConnection(tx: Tx, organizationId: string, channel: Channel): Promise<string> {
	const name = CHANNEL_NAMES[channel];
	const [made] = await tx.sql<{ id: string }[]>`
		insert into connections (id, organization_id, channel, external_id, name, status, status_reason, auth_method)
		values (${newId()}, ${organizationId}, ${channel}, 'files', ${`${name} files`}, 'disconnected',
			${`Holds imported orders of ${name}. Nothing is read from ${name} until you connect it.`}, ${FILES})
		on conflict (organization_id, channel, external_id) do update set external_id = excluded.external_id returning id`;
	return made!.id;
}

/** Removes a connection that was made for files and holds no order any more; answers whether it did. */
export async function dropEmptyFiles({ sql }: Tx, organizationId: string, id: string): Promise<boolean> {
	const gone = await sql`
		delete from connections c where c.organization_id = ${organizationId} and c.id = ${id} and c.auth_method = ${FILES}
			and not exists (select 1 from orders o where o.connection_id = c.id)`;
	return gone.count > 0;
}

/**
 * Makes the connection that held a channel's files the account that is being connected, so that its orders are not counted
 * again when the channel tells them. Only for the first account of the channel: of several nobody knows whose the files were.
 * Call it before the account's row is made.
 */
export async function adoptFiles(
	{ sql }: Tx,
	organizationId: string,
	account: { channel: Channel; externalId: string; isSimulated: boolean }
): Promise<void> {
	const { channel, externalId, isSimulated } = account;
	await sql`
		update connections c set external_id = ${externalId}, is_simulated = ${isSimulated}
		where c.organization_id = ${organizationId} and c.channel = ${channel} and c.auth_method = ${FILES}
			and not exists (select 1 from connections o where o.organization_id = ${organizationId} and o.channel = ${channel} and o.id <> c.id)`;
}
