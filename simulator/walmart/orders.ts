import type { MarketOrder } from '../world/market/model.ts';
import { stateOf } from '../world/market/steps.ts';
import { DAY } from '../world/time.ts';
import { errorEntry, errorReply, invalid, Refused, type Reply } from './error.ts';
import { customerOrderId, NODE_TYPES, nodeTypeOf, orderById } from './ids.ts';
import { instantOf, numberOf } from './query.ts';
import { keepListing, type Listing, type Seller } from './seller.ts';
import { orderView } from './views/order.ts';

/** What the API still shows: 180 days. */
const REACH = 180 * DAY;
const DEFAULT_SPAN = 7 * DAY;
const F29_CAP = 60;

/** GET /v3/orders and /v3/orders/released. `search` is the query as it came, for cursors must come back letter by letter. */
export function listOrders(seller: Seller, search: string, released: boolean): Reply {
	const query = new URLSearchParams(search);
	if (query.has('hasMoreElements')) return page(seller, `?${search}`, resume(seller, `?${search}`));
	const limit = numberOf(query, 'limit', { most: 200, otherwise: 100 });
	const type = query.get('shipNodeType') || 'SellerFulfilled';
	if (!(NODE_TYPES as readonly string[]).includes(type))
		throw invalid('shipNodeType', `shipNodeType must be one of ${NODE_TYPES.join(', ')}`);
	const { listings } = seller.counters;
	listings[type] = (listings[type] ?? 0) + 1;
	const ids = find(seller, query, type, released);
	const cap = seller.faults.has('F29') ? Math.min(F29_CAP, seller.options.cap) : seller.options.cap;
	const listing = {
		ids: ids.slice(0, cap),
		offset: 0,
		limit: seller.faults.has('F27') ? Math.min(10, limit) : limit
	};
	return page(seller, `?${search}`, listing, ids.length);
}

/** GET /v3/orders/{purchaseOrderId}. */
export function getOrder(seller: Seller, id: string): Reply {
	const order = orderById(seller.market, id);
	if (!order || seller.hidden.has(id))
		return errorReply(404, 'CONTENT_NOT_FOUND.GMP_ORDER_API', `No purchase order ${id}`, {
			field: 'purchaseOrderId'
		});
	return { status: 200, body: { order: orderView(seller, order) } };
}

function resume(seller: Seller, cursor: string): Listing {
	const listing = seller.cursors.get(cursor);
	if (!listing || listing.expiresAt < seller.options.now())
		throw new Refused(errorReply(400, 'INVALID_REQUEST_PARAM.GMP_ORDER_API', 'nextCursor is not one that was issued', { field: 'nextCursor' })); // prettier-ignore
	return listing;
}

function find(seller: Seller, query: URLSearchParams, type: string, released: boolean): string[] {
	const now = seller.options.now();
	const createdFrom = Math.max(instantOf(query, 'createdStartDate') ?? now - DEFAULT_SPAN, now - REACH);
	const createdTo = instantOf(query, 'createdEndDate') ?? now;
	const changedFrom = instantOf(query, 'lastModifiedStartDate');
	const changedTo = instantOf(query, 'lastModifiedEndDate') ?? Number.POSITIVE_INFINITY;
	const status = query.get('status')?.toLowerCase();
	const sku = query.get('sku');
	const wanted = query.get('purchaseOrderId');
	const customerOrder = query.get('customerOrderId');
	const found: string[] = [];
	for (const order of seller.market.orders) {
		const { createdAt, updatedAt, id } = order;
		if (createdAt < createdFrom || createdAt > createdTo || nodeTypeOf(order) !== type) continue;
		if (changedFrom !== null && (updatedAt < changedFrom || updatedAt > changedTo)) continue;
		if (wanted && wanted !== id) continue;
		if (customerOrder && customerOrderId(order) !== customerOrder) continue;
		if (released && ['shipped', 'cancelled'].includes(stateOf(order))) continue;
		if ((status || sku) && !matches(seller, order, status, sku)) continue;
		found.push(id);
	}
	return found;
}

function matches(
	seller: Seller,
	order: MarketOrder,
	status: string | undefined,
	sku: string | null
): boolean {
	const { orderLine } = orderView(seller, order).orderLines;
	return orderLine.some(
		(line) =>
			(!sku || line.item.sku === sku) &&
			(!status || line.orderLineStatuses.orderLineStatus.some((one) => one.status.toLowerCase() === status))
	);
}

function page(
	seller: Seller,
	asked: string,
	listing: Omit<Listing, 'expiresAt'>,
	total = listing.ids.length
): Reply {
	const { ids, offset, limit } = listing;
	const here = ids.slice(offset, offset + limit);
	const next = offset + limit;
	let nextCursor: string | null = null;
	if (next < ids.length) {
		nextCursor = cursorOf(seller, asked, next, limit);
		keepListing(seller, nextCursor, { ids, offset: next, limit });
	}
	const missing = seller.missing(here);
	const body = {
		list: {
			meta: { totalCount: offset === 0 ? total : ids.length, limit, ...(nextCursor && { nextCursor }) },
			elements: {
				order: here
					.filter((id) => !missing.includes(id))
					.map((id) => orderView(seller, orderById(seller.market, id)!))
			},
			...(missing.length > 0 && {
				errors: missing.map((id) => errorEntry('SOME_CONTENT_NOT_FOUND', `Purchase order ${id} could not be read`, { field: 'purchaseOrderId' }))
			}) // prettier-ignore
		}
	};
	return { status: missing.length > 0 ? 206 : 200, body };
}

/** A ready query string. It repeats only what Walmart's own does, in characters that a second encoding would spoil. */
function cursorOf(seller: Seller, asked: string, offset: number, limit: number): string {
	const query = new URLSearchParams(asked);
	const until = query.get('createdEndDate') ?? new Date(seller.options.now()).toISOString();
	const type = query.get('shipNodeType') || 'SellerFulfilled';
	const token = Buffer.from(`${seller.turns.next('cursor')}:${offset}`).toString('base64');
	return `?limit=${limit}&hasMoreElements=true&soIndex=${offset}&poIndex=${token}&partnerId=${seller.partnerId}&sellerId=151&createdEndDate=${until}&shipNodeType=${type}`;
}
