import type { Order } from '../world/model.ts';
import { DAY } from '../world/time.ts';
import { errorEntry, errorReply, invalid, Refused, type Reply } from './error.ts';
import { customerOrderId, orderNumber, purchaseOrderId, replacementId } from './ids.ts';
import { instantOf, numberOf } from './query.ts';
import { keepListing, type Listing, type Seller } from './seller.ts';
import { NODE_TYPES, nodeTypeOf } from './views/node-type.ts';
import { orderView, replacementView } from './views/order.ts';

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
	const view = viewOf(seller, id);
	if (!view)
		return errorReply(404, 'CONTENT_NOT_FOUND.GMP_ORDER_API', `No purchase order ${id}`, {
			field: 'purchaseOrderId'
		});
	return { status: 200, body: { order: view } };
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
	const take = (id: string, createdAt: number, updatedAt: number) => {
		if (createdAt < createdFrom || createdAt > createdTo) return;
		if (changedFrom !== null && (updatedAt < changedFrom || updatedAt > changedTo)) return;
		if (!wanted || wanted === id) found.push(id);
	};
	for (const order of seller.world.orders()) {
		if (order.createdAt > now || nodeTypeOf(seller, order) !== type) continue;
		if (customerOrder && customerOrderId(order) !== customerOrder) continue;
		if (released && order.fulfilled) continue;
		if ((status || sku) && !matches(seller, order, status, sku)) continue;
		take(purchaseOrderId(order), order.createdAt, order.updatedAt);
		if (hasReplacement(seller, order)) take(replacementId(order), order.closedAt + DAY, order.closedAt + DAY);
	}
	return found;
}

function matches(seller: Seller, order: Order, status: string | undefined, sku: string | null): boolean {
	const { orderLine } = orderView(seller, order).orderLines;
	return orderLine.some(
		(line) =>
			(!sku || line.item.sku === sku) &&
			(!status || line.orderLineStatuses.orderLineStatus.some((one) => one.status.toLowerCase() === status))
	);
}

/** One shipped order in 61 was damaged on its way and is sent again free of charge; with F34 one in five. */
function hasReplacement(seller: Seller, order: Order): boolean {
	const one = seller.faults.has('F34') ? 5 : 61;
	return order.n % one === 0 && order.fulfilled && order.closedAt + DAY <= seller.options.now();
}

function viewOf(
	seller: Seller,
	id: string
): ReturnType<typeof orderView> | ReturnType<typeof replacementView> | null {
	const number = orderNumber(id);
	const order = number && seller.world.shop.orders[number.n - 1];
	if (!order) return null;
	return number.replacement ? replacementView(seller, order) : orderView(seller, order);
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
			elements: { order: here.filter((id) => !missing.includes(id)).map((id) => viewOf(seller, id)!) },
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
