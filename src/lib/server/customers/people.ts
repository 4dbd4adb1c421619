import type { Tx } from '../platform/db.ts';

/** A customer's row and the person it is; null where it leads to nobody whom we could know again. */
export interface PersonOf {
	organizationId: string;
	customerId: string;
	personId: string | null;
}

/**
 * The people that these customers are, with every other row of the same people: rows of one organization with the same e-mail key are
 * one person, by the lowest of their ids; a row without a key is a person of its own. A row that was made from an address which is no
 * key (a relay that a channel makes for one order) is nobody. Rows that are gone are left out. A rebuild of the analytics says the same
 * for all rows at once (analytics/projection/rebuild.ts); change both or neither.
 */
export async function peopleOf(
	{ sql }: Tx,
	customers: readonly { organizationId: string; customerId: string }[]
): Promise<PersonOf[]> {
	return sql<PersonOf[]>`
		with asked as (
			select c.id, c.organization_id, c.email_key
			from unnest(${customers.map((row) => row.organizationId)}::uuid[], ${customers.map((row) => row.customerId)}::uuid[]) as w (organization_id, id)
			join customers c on c.id = w.id and c.organization_id = w.organization_id
		), every_row as (
			select id from asked
			union
			select s.id from asked a join customers s on s.organization_id = a.organization_id and s.email_key = a.email_key
		)
		select c.organization_id, c.id as customer_id, case
			when c.email_key is not null then (select min(s.id::text)::uuid from customers s where s.organization_id = c.organization_id and s.email_key = c.email_key)
			when position('@' in c.external_id) > 0 then null
			else c.id end as person_id
		from every_row e join customers c on c.id = e.id`;
}
