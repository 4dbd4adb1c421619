import { newId } from '../platform/ids.ts';
import type { Ahead, Tx } from '../platform/db.ts';
import { emailKey } from './email-key.ts';

/** A buyer as one connection tells them. `updatedAt` (ISO) is the channel's version, null when it has none. */
export interface ChannelCustomer {
	organizationId: string;
	connectionId: string;
	externalId: string;
	name: string | null;
	email: string | null;
	country: string | null;
	updatedAt: string | null;
}

/** The key under which `upsertCustomers` answers a customer's id. */
export function customerKey(customer: { connectionId: string; externalId: string }): string {
	return `${customer.connectionId} ${customer.externalId}`;
}

/** A row that may be another person than before: its address changed. */
export interface MovedCustomer {
	organizationId: string;
	customerId: string;
}

/** Customers as they are stored, by `customerKey`. */
export type StoredCustomers = ReadonlyMap<string, StoredCustomer>;

/** Finds customers with one statement. */
export async function findCustomers(
	tx: Tx,
	wanted: readonly Pick<ChannelCustomer, 'organizationId' | 'connectionId' | 'externalId'>[]
): Promise<StoredCustomers> {
	if (wanted.length === 0) return new Map();
	return new Map((await load(tx, wanted)).map((row) => [customerKey(row), row]));
}

/**
 * Makes and updates customers with at most three statements, whatever their number. An older version changes nothing; a row
 * without a version fills what is missing and replaces what is known only where no version is known.
 * @param given.stored what `findCustomers` found of them in this transaction
 * @param given.moved gets the rows whose address changed: they may be another person than before
 * @param given.ahead writes without waiting: should another transaction make one of them at this moment, the answered id is of no
 * row and whatever refers to it fails
 * @returns ids by `customerKey`
 */
export async function upsertCustomers(
	tx: Tx,
	customers: readonly ChannelCustomer[],
	given: { stored?: StoredCustomers; ahead?: Ahead; moved?: MovedCustomer[] } = {}
): Promise<Map<string, string>> {
	const newest = new Map<string, ChannelCustomer>();
	for (const customer of customers) {
		const key = customerKey(customer);
		const seen = newest.get(key);
		if (!seen || version(customer) >= version(seen)) newest.set(key, customer);
	}
	const ids = new Map<string, string>();
	if (newest.size === 0) return ids;
	const wanted = [...newest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, customer]) => customer);
	const stored = given.stored ?? (await findCustomers(tx, wanted));

	const writes: (ChannelCustomer & { id: string })[] = [];
	for (const customer of wanted) {
		const row = stored.get(customerKey(customer));
		const id = row?.id ?? newId();
		if (row || given.ahead) ids.set(customerKey(customer), id);
		const merged = row ? merge(row, customer) : customer;
		if (merged) writes.push({ ...merged, id });
		if (row && merged && emailKey(row.email) !== emailKey(merged.email))
			given.moved?.push({ organizationId: row.organizationId, customerId: row.id });
	}
	const written = write(tx, writes);
	if (given.ahead) {
		given.ahead(written);
		return ids;
	}
	for (const row of await written) ids.set(customerKey(row), row.id);
	// another transaction made the row meanwhile, with a newer version: only its id is wanted
	const raced = wanted.filter((customer) => !ids.has(customerKey(customer)));
	if (raced.length > 0) for (const row of await load(tx, raced)) ids.set(customerKey(row), row.id);
	return ids;
}

interface StoredCustomer extends Omit<ChannelCustomer, 'updatedAt'> {
	id: string;
	sourceUpdatedAt: Date | null;
}

// how keys are looked up: orders/stored.ts, lockHeads
function load(
	tx: Tx,
	wanted: readonly Pick<ChannelCustomer, 'organizationId' | 'connectionId' | 'externalId'>[]
): Promise<StoredCustomer[]> {
	const keys = wanted.map(({ organizationId, connectionId, externalId }) => ({
		organization_id: organizationId,
		connection_id: connectionId,
		external_id: externalId
	}));
	return tx.sql<StoredCustomer[]>`
		select c.* from json_to_recordset(${JSON.stringify(keys)}::text::json) as w (organization_id uuid, connection_id uuid, external_id text)
		cross join lateral (
			select c.id, c.organization_id, c.connection_id, c.external_id, c.name, c.email, c.country, c.source_updated_at
			from customers c where c.connection_id = w.connection_id and c.external_id = w.external_id and (c.organization_id = w.organization_id) is true
			limit 1
		) c`;
}

/** What to write over a stored row, or null when it already says so. */
function merge(row: StoredCustomer, given: ChannelCustomer): ChannelCustomer | null {
	const storedVersion = row.sourceUpdatedAt?.toISOString() ?? null;
	if (storedVersion !== null && given.updatedAt !== null && given.updatedAt < storedVersion) return null;
	const wins = given.updatedAt !== null || storedVersion === null;
	const pick = (next: string | null, known: string | null) => (wins ? (next ?? known) : (known ?? next));
	const merged = {
		...given,
		name: pick(given.name, row.name),
		email: pick(given.email, row.email),
		country: pick(given.country, row.country),
		updatedAt: given.updatedAt ?? storedVersion
	};
	const same =
		merged.name === row.name &&
		merged.email === row.email &&
		merged.country === row.country &&
		merged.updatedAt === storedVersion;
	return same ? null : merged;
}

async function write(
	tx: Tx,
	rows: readonly (ChannelCustomer & { id: string })[]
): Promise<{ id: string; connectionId: string; externalId: string }[]> {
	if (rows.length === 0) return [];
	const values = rows.map((row) => {
		const nameKey = row.name?.trim().toLowerCase() || null;
		return {
			id: row.id,
			organization_id: row.organizationId,
			connection_id: row.connectionId,
			external_id: row.externalId,
			name: row.name,
			email: row.email,
			email_key: emailKey(row.email),
			name_key: nameKey,
			family_key: nameKey?.split(/\s+/).at(-1) ?? null,
			country: row.country,
			source_updated_at: row.updatedAt
		};
	});
	return tx.sql<{ id: string; connectionId: string; externalId: string }[]>`
		insert into customers as c (id, organization_id, connection_id, external_id, name, email, email_key, name_key, family_key, country, source_updated_at)
		select id, organization_id, connection_id, external_id, name, email, email_key, name_key, family_key, country, source_updated_at
		from json_to_recordset(${JSON.stringify(values)}::text::json) as r (id uuid, organization_id uuid, connection_id uuid, external_id text, name text,
			email text, email_key text, name_key text, family_key text, country text, source_updated_at timestamptz)
		on conflict (connection_id, external_id) do update set name = excluded.name, email = excluded.email, email_key = excluded.email_key,
			name_key = excluded.name_key, family_key = excluded.family_key, country = excluded.country, source_updated_at = excluded.source_updated_at
			where c.source_updated_at is null or excluded.source_updated_at >= c.source_updated_at
		returning id, connection_id, external_id`;
}

function version(customer: ChannelCustomer): string {
	return customer.updatedAt ?? '';
}
