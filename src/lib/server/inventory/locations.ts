import { newId } from '../platform/ids.ts';
import type { Tx } from '../platform/db.ts';

/** The connection whose locations or stock are told. */
export interface StockScope {
	organizationId: string;
	connectionId: string;
}

/** A place as a channel tells it. */
export interface ChannelLocation {
	externalId: string;
	name: string;
	/** ISO 3166-1 alpha-2. */
	country: string | null;
	isActive: boolean;
}

/** Makes and updates the locations of a connection; an equal row is left untouched. @returns ids by external id */
export async function upsertLocations(
	tx: Tx,
	{ organizationId, connectionId }: StockScope,
	given: readonly ChannelLocation[]
): Promise<Map<string, string>> {
	const rows = [...new Map(given.map((one) => [one.externalId, one])).values()]
		.sort((a, b) => (a.externalId < b.externalId ? -1 : 1))
		.map((one) => ({
			id: newId(),
			organization_id: organizationId,
			connection_id: connectionId,
			external_id: one.externalId,
			name: one.name,
			country: one.country,
			is_active: one.isActive
		}));
	if (rows.length === 0) return new Map();
	await tx.sql`
		insert into locations as l (id, organization_id, connection_id, external_id, name, country, is_active)
		select * from json_to_recordset(${JSON.stringify(rows)}::text::json)
			as r (id uuid, organization_id uuid, connection_id uuid, external_id text, name text, country text, is_active boolean)
		on conflict (connection_id, external_id) do update set name = excluded.name, country = excluded.country, is_active = excluded.is_active
		where (l.name, l.country, l.is_active) is distinct from (excluded.name, excluded.country, excluded.is_active)`;
	return locationIds(
		tx,
		{ organizationId, connectionId },
		rows.map((row) => row.external_id)
	);
}

/** Ids of a connection's locations by external id; unknown ones are missing in the answer. */
export async function locationIds(
	tx: Tx,
	{ organizationId, connectionId }: StockScope,
	externalIds: readonly string[]
): Promise<Map<string, string>> {
	const rows = await tx.sql<{ id: string; externalId: string }[]>`
		select id, external_id from locations
		where connection_id = ${connectionId} and external_id = any(${[...new Set(externalIds)]}::text[]) and (organization_id = ${organizationId}) is true`;
	return new Map(rows.map((row) => [row.externalId, row.id]));
}
