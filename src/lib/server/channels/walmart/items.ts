import { objects, text, type Json } from '../json.ts';
import type { WalmartClient } from './client.ts';
import { circle, missingIds } from './listing.ts';

const ITEMS_A_PAGE = 50;
const INVENTORIES_A_PAGE = 50;
const WFS_A_PAGE = 300;
/** More pages than any seller has items. */
const MOST_PAGES = 50_000;

/** Everything the seller offers, page by page. The cursor stays the same on all pages: the end is a page without new rows. */
export async function* itemPages(client: WalmartClient): AsyncGenerator<Json[]> {
	const seen = new Set<string>();
	let cursor = '*';
	for (let page = 0; page < MOST_PAGES; page++) {
		const query = new URLSearchParams({ nextCursor: cursor, limit: String(ITEMS_A_PAGE) });
		const { status, body } = await client.call(`/v3/items?${query}`);
		if (status === 404) return;
		const rows = objects(body.ItemResponse, 'The page of items');
		const fresh = rows.filter((row) => {
			const key = `${text(row.sku) ?? ''} ${text(row.condition) ?? ''}`;
			return !seen.has(key) && seen.add(key);
		});
		if (fresh.length === 0) return;
		yield fresh;
		const next = text(body.nextCursor);
		if (next === null) return;
		cursor = next;
	}
	throw circle('items');
}

/** Stock at the seller's own nodes, page by page. The cursor is another one on each page. */
export async function* inventoryPages(client: WalmartClient): AsyncGenerator<Json[]> {
	const seen = new Set<string>();
	let cursor: string | null = null;
	do {
		const query: URLSearchParams = new URLSearchParams({
			limit: String(INVENTORIES_A_PAGE),
			...(cursor !== null && { nextCursor: cursor })
		});
		const { status, body } = await client.call(`/v3/inventories?${query}`);
		if (status === 404) return;
		const rows = objects((body.elements as Json | undefined)?.inventories, 'The page of stock');
		for (const sku of status === 206 ? missingIds(body) : []) {
			const one = await inventoryOf(client, sku);
			if (one) rows.push(one);
		}
		yield rows;
		cursor = text((body.meta as Json | undefined)?.nextCursor);
		if (cursor !== null && seen.has(cursor)) throw circle('stock levels');
		if (cursor !== null) seen.add(cursor);
	} while (cursor !== null);
}

/** Stock of one SKU at all nodes; null when Walmart has none of it. */
export async function inventoryOf(client: WalmartClient, sku: string): Promise<Json | null> {
	const { status, body } = await client.call(`/v3/inventories/${encodeURIComponent(sku)}`);
	return status === 200 ? body : null;
}

/** Stock in Walmart's own warehouses, page by page, by offset. */
export async function* wfsPages(client: WalmartClient): AsyncGenerator<Json[]> {
	for (let offset = 0; ;) {
		const query = new URLSearchParams({ limit: String(WFS_A_PAGE), offset: String(offset) });
		const { status, body } = await client.call(`/v3/fulfillment/inventory?${query}`);
		if (status === 404) return;
		const rows = objects((body.payload as Json | undefined)?.inventory, 'The page of stock at WFS');
		yield rows;
		offset += rows.length;
		const total = Number((body.headers as Json | undefined)?.totalCount ?? Number.NaN);
		if (rows.length === 0 || (Number.isFinite(total) ? offset >= total : rows.length < WFS_A_PAGE)) return;
	}
}
