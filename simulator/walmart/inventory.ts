import type { Variant } from '../world/model.ts';
import { errorEntry, errorReply, type Reply } from './error.ts';
import { instantOf, numberOf } from './query.ts';
import type { Seller } from './seller.ts';
import { nodeId } from './views/order.ts';
import { skuOf } from './views/sku.ts';

const each = (amount: number) => ({ unit: 'EACH', amount });

/** GET /v3/inventories: every SKU at every ship node of the seller. The cursor is opaque and another one on each page. */
export function listInventories(seller: Seller, query: URLSearchParams): Reply {
	const limit = numberOf(query, 'limit', { most: 50, otherwise: 10 });
	const asked = query.get('nextCursor');
	const variants = tracked(seller);
	let offset = 0;
	if (asked) {
		const listing = seller.cursors.get(asked);
		if (!listing) return errorReply(400, 'INVALID_REQUEST_PARAM.GMP_INVENTORY_API', 'nextCursor is not one that was issued', { field: 'nextCursor' }); // prettier-ignore
		seller.cursors.delete(asked);
		offset = listing.offset;
	}
	const next = offset + limit;
	let nextCursor: string | null = null;
	if (next < variants.length) {
		nextCursor = Buffer.from(`inventories ${seller.turns.next('cursor')} ${next}`).toString('base64');
		seller.cursors.set(nextCursor, {
			ids: [],
			offset: next,
			limit,
			expiresAt: seller.options.now() + 600_000
		});
	}
	const here = variants.slice(offset, next);
	const missing = seller.missing(here.map((variant) => skuOf(seller, variant)));
	const body = {
		meta: { totalCount: variants.length, ...(nextCursor && { nextCursor }) },
		elements: {
			inventories: here
				.map((variant) => inventoryOf(seller, variant))
				.filter(({ sku }) => !missing.includes(sku))
		},
		...(missing.length > 0 && {
			errors: missing.map((sku) =>
				errorEntry('SOME_CONTENT_NOT_FOUND', `Inventory of SKU could not be read`, { field: 'sku', ids: { sku: { value: sku } } })
			)
		}) // prettier-ignore
	};
	return { status: missing.length > 0 ? 206 : 200, body };
}

/** GET /v3/inventories/{sku}. */
export function getInventories(seller: Seller, sku: string): Reply {
	const variant = bySku(seller, sku);
	return variant ? { status: 200, body: inventoryOf(seller, variant) } : unknown(sku);
}

/** GET /v3/inventory?sku=: what is for sale at one node, or at all of them. */
export function getInventory(seller: Seller, query: URLSearchParams): Reply {
	const sku = query.get('sku') ?? '';
	const variant = bySku(seller, sku);
	if (!variant) return unknown(sku);
	const node = query.get('shipNode');
	let amount = 0;
	variant.levels.forEach((level, location) => {
		if (!node || node === nodeId(location)) amount += Math.max(0, level.available);
	});
	return { status: 200, body: { sku, quantity: each(amount) } };
}

/** GET /v3/fulfillment/inventory: what lies in Walmart's warehouses, by offset. */
export function listWfsInventory(seller: Seller, query: URLSearchParams): Reply {
	const limit = numberOf(query, 'limit', { most: 300, otherwise: 10 });
	const offset = numberOf(query, 'offset', { most: 1_000_000, otherwise: 0, least: 0 });
	const sku = query.get('sku');
	const from = instantOf(query, 'fromModifiedDate') ?? -Infinity;
	const to = instantOf(query, 'toModifiedDate') ?? Infinity;
	const rows = tracked(seller).flatMap((variant) => {
		const level = seller.world.wfsLevel(variant);
		if (!level || level.updatedAt < from || level.updatedAt > to) return [];
		if (sku && skuOf(seller, variant) !== sku) return [];
		return [
			{
				sku: skuOf(seller, variant),
				shipNodes: [
					{
						modifiedDate: new Date(level.updatedAt).toISOString(),
						availToSellQty: Math.max(0, level.available),
						onHandQty: Math.max(0, level.available) + level.committed,
						shipNodeType: 'WFSFulfilled'
					}
				]
			}
		];
	});
	return {
		status: 200,
		body: {
			headers: { totalCount: rows.length, limit, offset },
			payload: { inventory: rows.slice(offset, offset + limit) }
		}
	};
}

function tracked(seller: Seller): Variant[] {
	return seller.world.variants().filter((variant) => variant.tracked);
}

function bySku(seller: Seller, sku: string): Variant | undefined {
	return tracked(seller).find((variant) => skuOf(seller, variant) === sku);
}

function inventoryOf(seller: Seller, variant: Variant) {
	return {
		sku: skuOf(seller, variant),
		nodes: variant.levels.map((level, location) => ({
			shipNode: nodeId(location),
			inputQty: each(Math.max(0, level.available) + level.committed),
			availToSellQty: each(Math.max(0, level.available)),
			reservedQty: each(level.committed)
		}))
	};
}

function unknown(sku: string): Reply {
	return errorReply(404, 'CONTENT_NOT_FOUND.GMP_INVENTORY_API', `No inventory of ${sku}`, { field: 'sku' });
}
