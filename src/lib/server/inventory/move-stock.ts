import type { Tx } from '../platform/db.ts';

/**
 * Hands all stock of a product to another one. Where we count ourselves and both have stock, it is one heap of pieces from now on.
 * A channel's count is per offer, and a level holds one count per product and location: the next reading of either offer would take
 * the place of the sum. So such a pair is not merged.
 * @returns the name of a channel's location where both have stock: then nothing is moved
 */
export async function mergeStock(
	{ sql }: Tx,
	organizationId: string,
	{ intoId, fromId }: { intoId: string; fromId: string }
): Promise<string | null> {
	const [shared] = await sql<{ name: string }[]>`
		select l.name from stock_levels a join stock_levels b on b.location_id = a.location_id join locations l on l.id = a.location_id
		where a.organization_id = ${organizationId} and a.product_id = ${intoId} and b.product_id = ${fromId} and l.is_active
			and l.connection_id is not null order by l.name limit 1`;
	if (shared) return shared.name;
	await sql`
		with gone as (
			delete from stock_levels b using stock_levels a, locations l
			where b.organization_id = ${organizationId} and b.product_id = ${fromId} and a.product_id = ${intoId} and a.location_id = b.location_id
				and a.organization_id = b.organization_id and l.id = b.location_id and l.connection_id is null
			returning b.*
		)
		update stock_levels a set available = a.available + g.available, on_hand = a.on_hand + coalesce(g.on_hand, g.available),
			committed = coalesce(a.committed + g.committed, a.committed, g.committed), incoming = coalesce(a.incoming + g.incoming, a.incoming, g.incoming),
			reserved = coalesce(a.reserved + g.reserved, a.reserved, g.reserved), source_updated_at = greatest(a.source_updated_at, g.source_updated_at)
		from gone g where a.organization_id = ${organizationId} and a.product_id = ${intoId} and a.location_id = g.location_id`;
	await sql`update stock_levels s set product_id = ${intoId} where organization_id = ${organizationId} and product_id = ${fromId}
		and not exists (select 1 from stock_levels o where o.location_id = s.location_id and o.product_id = ${intoId})`;
	return null;
}

/**
 * Stock of one connection when one of its listings leaves a product: it goes along when no other listing of the connection stays;
 * else it is forgotten until the channel tells it again (within 30 minutes), since nobody knows whose pieces they are.
 */
export async function splitStock(
	{ sql }: Tx,
	organizationId: string,
	{
		fromId,
		toId,
		connectionId,
		othersStay
	}: { fromId: string; toId: string; connectionId: string; othersStay: boolean }
): Promise<void> {
	const here = sql`s.organization_id = ${organizationId} and s.product_id = ${fromId}
		and s.location_id in (select id from locations where organization_id = ${organizationId} and connection_id = ${connectionId})`;
	if (othersStay) await sql`delete from stock_levels s where ${here}`;
	else await sql`update stock_levels s set product_id = ${toId} where ${here}`;
}
