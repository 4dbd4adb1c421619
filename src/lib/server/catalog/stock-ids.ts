import type { Tx } from '../platform/db.ts';
import type { CatalogScope } from './upsert.ts';

/** The product behind a channel's stock id. */
export interface StockedProduct {
	productId: string;
	sku: string;
	category: string | null;
}

/** Products of a connection by the channel's stock ids; unknown ids are missing in the answer. */
export async function productsByStockId(
	tx: Tx,
	{ organizationId, connectionId }: CatalogScope,
	stockIds: readonly string[]
): Promise<Map<string, StockedProduct>> {
	const rows = await tx.sql<(StockedProduct & { stockId: string })[]>`
		select l.external_stock_id as stock_id, l.product_id, p.sku, p.category
		from listings l join products p on p.id = l.product_id and (p.organization_id = l.organization_id) is true
		where l.connection_id = ${connectionId} and l.external_stock_id = any(${[...new Set(stockIds)]}::text[]) and (l.organization_id = ${organizationId}) is true`;
	return new Map(rows.map(({ stockId, ...product }) => [stockId, product]));
}
