import { errorReply, type Reply } from './error.ts';
import { numberOf } from './query.ts';
import type { Seller } from './seller.ts';
import { itemView } from './views/item.ts';

/** GET /v3/items. The cursor stays the same for all following pages: the server remembers how far it got. */
export function listItems(seller: Seller, query: URLSearchParams): Reply {
	const limit = numberOf(query, 'limit', { most: 200, otherwise: 20 });
	const sku = query.get('sku');
	const all = seller.market.offers.filter((offer) => !sku || offer.sku === sku);
	const asked = query.get('nextCursor');
	let offset = numberOf(query, 'offset', { most: 1_000_000, otherwise: 0, least: 0 });
	let cursor: string | null = null;
	if (asked === '*') {
		cursor = Buffer.from(`items ${seller.turns.next('items')} ${seller.partnerId}`).toString('base64');
		seller.cursors.set(cursor, { ids: [], offset: 0, limit, expiresAt: Number.POSITIVE_INFINITY });
	} else if (asked) {
		cursor = asked;
	}
	if (cursor) {
		const listing = seller.cursors.get(cursor);
		if (!listing) return errorReply(400, 'INVALID_REQUEST_PARAM.GMP_ITEM_QUERY_API', 'nextCursor is not one that was issued', { field: 'nextCursor' }); // prettier-ignore
		offset = listing.offset;
		listing.offset += limit;
	}
	const here = all.slice(offset, offset + limit);
	return {
		status: 200,
		body: {
			ItemResponse: here.map((offer) => itemView(seller, offer)),
			totalItems: all.length,
			...(cursor && { nextCursor: cursor })
		}
	};
}

/** GET /v3/items/{id}, by SKU. */
export function getItem(seller: Seller, id: string): Reply {
	const offer = seller.market.offers.find((one) => one.sku === id);
	if (!offer)
		return errorReply(404, 'CONTENT_NOT_FOUND.GMP_ITEM_QUERY_API', `No item ${id}`, { field: 'sku' });
	return { status: 200, body: { ItemResponse: [itemView(seller, offer)], totalItems: 1 } };
}

/** PUT /v3/price: takes over the new base price of a SKU. */
export function putPrice(seller: Seller, body: Record<string, unknown>): Reply {
	const sku = String(body.sku ?? '');
	const pricing = Array.isArray(body.pricing)
		? (body.pricing[0] as Record<string, unknown> | undefined)
		: undefined;
	const amount = Number((pricing?.currentPrice as Record<string, unknown> | undefined)?.amount);
	if (!seller.market.offers.some((one) => one.sku === sku) || !(amount > 0))
		return errorReply(400, 'INVALID_REQUEST_CONTENT.GMP_PRICE_API', 'sku or price is not valid', {
			field: 'sku'
		});
	seller.prices.set(sku, amount);
	const message = `Thank you. Your price has been updated. Please allow up to five minutes for this change to be reflected on the site.`;
	return { status: 200, body: { mart: 'WALMART_US', sku, message } };
}
