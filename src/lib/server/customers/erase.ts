import type { Tx } from '../platform/db.ts';

/**
 * Takes name and address of customers of a connection away, of those named or of all; their rows stay as numbers, since orders
 * point to them. Answers the ids of the rows.
 */
export async function eraseCustomers(
	{ sql }: Tx,
	{ organizationId, connectionId }: { organizationId: string; connectionId: string },
	externalIds: readonly string[] | 'all'
): Promise<string[]> {
	const rows = await sql<{ id: string }[]>`
		update customers set name = null, email = null, email_key = null, name_key = null, family_key = null
		where organization_id = ${organizationId} and connection_id = ${connectionId}
			and ${externalIds === 'all' ? sql`true` : sql`external_id = any(${[...externalIds]}::text[])`}
		returning id`;
	return rows.map((row) => row.id);
}

/** A customer of a connection with everything that is stored about them; null when there is none. */
export async function customerRecord(
	{ sql }: Tx,
	{ organizationId, connectionId }: { organizationId: string; connectionId: string },
	externalId: string
): Promise<(Record<string, unknown> & { id: string }) | null> {
	const [row] = await sql<(Record<string, unknown> & { id: string })[]>`
		select id, external_id, name, email, country, source_updated_at, created_at from customers
		where organization_id = ${organizationId} and connection_id = ${connectionId} and external_id = ${externalId}`;
	return row ?? null;
}
