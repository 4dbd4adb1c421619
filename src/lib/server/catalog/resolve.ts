import { createHash } from 'node:crypto';
import { newId } from '../platform/ids.ts';
import type { Tx } from '../platform/db.ts';
import { ensureProducts, productKey } from './products.ts';

/** What an order line says about the thing sold. */
export interface LineOffer {
	organizationId: string;
	connectionId: string;
	listingExternalId: string | null;
	groupExternalId: string | null;
	sku: string | null;
	title: string;
	variantTitle: string | null;
	vendor: string | null;
	category: string | null;
}

/** What a line points to. */
export interface ResolvedListing {
	listingId: string;
	productId: string;
	category: string | null;
}

/** The listing's external id: the channel's, else by SKU, else by title. */
export function offerExternalId(offer: Pick<LineOffer, 'listingExternalId' | 'sku' | 'title'>): string {
	if (offer.listingExternalId !== null) return offer.listingExternalId;
	return offer.sku !== null ? `sku:${offer.sku}` : `title:${offer.title.slice(0, 240)}`;
}

/** The key under which `resolveListings` answers an offer. */
export function offerKey(
	connectionId: string,
	offer: Pick<LineOffer, 'listingExternalId' | 'sku' | 'title'>
): string {
	return `${connectionId} ${offerExternalId(offer)}`;
}

/** The name of a product: of its variant, where there are several. */
export function productTitle(title: string, variantTitle: string | null): string {
	return variantTitle ? `${title}, ${variantTitle}` : title;
}

/** SKU of a product that no channel gave one: from its words, so that the same words find it again. `~` marks it. */
export function generatedSku(title: string, variantTitle: string | null): string {
	const words = variantTitle ? `${title} ${variantTitle}` : title;
	const slug = words
		.toLowerCase()
		.replace(/[^\p{L}\p{N}]+/gu, '-')
		.replace(/^-|-$/g, '')
		.slice(0, 40);
	return `~${slug}-${createHash('sha256')
		.update(`${title}\n${variantTitle ?? ''}`)
		.digest('hex')
		.slice(0, 8)}`;
}

/** Finds the listing and product of each offer that the catalogue knows, with one statement. @returns by `offerKey` */
export async function findListings(
	tx: Tx,
	offers: readonly LineOffer[]
): Promise<Map<string, ResolvedListing>> {
	const found = new Map<string, ResolvedListing>();
	await find(tx, [...onceEach(offers).values()], found);
	return found;
}

/**
 * Finds the listing and product of each offer, and makes both where the catalogue does not know them: every line has one, so that
 * nothing is dropped. One statement when all are known, five at most. `upsertListings` fills in the truth later.
 * @param known what `findListings` found in this transaction
 * @returns by `offerKey`
 */
export async function resolveListings(
	tx: Tx,
	offers: readonly LineOffer[],
	known?: ReadonlyMap<string, ResolvedListing>
): Promise<Map<string, ResolvedListing>> {
	const wanted = onceEach(offers);
	const found = known ? new Map(known) : await findListings(tx, offers);
	const missing = [...wanted]
		.filter(([key]) => !found.has(key))
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([, offer]) => offer);
	if (missing.length === 0) return found;

	const products = await ensureProducts(
		tx,
		missing.map((offer) => ({
			organizationId: offer.organizationId,
			sku: offer.sku ?? generatedSku(offer.title, offer.variantTitle),
			title: productTitle(offer.title, offer.variantTitle),
			brand: offer.vendor,
			category: offer.category,
			barcode: null
		}))
	);
	const rows = missing.map((offer) => ({
		id: newId(),
		organization_id: offer.organizationId,
		connection_id: offer.connectionId,
		product_id: products.get(
			productKey(offer.organizationId, offer.sku ?? generatedSku(offer.title, offer.variantTitle))
		)!.id,
		external_id: offerExternalId(offer),
		external_group_id: offer.groupExternalId,
		sku: offer.sku,
		title: offer.title,
		variant_title: offer.variantTitle
	}));
	await tx.sql`
		insert into listings (id, organization_id, connection_id, product_id, external_id, external_group_id, sku, title, variant_title)
		select * from json_to_recordset(${JSON.stringify(rows)}::text::json) as r (id uuid, organization_id uuid, connection_id uuid, product_id uuid,
			external_id text, external_group_id text, sku text, title text, variant_title text)
		on conflict (connection_id, external_id) do nothing`;
	await find(tx, missing, found);
	return found;
}

function onceEach(offers: readonly LineOffer[]): Map<string, LineOffer> {
	const wanted = new Map<string, LineOffer>();
	for (const offer of offers) {
		const key = offerKey(offer.connectionId, offer);
		if (!wanted.has(key)) wanted.set(key, offer);
	}
	return wanted;
}

// how keys are looked up: orders/stored.ts, lockHeads
async function find(tx: Tx, offers: readonly LineOffer[], into: Map<string, ResolvedListing>): Promise<void> {
	if (offers.length === 0) return;
	const keys = offers.map((offer) => ({
		organization_id: offer.organizationId,
		connection_id: offer.connectionId,
		external_id: offerExternalId(offer)
	}));
	const rows = await tx.sql<
		{
			connectionId: string;
			externalId: string;
			listingId: string;
			productId: string;
			category: string | null;
		}[]
	>`
		select found.* from json_to_recordset(${JSON.stringify(keys)}::text::json) as w (organization_id uuid, connection_id uuid, external_id text)
		cross join lateral (
			select l.connection_id, l.external_id, l.id as listing_id, l.product_id, p.category
			from listings l join products p on p.id = l.product_id and (p.organization_id = w.organization_id) is true
			where l.connection_id = w.connection_id and l.external_id = w.external_id and (l.organization_id = w.organization_id) is true
			limit 1
		) found`;
	for (const { connectionId, externalId, ...resolved } of rows)
		into.set(`${connectionId} ${externalId}`, resolved);
}
