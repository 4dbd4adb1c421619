import type { MarketOrder, MarketRefund } from '../world/market/model.ts';
import type { Reply } from './error.ts';
import { errorReply } from './error.ts';
import { customerOrderId, returnOrderId } from './ids.ts';
import { instantOf, numberOf } from './query.ts';
import { keepListing, type Listing, type Seller } from './seller.ts';
import { isReturn } from './views/order.ts';
import { returnView } from './views/return.ts';

/** GET /v3/returns: parcels that came back, by when they began or last changed. */
export function listReturns(seller: Seller, search: string): Reply {
	const query = new URLSearchParams(search);
	if (query.has('hasMoreElements')) {
		const listing = seller.cursors.get(`?${search}`);
		if (!listing) return errorReply(400, 'INVALID_REQUEST_PARAM.GMP_RETURNS_API', 'nextCursor is not one that was issued', { field: 'nextCursor' }); // prettier-ignore
		return page(seller, listing);
	}
	const limit = numberOf(query, 'limit', { most: 200, otherwise: 10 });
	const status = query.get('status');
	const wanted = query.get('returnOrderId');
	const customerOrder = query.get('customerOrderId');
	const changedFrom = instantOf(query, 'returnLastModifiedStartDate') ?? -Infinity;
	const changedTo = instantOf(query, 'returnLastModifiedEndDate') ?? Infinity;
	const createdFrom = instantOf(query, 'returnCreationStartDate') ?? -Infinity;
	const createdTo = instantOf(query, 'returnCreationEndDate') ?? Infinity;
	const ids: string[] = [];
	for (const [id, { order, refund }] of returnsOf(seller)) {
		if (wanted && wanted !== id) continue;
		if (customerOrder && customerOrder !== customerOrderId(order)) continue;
		if (status && status !== 'COMPLETED') continue;
		if (refund.at < changedFrom || refund.at > changedTo) continue;
		if (refund.at < createdFrom || refund.at > createdTo) continue;
		ids.push(id);
	}
	return page(seller, { ids, offset: 0, limit });
}

function returnsOf(seller: Seller): Map<string, { order: MarketOrder; refund: MarketRefund }> {
	const found = new Map<string, { order: MarketOrder; refund: MarketRefund }>();
	for (const order of seller.market.orders)
		for (const refund of order.refunds)
			if (isReturn(refund)) found.set(returnOrderId(refund.n), { order, refund });
	return found;
}

function page(seller: Seller, { ids, offset, limit }: Omit<Listing, 'expiresAt'>): Reply {
	const next = offset + limit;
	let nextCursor = '';
	if (next < ids.length) {
		nextCursor = `?sellerId=151&limit=${limit}&offset=${next}&hasMoreElements=true&page=${seller.turns.next('cursor')}`;
		keepListing(seller, nextCursor, { ids, offset: next, limit });
	}
	const all = returnsOf(seller);
	const returnOrders = ids.slice(offset, next).flatMap((id) => {
		const one = all.get(id);
		return one ? [returnView(seller, one.order, one.refund)] : [];
	});
	return { status: 200, body: { meta: { totalCount: ids.length, limit, nextCursor }, returnOrders } };
}
