import type { Market, MarketOrder } from '../../world/market/model.ts';
import { isoUtc } from '../../world/time.ts';
import { marketplaceIdOf, siteOf } from '../marketplaces.ts';
import { inOrder, pageOf, readToken, writeToken } from '../page-token.ts';
import { instantIn, listIn, numberIn, onlyFrom } from '../query.ts';
import { invalid, ok, Refused, type Reply } from '../reply.ts';
import { isVisible, type AmazonSeller } from '../seller.ts';
import { INCLUDED, orderView, statusOf, STATUSES } from './view.ts';

const TWO_MINUTES = 120_000;
const TWO_YEARS = 2 * 365.25 * 86_400_000;
const TOKEN_LIFE = 86_400_000;

const created = (order: MarketOrder) => order.createdAt;
const updated = (order: MarketOrder) => order.updatedAt;

const kept = new WeakMap<Market, Map<boolean, { revision: number; orders: MarketOrder[] }>>();

/** Orders by time of creation or update; sorted again only when something changed. */
function sortedOrders(market: Market, byUpdate: boolean): MarketOrder[] {
	let indexes = kept.get(market);
	if (!indexes) kept.set(market, (indexes = new Map()));
	const known = indexes.get(byUpdate);
	if (known?.revision === market.revision) return known.orders;
	const instant = byUpdate ? updated : created;
	const orders = inOrder(market.orders, (order) => [instant(order), order.n]);
	indexes.set(byUpdate, { revision: market.revision, orders });
	return orders;
}

/** GET /orders/2026-01-01/orders. */
export function searchOrders(seller: AmazonSeller, query: URLSearchParams): Reply {
	const createdAfter = instantIn(query, 'createdAfter');
	const updatedAfter = instantIn(query, 'lastUpdatedAfter');
	if ((createdAfter === null) === (updatedAfter === null)) {
		throw invalid('Invalid Input: give exactly one of createdAfter and lastUpdatedAfter');
	}
	const byUpdate = updatedAfter !== null;
	const other = byUpdate ? 'createdBefore' : 'lastUpdatedBefore';
	if (query.has(other)) throw invalid(`Invalid Input: ${other} cannot be given here`);
	const now = seller.apiNow();
	const after = (updatedAfter ?? createdAfter)!;
	const given = instantIn(query, byUpdate ? 'lastUpdatedBefore' : 'createdBefore');
	if (given !== null && given > now - TWO_MINUTES) {
		throw invalid('Invalid Input: the end must be at least two minutes before the time of the request');
	}
	if (given !== null && given < after) throw invalid('Invalid Input: the end is before the start');
	const statuses = listIn(query, 'fulfillmentStatuses');
	onlyFrom(statuses, STATUSES, 'fulfillmentStatuses');
	const fulfilledBy = listIn(query, 'fulfilledBy');
	onlyFrom(fulfilledBy, ['MERCHANT', 'AMAZON'], 'fulfilledBy');
	const included = new Set(listIn(query, 'includedData'));
	onlyFrom([...included], INCLUDED, 'includedData');
	const market = seller.market();
	const marketplaces = listIn(query, 'marketplaceIds');
	if (marketplaces.some((id) => !siteOf(market, id))) throw invalid('Invalid Input: marketplaceIds');
	const size = numberIn(query, 'maxResultsPerPage', 100, 1, 100);

	const words = [byUpdate, after, statuses, fulfilledBy, marketplaces].join('|');
	const text = query.get('paginationToken');
	if (text && seller.faults.has('F02') && seller.turns.every('F02', 3)) {
		throw new Refused(400, { code: 'InvalidInput', message: null });
	}
	const token = text ? readToken(text, words, TOKEN_LIFE, seller.now()) : null;
	const until = token?.until ?? given ?? now - TWO_MINUTES;
	const from = Math.max(after, now - TWO_YEARS);
	const instant = byUpdate ? updated : created;
	const fits = (order: MarketOrder) => {
		if (!isVisible(seller, order)) return false;
		if (statuses.length > 0 && !statuses.includes(statusOf(order))) return false;
		if (fulfilledBy.length === 1 && (order.fulfilment === 'channel') !== (fulfilledBy[0] === 'AMAZON'))
			return false;
		return marketplaces.length === 0 || marketplaces.includes(marketplaceIdOf(order));
	};
	const keyOf = (order: MarketOrder) => [instant(order), order.n] as const;
	const wish = { after: token?.after ?? ([from, 0] as const), size, until, fits };
	const { rows, more } = pageOf(sortedOrders(market, byUpdate), keyOf, wish);
	const last = rows.at(-1);
	const next =
		more && last
			? writeToken({ query: words, after: [instant(last), last.n], issuedAt: seller.now(), until })
			: undefined;
	return ok({
		orders: rows.map((order) => orderView(market, order, included)),
		...(next && { pagination: { nextToken: next } }),
		[byUpdate ? 'lastUpdatedBefore' : 'createdBefore']: isoUtc(until)
	});
}

/** GET /orders/2026-01-01/orders/{orderId}. */
export function getOrder(seller: AmazonSeller, query: URLSearchParams, id: string): Reply {
	if (!/^\d{3}-\d{7}-\d{7}$/.test(id)) throw invalid('Invalid Input: orderId');
	const included = new Set(listIn(query, 'includedData'));
	onlyFrom([...included], INCLUDED, 'includedData');
	const market = seller.market();
	const order = market.orders.findLast((one) => one.id === id);
	if (!order || !isVisible(seller, order)) {
		throw new Refused(404, {
			code: 'NotFound',
			message: 'The requested resource does not exist.',
			details: ''
		});
	}
	return ok({ order: orderView(market, order, included) });
}
