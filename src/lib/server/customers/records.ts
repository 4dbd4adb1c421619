import type { Channel } from '#lib/contracts/channels.ts';
import type { Tx } from '../platform/db.ts';

/** A customer as one connection knows them; `orders`: those that count as sales. */
export interface CustomerRecord {
	id: string;
	channel: Channel;
	connectionId: string;
	connectionName: string;
	externalId: string;
	name: string | null;
	email: string | null;
	country: string | null;
	orders: number;
}

/** Records with their connections, those with a name first. */
export function recordsOf(
	{ sql }: Tx,
	organizationId: string,
	ids: readonly string[]
): Promise<CustomerRecord[]> {
	return sql<CustomerRecord[]>`
		select c.id, k.channel, k.id as connection_id, k.name as connection_name, c.external_id, c.name, c.email, c.country,
			(select count(*)::int from orders o where o.customer_id = c.id and (o.organization_id = c.organization_id) is true and o.kind = 'sale') as orders
		from customers c join connections k on k.id = c.connection_id and k.organization_id = c.organization_id
		where c.organization_id = ${organizationId} and c.id = any(${[...ids]}::uuid[]) order by c.name is null, c.created_at, c.id`;
}
