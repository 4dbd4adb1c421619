import type { Tx } from '../platform/db.ts';

/** Of these products those that have a stock level somewhere. */
export async function stockedProducts(
	{ sql }: Tx,
	organizationId: string,
	productIds: readonly string[]
): Promise<Set<string>> {
	const rows = await sql<{ productId: string }[]>`
		select distinct product_id from stock_levels where organization_id = ${organizationId} and product_id = any(${[...productIds]}::uuid[])`;
	return new Set(rows.map((row) => row.productId));
}
