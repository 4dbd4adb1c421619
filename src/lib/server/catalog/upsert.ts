import type { PendingEvent } from '../live/index.ts';
import { newId } from '../platform/ids.ts';
import type { Tx } from '../platform/db.ts';
import { adoptChannelCosts } from './channel-costs.ts';
import { costEvents } from './cost-events.ts';
import { notePriceChanges } from './price-changes.ts';
import { changeProducts, ensureProducts, productKey } from './products.ts';
import { generatedSku, productTitle } from './resolve.ts';

/** Something a connection offers. Amounts are decimal strings in `currency`; null is "not told" and keeps what is known. */
export interface ChannelListing {
	externalId: string;
	groupExternalId: string | null;
	/** The channel's id for stock (Shopify: the inventory item). */
	stockExternalId: string | null;
	sku: string | null;
	title: string;
	variantTitle: string | null;
	brand: string | null;
	category: string | null;
	barcode: string | null;
	price: string | null;
	currency: string | null;
	cost: string | null;
	status: string | null;
	tracked: boolean | null;
	/** Who ships it: FBA and WFS are the channel. */
	fulfilledBy?: 'seller' | 'channel' | null;
	/** The channel's version, ISO 8601. */
	updatedAt: string;
}

/** The place of a catalogue: one connection of one organization. */
export interface CatalogScope {
	organizationId: string;
	connectionId: string;
}

interface StoredListing {
	id: string;
	productId: string;
	productSku: string;
	externalId: string;
	externalGroupId: string | null;
	externalStockId: string | null;
	sku: string | null;
	title: string;
	variantTitle: string | null;
	price: string | null;
	currency: string | null;
	channelCost: string | null;
	status: string | null;
	tracked: boolean;
	barcode: string | null;
	fulfilledBy: 'seller' | 'channel' | null;
	mappedBy: 'sku' | 'person';
	sourceUpdatedAt: Date | null;
}

/**
 * Records what a connection offers, at most 1,000 a call: an older version changes nothing. A product is found by SKU in the
 * organization or made; its title, brand, category and barcode follow the newest of its listings. A listing that a member gave to a
 * product stays there. A placeholder that an order line made is filled in, and a product that had no SKU takes the listing's.
 * A product without a cost takes the channel's.
 * @returns events for `live.record`: one per product whose title, category or cost changed
 */
export async function upsertListings(
	tx: Tx,
	scope: CatalogScope,
	given: readonly ChannelListing[]
): Promise<{ written: number; unchanged: number; events: PendingEvent[] }> {
	if (given.length > 1_000) throw new Error(`${given.length} listings in one call; at most 1000.`);
	const newest = new Map<string, ChannelListing>();
	for (const listing of given) {
		const seen = newest.get(listing.externalId);
		if (!seen || Date.parse(listing.updatedAt) >= Date.parse(seen.updatedAt))
			newest.set(listing.externalId, listing);
	}
	const wanted = [...newest.values()].sort((a, b) => (a.externalId < b.externalId ? -1 : 1));
	const stored = new Map((await lock(tx, scope, wanted)).map((row) => [row.externalId, row]));
	const fresh = wanted.filter((listing) => {
		const version = stored.get(listing.externalId)?.sourceUpdatedAt;
		return !version || Date.parse(listing.updatedAt) >= version.getTime();
	});
	if (fresh.length === 0) return { written: 0, unchanged: given.length, events: [] };

	const skuOf = (listing: ChannelListing) => {
		const known = stored.get(listing.externalId);
		return (
			listing.sku ?? known?.sku ?? known?.productSku ?? generatedSku(listing.title, listing.variantTitle)
		);
	};
	await nameGenerated(
		tx,
		scope,
		fresh.flatMap((listing) => {
			const known = stored.get(listing.externalId);
			return known?.productSku.startsWith('~') && listing.sku
				? [{ productId: known.productId, listingId: known.id, sku: listing.sku }]
				: [];
		})
	);
	const products = await ensureProducts(
		tx,
		fresh.map((listing) => ({
			organizationId: scope.organizationId,
			sku: skuOf(listing),
			title: productTitle(listing.title, listing.variantTitle),
			brand: listing.brand,
			category: listing.category,
			barcode: listing.barcode
		}))
	);
	const productIdOf = (listing: ChannelListing): string => {
		const known = stored.get(listing.externalId);
		if (known?.mappedBy === 'person') return known.productId;
		return products.get(productKey(scope.organizationId, skuOf(listing)))!.id;
	};
	const rows = fresh.map((listing) =>
		rowOf(scope, listing, stored.get(listing.externalId), productIdOf(listing))
	);
	const changed = rows.filter((row) => differs(row, stored.get(row.external_id)));
	await writeRows(tx, changed);
	await notePriceChanges(
		tx,
		scope.organizationId,
		changed.flatMap((row) => {
			const known = stored.get(row.external_id);
			return known
				? {
						listingId: known.id,
						at: row.source_updated_at,
						before: known.price,
						after: row.price,
						currencyBefore: known.currency,
						currency: row.currency
					}
				: [];
		})
	);
	const changes = await changeProducts(
		tx,
		scope.organizationId,
		fresh.map((listing) => ({
			productId: productIdOf(listing),
			title: productTitle(listing.title, listing.variantTitle),
			brand: listing.brand,
			category: listing.category,
			barcode: listing.barcode,
			version: new Date(listing.updatedAt).toISOString()
		}))
	);
	const costed = await adoptChannelCosts(
		tx,
		scope.organizationId,
		changed.map((row) => row.id)
	);
	const events = changes.map(({ id, categories }): PendingEvent => ({
		kind: 'product',
		organizationId: scope.organizationId,
		subjectId: id,
		productId: id,
		dimensions: { channel: null, categories, locations: [], country: null }
	}));
	return {
		written: changed.length,
		unchanged: given.length - changed.length,
		events: [
			...events,
			...costEvents(
				scope.organizationId,
				costed.filter((id) => !changes.some((change) => change.id === id))
			)
		]
	};
}

