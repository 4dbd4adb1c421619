import { newId } from '../platform/ids.ts';
import type { Tx } from '../platform/db.ts';

/** A product to find by SKU, or to make. */
export interface WantedProduct {
	organizationId: string;
	sku: string;
	title: string;
	brand: string | null;
	category: string | null;
	barcode: string | null;
}

export interface FoundProduct {
	id: string;
	organizationId: string;
	sku: string;
	/** Made by this call. */
	isNew: boolean;
}

/** The key under which `ensureProducts` answers: SKUs are case-sensitive. */
export function productKey(organizationId: string, sku: string): string {
	return `${organizationId} ${sku}`;
}

/**
 * Finds products by (organization, SKU) and makes the missing ones; three statements at most. The SKU of a product that was merged
 * into another leads there.
 */
export async function ensureProducts(
	tx: Tx,
	wanted: readonly WantedProduct[]
): Promise<Map<string, FoundProduct>> {
	const bySku = new Map<string, WantedProduct>();
	for (const one of wanted) {
		const key = productKey(one.organizationId, one.sku);
		if (!bySku.has(key)) bySku.set(key, one);
	}
	const found = new Map<string, FoundProduct>();
	await find(tx, [...bySku.values()], found);
	const missing = [...bySku]
		.filter(([key]) => !found.has(key))
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([, one]) => one);
	if (missing.length === 0) return found;
	const rows = missing.map((one) => ({
		id: newId(),
		organization_id: one.organizationId,
		sku: one.sku,
		title: one.title,
		brand: one.brand,
		category: one.category,
		barcode: one.barcode
	}));
	const made = await tx.sql<{ id: string; organizationId: string; sku: string }[]>`
		insert into products (id, organization_id, sku, title, brand, category, barcode)
		select * from json_to_recordset(${JSON.stringify(rows)}::text::json)
			as r (id uuid, organization_id uuid, sku text, title text, brand text, category text, barcode text)
		on conflict (organization_id, sku) do nothing
		returning id, organization_id, sku`;
	for (const row of made) found.set(productKey(row.organizationId, row.sku), { ...row, isNew: true });
	if (made.length < missing.length)
		await find(
			tx,
			missing.filter((one) => !found.has(productKey(one.organizationId, one.sku))),
			found
		);
	return found;
}

async function find(
	tx: Tx,
	wanted: readonly WantedProduct[],
	into: Map<string, FoundProduct>
): Promise<void> {
	if (wanted.length === 0) return;
	const rows = await tx.sql<{ id: string; organizationId: string; sku: string }[]>`
		select coalesce(p.merged_into, p.id) as id, p.organization_id, p.sku
		from unnest(${wanted.map((one) => one.organizationId)}::uuid[], ${wanted.map((one) => one.sku)}::text[]) as w (organization_id, sku)
		join products p on p.organization_id = w.organization_id and p.sku = w.sku`;
	for (const row of rows) into.set(productKey(row.organizationId, row.sku), { ...row, isNew: false });
}

/** What a product's listing says about it, as of `version` (ISO 8601). Null keeps what is known. */
export interface ProductWords {
	productId: string;
	title: string;
	brand: string | null;
	category: string | null;
	barcode: string | null;
	version: string;
}

/**
 * Lets products follow their newest listing: words of a listing that another one is newer than change nothing, nor what a member wrote.
 * @returns the products whose title or category changed, with their categories before and after
 */
export async function changeProducts(
	tx: Tx,
	organizationId: string,
	words: readonly ProductWords[]
): Promise<{ id: string; categories: string[] }[]> {
	const newest = new Map<string, ProductWords>();
	for (const one of words)
		if (!newest.has(one.productId) || one.version >= newest.get(one.productId)!.version)
			newest.set(one.productId, one);
	const rows = [...newest.values()]
		.sort((a, b) => (a.productId < b.productId ? -1 : 1))
		.map(({ productId, ...rest }) => ({ id: productId, ...rest }));
	const changed = await tx.sql<{ id: string; before: string | null; after: string | null; shows: boolean }[]>`
		with told as (
			select * from json_to_recordset(${JSON.stringify(rows)}::text::json) as r (id uuid, title text, brand text, category text, barcode text, version timestamptz)
		), old as (
			select p.id, p.title, p.brand, p.category from told t join products p on p.id = t.id and (p.organization_id = ${organizationId}) is true
			order by p.id for update of p
		)
		update products p set title = n.title, brand = n.brand, category = n.category, barcode = n.barcode, updated_at = now()
		from told t join old o on o.id = t.id
		join lateral (
			select case when 'title' = any(e.edited_fields) then e.title else t.title end as title,
				case when 'brand' = any(e.edited_fields) then e.brand else coalesce(t.brand, e.brand) end as brand,
				case when 'category' = any(e.edited_fields) then e.category else coalesce(t.category, e.category) end as category,
				coalesce(t.barcode, e.barcode) as barcode
			from products e where e.id = t.id
		) n on true
		where p.id = t.id and (p.organization_id = ${organizationId}) is true
			and (p.title, p.brand, p.category, p.barcode) is distinct from (n.title, n.brand, n.category, n.barcode)
			and not exists (select 1 from listings l where l.product_id = p.id and (l.organization_id = ${organizationId}) is true and l.source_updated_at > t.version)
		returning p.id, o.category as before, p.category as after, (o.title, o.category) is distinct from (p.title, p.category) as shows`;
	return changed
		.filter((row) => row.shows)
		.map(({ id, before, after }) => ({
			id,
			categories: [...new Set([before, after].filter((one) => one !== null))].sort()
		}));
}
