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

/** Finds products by (organization, SKU) and makes the missing ones; three statements at most. */
export async function ensureProducts(tx: Tx, wanted: readonly WantedProduct[]): Promise<Map<string, FoundProduct>> {
	const bySku = new Map<string, WantedProduct>();
	for (const one of wanted) {
		const key = productKey(one.organizationId, one.sku);
		if (!bySku.has(key)) bySku.set(key, one);
	}
	const found = new Map<string, FoundProduct>();
	await find(tx, [...bySku.values()], found);
	const missing = [...bySku].filter(([key]) => !found.has(key)).sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
	if (missing.length === 0) return found;
	const rows = missing.map((one) => ({
		id: newId(), organization_id: one.organizationId, sku: one.sku, title: one.title, brand: one.brand, category: one.category, barcode: one.barcode
	}));
	const made = await tx.sql<{ id: string; organizationId: string; sku: string }[]>`
		insert into products (id, organization_id, sku, title, brand, category, barcode)
		select * from json_to_recordset(${JSON.stringify(rows)}::text::json)
			as r (id uuid, organization_id uuid, sku text, title text, brand text, category text, barcode text)
		on conflict (organization_id, sku) do nothing
		returning id, organization_id, sku`;
	for (const row of made) found.set(productKey(row.organizationId, row.sku), { ...row, isNew: true });
	if (made.length < missing.length) await find(tx, missing.filter((one) => !found.has(productKey(one.organizationId, one.sku))), found);
	return found;
}

async function find(tx: Tx, wanted: readonly WantedProduct[], into: Map<string, FoundProduct>): Promise<void> {
	if (wanted.length === 0) return;
	const rows = await tx.sql<{ id: string; organizationId: string; sku: string }[]>`
		select p.id, p.organization_id, p.sku
		from unnest(${wanted.map((one) => one.organizationId)}::uuid[], ${wanted.map((one) => one.sku)}::text[]) as w (organization_id, sku)
		join products p on p.organization_id = w.organization_id and p.sku = w.sku`;
	for (const row of rows) into.set(productKey(row.organizationId, row.sku), { ...row, isNew: false });
}