function lock(
	tx: Tx,
	{ organizationId, connectionId }: CatalogScope,
	wanted: readonly ChannelListing[]
): Promise<StoredListing[]> {
	return tx.sql<StoredListing[]>`
		select l.id, l.product_id, p.sku as product_sku, l.external_id, l.external_group_id, l.external_stock_id, l.sku, l.title, l.variant_title,
			l.price, l.currency, l.channel_cost, l.status, l.tracked, l.barcode, l.fulfilled_by, l.mapped_by, l.source_updated_at
		from listings l join products p on p.id = l.product_id and (p.organization_id = l.organization_id) is true
		where l.connection_id = ${connectionId} and l.external_id = any(${wanted.map((listing) => listing.externalId)}::text[])
			and (l.organization_id = ${organizationId}) is true
		order by l.external_id for update of l`;
}

/** Gives a product without a SKU the SKU its only listing has now, where no product holds that SKU yet. */
async function nameGenerated(
	tx: Tx,
	{ organizationId }: CatalogScope,
	named: readonly { productId: string; listingId: string; sku: string }[]
): Promise<void> {
	const once = [...new Map(named.map((one) => [one.sku, one])).values()];
	if (once.length === 0) return;
	await tx.sql`
		update products p set sku = w.sku, updated_at = now()
		from unnest(${once.map((one) => one.productId)}::uuid[], ${once.map((one) => one.listingId)}::uuid[], ${once.map((one) => one.sku)}::text[])
			as w (product_id, listing_id, sku)
		where p.id = w.product_id and (p.organization_id = ${organizationId}) is true
			and not exists (select 1 from products q where q.organization_id = ${organizationId} and q.sku = w.sku)
			and not exists (select 1 from listings l where l.product_id = p.id and l.id <> w.listing_id)`;
}

function rowOf(
	{ organizationId, connectionId }: CatalogScope,
	listing: ChannelListing,
	known: StoredListing | undefined,
	productId: string
) {
	return {
		id: known?.id ?? newId(),
		organization_id: organizationId,
		connection_id: connectionId,
		product_id: productId,
		external_id: listing.externalId,
		external_group_id: listing.groupExternalId ?? known?.externalGroupId ?? null,
		external_stock_id: listing.stockExternalId ?? known?.externalStockId ?? null,
		sku: listing.sku ?? known?.sku ?? null,
		title: listing.title,
		variant_title: listing.variantTitle,
		price: listing.price ?? known?.price ?? null,
		currency: listing.currency ?? known?.currency ?? null,
		channel_cost: listing.cost ?? known?.channelCost ?? null,
		status: listing.status ?? known?.status ?? null,
		tracked: listing.tracked ?? known?.tracked ?? true,
		barcode: listing.barcode ?? known?.barcode ?? null,
		fulfilled_by: listing.fulfilledBy ?? known?.fulfilledBy ?? null,
		source_updated_at: new Date(listing.updatedAt).toISOString()
	};
}

type ListingRow = ReturnType<typeof rowOf>;

function differs(row: ListingRow, known: StoredListing | undefined): boolean {
	if (!known) return true;
	const sameAmount = (a: string | null, b: string | null) =>
		a === b || (a !== null && b !== null && Number(a) === Number(b));
	return !(
		row.product_id === known.productId &&
		row.external_group_id === known.externalGroupId &&
		row.external_stock_id === known.externalStockId &&
		row.sku === known.sku &&
		row.title === known.title &&
		row.variant_title === known.variantTitle &&
		sameAmount(row.price, known.price) &&
		row.currency === known.currency &&
		sameAmount(row.channel_cost, known.channelCost) &&
		row.status === known.status &&
		row.tracked === known.tracked &&
		row.barcode === known.barcode &&
		row.fulfilled_by === known.fulfilledBy &&
		row.source_updated_at === known.sourceUpdatedAt?.toISOString()
	);
}

async function writeRows(tx: Tx, rows: readonly ListingRow[]): Promise<void> {
	if (rows.length === 0) return;
	await tx.sql`
		insert into listings as l (id, organization_id, connection_id, product_id, external_id, external_group_id, external_stock_id, sku, title,
			variant_title, price, currency, channel_cost, status, tracked, barcode, fulfilled_by, source_updated_at)
		select * from json_to_recordset(${JSON.stringify(rows)}::text::json) as r (id uuid, organization_id uuid, connection_id uuid, product_id uuid,
			external_id text, external_group_id text, external_stock_id text, sku text, title text, variant_title text, price numeric, currency text,
			channel_cost numeric, status text, tracked boolean, barcode text, fulfilled_by text, source_updated_at timestamptz)
		on conflict (connection_id, external_id) do update set product_id = excluded.product_id, external_group_id = excluded.external_group_id,
			external_stock_id = excluded.external_stock_id, sku = excluded.sku, title = excluded.title, variant_title = excluded.variant_title,
			price = excluded.price, currency = excluded.currency, channel_cost = excluded.channel_cost, status = excluded.status,
			tracked = excluded.tracked, barcode = excluded.barcode, fulfilled_by = excluded.fulfilled_by, source_updated_at = excluded.source_updated_at
		where l.source_updated_at is null or excluded.source_updated_at >= l.source_updated_at`;
}
