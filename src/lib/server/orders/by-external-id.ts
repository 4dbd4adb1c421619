import type { Tx } from '../platform/db.ts';

/** The orders that a connection knows by these ids; unknown ones are left out. */
export async function ordersByExternalId(
	{ sql }: Tx,
	organizationId: string,
	wanted: readonly { connectionId: string; externalId: string }[]
): Promise<{ id: string; connectionId: string; externalId: string; placedAt: Date }[]> {
	if (wanted.length === 0) return [];
	return sql<{ id: string; connectionId: string; externalId: string; placedAt: Date }[]>`
		select o.id, o.connection_id, o.external_id, o.placed_at
		from (select distinct * from unnest(${wanted.map((one) => one.connectionId)}::uuid[], ${wanted.map((one) => one.externalId)}::text[])
			as u (connection_id, external_id)) as w
		join orders o on o.connection_id = w.connection_id and o.external_id = w.external_id and (o.organization_id = ${organizationId}) is true`;
}
