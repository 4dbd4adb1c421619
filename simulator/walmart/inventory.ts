import type { Offer } from '../world/market/model.ts';
import type { Level } from '../world/model.ts';
import { errorEntry, errorReply, type Reply } from './error.ts';
import { nodeId, THIRD_PARTY_NODE } from './ids.ts';
import { instantOf, numberOf } from './query.ts';
import type { Seller } from './seller.ts';

const each = (amount: number) => ({ unit: 'EACH', amount });

/** GET /v3/inventories: every SKU at every ship node of the seller. The cursor is opaque and another one on each page. */
export function listInventories(seller: Seller, query: URLSearchParams): Reply {
	const limit = numberOf(query, 'limit', { most: 50, otherwise: 10 });
	const asked = query.get('nextCursor');
	const offers = outside(seller);
	let offset = 0;
	if (asked) {
		const listing = seller.cursors.get(asked);
		if (!listing) return errorReply(400, 'INVALID_REQUEST_PARAM.GMP_INVENTORY_API', 'nextCursor is not one that was issued', { field: 'nextCursor' }); // prettier-ignore
		offset = listing.offset;
	}
	const next = offset + limit;
	let nextCursor: string | null = null;
	if (next < offers.length) {
		nextCursor = Buffer.from(`inventories ${seller.turns.next('cursor')} ${next}`).toString('base64');
		seller.cursors.set(nextCursor, {
			ids: [],
			offset: next,
			limit,
			expiresAt: seller.options.now() + 600_000
		});
	}
	const here = offers.slice(offset, next);
	const missing = seller.missing(here.map((offer) => offer.sku));
	const body = {
		meta: { totalCount: offers.length, ...(nextCursor && { nextCursor }) },
		elements: { inventories: here.filter(({ sku }) => !missing.includes(sku)).map(inventoryOf) },
		...(missing.length > 0 && {
			errors: missing.map((sku) =>
				errorEntry('SOME_CONTENT_NOT_FOUND', `Inventory of SKU ${sku} could not be read`, { field: 'sku', ids: { sku: { value: sku } } })
			)
		}) // prettier-ignore
	};
	return { status: missing.length > 0 ? 206 : 200, body };
}

/** GET /v3/inventories/{sku}. */
export function getInventories(seller: Seller, sku: string): Reply {
	const offer = outside(seller).find((one) => one.sku === sku);
	return offer ? { status: 200, body: inventoryOf(offer) } : unknown(sku);
}

/** GET /v3/inventory?sku=: what is for sale at one node, or at all of them. */
export function getInventory(seller: Seller, query: URLSearchParams): Reply {
	const sku = query.get('sku') ?? '';
	const offer = outside(seller).find((one) => one.sku === sku);
	if (!offer) return unknown(sku);
	const node = query.get('shipNode');
	const amount = nodesOf(offer)
		.filter(([id]) => !node || node === id)
		.reduce((sum, [, level]) => sum + level.available, 0);
	return { status: 200, body: { sku, quantity: each(amount) } };
}

/** GET /v3/fulfillment/inventory: what lies in Walmart's warehouses, by offset. */
export function listWfsInventory(seller: Seller, query: URLSearchParams): Reply {
	const limit = numberOf(query, 'limit', { most: 300, otherwise: 10 });
	const offset = numberOf(query, 'offset', { most: 1_000_000, otherwise: 0, least: 0 });
	const sku = query.get('sku');
	const from = instantOf(query, 'fromModifiedDate') ?? -Infinity;
	const to = instantOf(query, 'toModifiedDate') ?? Infinity;
	const rows = seller.market.offers.filter(({ fulfilment, stock, ...offer }) => {
		if (fulfilment !== 'channel' || !stock || (sku && offer.sku !== sku)) return false;
		return stock.updatedAt >= from && stock.updatedAt <= to;
	});
	const inventory = rows.slice(offset, offset + limit).map(({ sku: own, stock }) => ({
		sku: own,
		shipNodes: [
			{
				modifiedDate: new Date(stock!.updatedAt).toISOString(),
				availToSellQty: stock!.available,
				onHandQty: stock!.available + stock!.committed,
				shipNodeType: 'WFSFulfilled'
			}
		]
	}));
	return {
		status: 200,
		body: { headers: { totalCount: rows.length, limit, offset }, payload: { inventory } }
	};
}

/** Listings whose goods do not lie with Walmart. */
function outside(seller: Seller): Offer[] {
	return seller.market.offers.filter((offer) => offer.fulfilment !== 'channel');
}

function nodesOf(offer: Offer): [string, Level][] {
	if (offer.stock) return [[THIRD_PARTY_NODE, offer.stock]];
	return offer.variant.levels.map((level, location) => [nodeId(location), level]);
}

function inventoryOf(offer: Offer) {
	return {
		sku: offer.sku,
		nodes: nodesOf(offer).map(([shipNode, level]) => ({
			shipNode,
			inputQty: each(level.available + level.committed),
			availToSellQty: each(level.available),
			reservedQty: each(level.committed)
		}))
	};
}

function unknown(sku: string): Reply {
	return errorReply(404, 'CONTENT_NOT_FOUND.GMP_INVENTORY_API', `No inventory of ${sku}`, { field: 'sku' });
}
