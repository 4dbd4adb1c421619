import type { Tx } from '../platform/db.ts';

/** Takes the buyer's city out of kept events of orders: of those named by external id, or of all of a connection. */
export async function eraseCities(
	{ sql }: Tx,
	{ organizationId, connectionId }: { organizationId: string; connectionId: string },
	externalIds: readonly string[] | 'all'
): Promise<void> {
	await sql`
		update outbox e set payload = jsonb_set(e.payload, '{order,city}', 'null')
		from orders o
		where e.organization_id = ${organizationId} and e.kind = 'order' and e.payload->'order'->>'city' is not null
			and o.id = e.subject_id and o.organization_id = e.organization_id and o.connection_id = ${connectionId}
			and ${externalIds === 'all' ? sql`true` : sql`o.external_id = any(${[...externalIds]}::text[])`}`;
}
