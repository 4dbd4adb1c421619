import type { Tx } from '../platform/db.ts';

/**
 * Hands all stock of a product to another one.
 * @returns the name of a location where both have stock, which the channel counts apart: then nothing is moved
 */
export async function mergeStock(
	{ sql }: Tx,
	organizationId: string,
	{ intoId, fromId }: { intoId: string; fromId: string }
): Promise<string | null> {
	const [shared] = await sql<{ name: string }[]>`
		select l.name from stock_levels a join stock_levels b on b.location_id = a.location_id join locations l on l.id = a.location_id
		where a.organization_id = ${organizationId} and a.product_id = ${intoId} and b.product_id = ${fromId} and l.is_active order by l.name limit 1`;
	if (shared) return shared.name;
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
