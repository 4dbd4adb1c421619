import type { CustomerRecord } from '#lib/contracts/customer.ts';
import type { Tx } from '../platform/db.ts';

/** With the country that the channel tells. */
type RecordInCountry = CustomerRecord & { country: string | null };

/** Records with their connections, those with a name first. */
export function recordsOf(
	{ sql }: Tx,
	organizationId: string,
	ids: readonly string[]
): Promise<RecordInCountry[]> {
	return sql<RecordInCountry[]>`
		select c.id, k.channel, k.id as connection_id, k.name as connection_name, c.external_id, c.name, c.email, c.country,
			(select count(*)::int from orders o where o.customer_id = c.id and (o.organization_id = c.organization_id) is true and o.kind = 'sale') as orders
		from customers c join connections k on k.id = c.connection_id and k.organization_id = c.organization_id
		where c.organization_id = ${organizationId} and c.id = any(${[...ids]}::uuid[]) order by c.name is null, c.created_at, c.id`;
}
