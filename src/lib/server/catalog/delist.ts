import type { PendingEvent } from '../live/index.ts';
import type { Tx } from '../platform/db.ts';
import type { CatalogScope } from './upsert.ts';

/** The status of a listing that its channel no longer has. It stays, since order lines point to it. */
export const DELETED = 'deleted';

/**
 * Marks all listings of groups (Shopify: products) as deleted at an instant; a later message with an older version does not
 * bring them back, a newer one does.
 * @returns one event per product, for `live.record`
 */
export async function markDeleted(
	tx: Tx,
	{ organizationId, connectionId }: CatalogScope,
	groups: readonly { externalId: string; at: string }[]
): Promise<PendingEvent[]> {
	const rows = await tx.sql<{ productId: string; category: string | null }[]>`
		with gone as (
			update listings l set status = ${DELETED}, source_updated_at = greatest(l.source_updated_at, g.at)
			from unnest(${groups.map((group) => group.externalId)}::text[], ${groups.map((group) => group.at)}::timestamptz[]) as g (external_id, at)
			where l.organization_id = ${organizationId} and l.connection_id = ${connectionId} and l.external_group_id = g.external_id
				and l.status is distinct from ${DELETED} and (l.source_updated_at is null or l.source_updated_at <= g.at)
			returning l.product_id
		)
		select distinct gone.product_id, p.category from gone join products p on p.id = gone.product_id and p.organization_id = ${organizationId}`;
	return rows.map(({ productId, category }) => ({
		kind: 'product',
		organizationId,
		subjectId: productId,
		productId,
		dimensions: {
			channel: null,
			categories: category === null ? [] : [category],
			locations: [],
			country: null
		}
	}));
}
