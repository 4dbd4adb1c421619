import type { Tx } from '../platform/db.ts';
import { noteStockHistory } from './stock-history.ts';

/**
 * Hands all stock of a product to another one. Where we count ourselves, both become one heap of pieces; a channel goes on counting
 * each of its offers, and the product has the sum.
 */
export async function mergeStock(
	tx: Tx,
	organizationId: string,
	{ intoId, fromId }: { intoId: string; fromId: string }
): Promise<void> {
	const { sql } = tx;
	await sql`
		with gone as (
			delete from stock_levels b using stock_levels a
			where b.organization_id = ${organizationId} and b.location_id = a.location_id and b.stock_external_id = ${fromId}
				and a.organization_id = b.organization_id and a.stock_external_id = ${intoId}
			returning b.*
		)
		update stock_levels a set available = a.available + g.available, on_hand = a.on_hand + coalesce(g.on_hand, g.available),
			committed = coalesce(a.committed + g.committed, a.committed, g.committed), incoming = coalesce(a.incoming + g.incoming, a.incoming, g.incoming),
			reserved = coalesce(a.reserved + g.reserved, a.reserved, g.reserved), source_updated_at = greatest(a.source_updated_at, g.source_updated_at)
		from gone g where a.organization_id = ${organizationId} and a.location_id = g.location_id and a.stock_external_id = ${intoId}`;
	await sql`
		update stock_levels set product_id = ${intoId}, stock_external_id = case when stock_external_id = ${fromId} then ${intoId} else stock_external_id end
		where organization_id = ${organizationId} and product_id = ${fromId}`;
	await noteStockHistory(tx, organizationId, [intoId]);
}

/** The stock that a connection counts under a stock id goes along when its listing leaves a product. */
export async function splitStock(
	tx: Tx,
	organizationId: string,
	{
		fromId,
		toId,
		connectionId,
		stockExternalId
	}: { fromId: string; toId: string; connectionId: string; stockExternalId: string }
): Promise<void> {
	await tx.sql`
		update stock_levels s set product_id = ${toId}
		where s.organization_id = ${organizationId} and s.product_id = ${fromId} and s.stock_external_id = ${stockExternalId}
			and s.location_id in (select id from locations where organization_id = ${organizationId} and connection_id = ${connectionId})`;
	await noteStockHistory(tx, organizationId, [fromId, toId]);
}
