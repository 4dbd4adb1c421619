import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';

/** A listing whose past sales still stand under another product. */
export interface MovingListing {
	listingId: string;
	fromId: string;
	toId: string;
}

/**
 * Hands all listings of a product to another, and leaves the first as a pointer: its SKU leads to the second from now on. Costs go
 * along where the second has none by hand, receipts always; a split leaves these where they are. The caller has locked both.
 */
export async function absorb(
	{ sql }: Tx,
	organizationId: string,
	{ intoId, fromId }: { intoId: string; fromId: string }
): Promise<void> {
	await sql`
		update listings set product_id = ${intoId}, mapped_by = 'person', moved_from = coalesce(moved_from, ${fromId}::uuid)
		where organization_id = ${organizationId} and product_id = ${fromId}`;
	await sql`
		with own as (select bool_or(source <> 'channel') as entered from product_costs where organization_id = ${organizationId} and product_id = ${intoId}),
		theirs as (select bool_or(source <> 'channel') as entered from product_costs where organization_id = ${organizationId} and product_id = ${fromId}),
		cleared as (
			delete from product_costs c using own, theirs
			where c.organization_id = ${organizationId} and c.product_id = ${intoId} and theirs.entered and not coalesce(own.entered, false) returning c.from_day
		)
		insert into product_costs (organization_id, product_id, from_day, unit_cost, currency, source)
		select organization_id, ${intoId}::uuid, from_day, unit_cost, currency, source from product_costs, own, theirs
		where organization_id = ${organizationId} and product_id = ${fromId} and (own.entered is null or (theirs.entered and not own.entered))
			and (select count(*) from cleared) >= 0
		on conflict (product_id, from_day) do update set unit_cost = excluded.unit_cost, currency = excluded.currency, source = excluded.source`;
	await sql`update product_receipts set product_id = ${intoId} where organization_id = ${organizationId} and product_id = ${fromId}`;
	await sql`
		update products set merged_into = ${intoId}, updated_at = now()
		where organization_id = ${organizationId} and (id = ${fromId} or merged_into = ${fromId})`;
	await sql`delete from kept_apart where organization_id = ${organizationId} and (product_id = ${fromId} or other_id = ${fromId})`;
}

/** Where a listing went. */
export interface SplitListing {
	fromId: string;
	toId: string;
	connectionId: string;
	/** What the channel counts for this listing alone; null for nothing, or for what it counts for another listing, too. */
	stockExternalId: string | null;
}

/**
 * Gives a listing a product of its own: the one its SKU had before a merge, else a new one with the listing's words.
 * @returns null when the listing is the only one of its product
 */
export async function splitOff(
	{ sql }: Tx,
	organizationId: string,
	listingId: string
): Promise<SplitListing | null> {
	const [listing] = await sql<
		{
			productId: string;
			connectionId: string;
			sku: string | null;
			title: string;
			variantTitle: string | null;
			externalId: string;
			stockExternalId: string | null;
			others: number;
		}[]
	>`
		select l.product_id, l.connection_id, l.sku, l.title, l.variant_title, l.external_id,
			case when not exists (select 1 from listings o where o.connection_id = l.connection_id and o.external_stock_id = l.external_stock_id and o.id <> l.id)
				then l.external_stock_id end as stock_external_id,
			(select count(*)::int from listings o where o.product_id = l.product_id and o.id <> l.id) as others
		from listings l where l.organization_id = ${organizationId} and l.id = ${listingId} for update of l`;
	if (!listing || listing.others === 0) return null;
	const [revived] = await sql<{ id: string }[]>`
		update products set merged_into = null, updated_at = now()
		where organization_id = ${organizationId} and merged_into = ${listing.productId} and sku = ${listing.sku} returning id`;
	const toId = revived?.id ?? newId();
	if (!revived) {
		const title = listing.variantTitle ? `${listing.title}, ${listing.variantTitle}` : listing.title;
		const sku = await freeSku({ sql } as Tx, organizationId, listing.sku ?? listing.externalId);
		await sql`
			insert into products (id, organization_id, sku, title, brand, category, supplier)
			select ${toId}, organization_id, ${sku}, ${title}, brand, category, supplier from products
			where organization_id = ${organizationId} and id = ${listing.productId}`;
	}
	await sql`
		update listings set product_id = ${toId}, mapped_by = 'person', moved_from = ${listing.productId}::uuid
		where organization_id = ${organizationId} and id = ${listingId}`;
	const { productId: fromId, connectionId, stockExternalId } = listing;
	return { fromId, toId, connectionId, stockExternalId };
}

async function freeSku({ sql }: Tx, organizationId: string, wanted: string): Promise<string> {
	const [row] = await sql<{ sku: string }[]>`
		select name as sku from (select ${wanted}::text as name, 0 as n union all select ${wanted}::text || ' (' || n || ')', n from generate_series(2, 1000) as n) names
		where not exists (select 1 from products p where p.organization_id = ${organizationId} and p.sku = name) order by n limit 1`;
	return row!.sku;
}

/** Listings whose past sales have not followed them yet, of a product or of the whole organization. */
export function movingListings(
	{ sql }: Tx,
	organizationId: string,
	productId: string | null = null
): Promise<MovingListing[]> {
	return sql<MovingListing[]>`
		select id as listing_id, moved_from as from_id, product_id as to_id from listings
		where organization_id = ${organizationId} and moved_from is not null and (${productId}::uuid is null or product_id = ${productId}) order by id`;
}

/** Says that all past sales of a listing have followed it from a product. */
export async function settleListing(
	{ sql }: Tx,
	organizationId: string,
	{ listingId, fromId, toId }: MovingListing
): Promise<void> {
	await sql`update listings set moved_from = null where organization_id = ${organizationId} and id = ${listingId} and moved_from = ${fromId} and product_id = ${toId}`;
}
