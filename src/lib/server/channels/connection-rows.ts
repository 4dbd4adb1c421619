import { NotFound } from '../platform/errors.ts';
import { inOrganization, type Tx } from '../platform/db.ts';

export type ConnectionStatus =
	'connecting' | 'healthy' | 'degraded' | 'needs_reauthorization' | 'paused' | 'disconnected';

/** A connection as it is stored. */
export interface ConnectionRow {
	id: string;
	organizationId: string;
	channel: 'shopify' | 'amazon' | 'walmart';
	/** The account's id at the channel: a shop's myshopify.com domain, a seller id. */
	externalId: string;
	name: string;
	status: ConnectionStatus;
	statusReason: string | null;
	authMethod: string;
	credentials: string | null;
	baseUrl: string | null;
	isSimulated: boolean;
	currency: string | null;
	timeZone: string | null;
	facts: Record<string, unknown>;
	connectedAt: Date;
	freshAt: Date | null;
	lastWebhookAt: Date | null;
}

/** @throws NotFound when the organization has no such connection */
export async function loadConnection(
	{ sql }: Tx,
	organizationId: string,
	id: string
): Promise<ConnectionRow> {
	const [row] = await sql<ConnectionRow[]>`
		select id, organization_id, channel, external_id, name, status, status_reason, auth_method, credentials, base_url, is_simulated,
			currency, time_zone, facts, connected_at, fresh_at, last_webhook_at
		from connections where organization_id = ${organizationId} and id = ${id}`;
	if (!row) throw new NotFound('This connection');
	return row;
}

/**
 * A connection for background work, with its organization's time zone. `inUse` is false for one that is paused, disconnected or
 * waits for a person: then nothing may be asked of the channel.
 */
export function loadInUse(
	organizationId: string,
	id: string
): Promise<{ connection: ConnectionRow; timeZone: string; inUse: boolean }> {
	return inOrganization(organizationId, async (tx) => {
		const connection = await loadConnection(tx, organizationId, id);
		const [organization] = await tx.sql<
			{ timeZone: string }[]
		>`select time_zone from organizations where id = ${organizationId}`;
		const inUse =
			connection.credentials !== null && ['connecting', 'healthy', 'degraded'].includes(connection.status);
		return { connection, timeZone: organization?.timeZone ?? 'UTC', inUse };
	});
}

/** Sets the status with the sentence that explains it; answers false when it stood so already. */
export async function setStatus(
	{ sql }: Tx,
	connection: { organizationId: string; id: string },
	status: ConnectionStatus,
	reason: string | null
): Promise<boolean> {
	const changed = await sql`
		update connections set status = ${status}, status_reason = ${reason}
		where organization_id = ${connection.organizationId} and id = ${connection.id}
			and (status, coalesce(status_reason, '')) is distinct from (${status}, ${reason ?? ''})`;
	return changed.count > 0;
}
