import { getCatalogItem, searchCatalogItems } from './catalog.ts';
import { addAmazonUnknowns } from './faults.ts';
import { itemBrowseNode, itemReviews, nodeFeedback } from './feedback.ts';
import { estimateMany, estimateOne } from './fees.ts';
import { listBalances, listTransactions } from './finances/list.ts';
import { getInventorySummaries } from './inventory.ts';
import { getListingsItem, searchListingsItems } from './listings.ts';
import * as notifications from './notifications.ts';
import { getOrder, searchOrders } from './orders/search.ts';
import { invalid, refusal, Refused, requestHeaders, type Reply } from './reply.ts';
import { cancelReport, createReport, getReport, getReportDocument, getReports } from './reports/job.ts';
import { getOrderMetrics } from './sales.ts';
import type { AmazonSeller } from './seller.ts';
import { getMarketplaceParticipations } from './sellers.ts';
import { rateOf, takeCall } from './usage.ts';

/** A request as it came; header names in lower case. */
export interface ApiCall {
	method: string;
	/** Without the prefix under which the simulator keeps Amazon. */
	path: string;
	query: URLSearchParams;
	headers: Record<string, string | undefined>;
	body: string;
}

interface Ask {
	seller: AmazonSeller;
	query: URLSearchParams;
	/** What the path names, decoded. */
	parts: string[];
	body: unknown;
}

interface Route {
	method: string;
	path: RegExp;
	/** The usage plan it draws on. */
	plan: string;
	/** Called with the application's own token, no seller's. */
	grantless?: boolean;
	run(ask: Ask): Reply;
}

const object = (body: unknown) => (body ?? {}) as Record<string, unknown>;
const NOTIFICATIONS = '/notifications/v1';
const FEEDBACK = '/customerFeedback/2024-06-01';

function route(method: string, path: string, plan: string, run: Route['run'], grantless = false): Route {
	const pattern = path.replaceAll(/\{\w+\}/g, '([^/]+)').replaceAll('.', '\\.');
	return { method, path: new RegExp(`^${pattern}$`), plan, run, grantless };
}

const ROUTES: readonly Route[] = [
	route('GET', '/orders/2026-01-01/orders', 'searchOrders', ({ seller, query }) => searchOrders(seller, query)),
	route('GET', '/orders/2026-01-01/orders/{orderId}', 'getOrder', ({ seller, query, parts }) => getOrder(seller, query, parts[0]!)),
	route('GET', '/fba/inventory/v1/summaries', 'getInventorySummaries', ({ seller, query }) => getInventorySummaries(seller, query)),
	route('GET', '/finances/2024-06-19/transactions', 'listTransactions', ({ seller, query }) => listTransactions(seller, query)),
	route('GET', '/finances/2024-06-19/balances', 'listTransactions', ({ seller }) => listBalances(seller)),
	route('POST', '/products/fees/v0/listings/{sku}/feesEstimate', 'getMyFeesEstimateForSKU', ({ seller, parts, body }) => estimateOne(seller, 'SellerSKU', parts[0]!, object(body))),
	route('POST', '/products/fees/v0/items/{asin}/feesEstimate', 'getMyFeesEstimateForASIN', ({ seller, parts, body }) => estimateOne(seller, 'ASIN', parts[0]!, object(body))),
	route('POST', '/products/fees/v0/feesEstimate', 'getMyFeesEstimates', ({ seller, body }) => estimateMany(seller, body)),
	route('POST', '/reports/2021-06-30/reports', 'createReport', ({ seller, body }) => createReport(seller, object(body))),
	route('GET', '/reports/2021-06-30/reports', 'getReports', ({ seller, query }) => getReports(seller, query)),
	route('GET', '/reports/2021-06-30/reports/{reportId}', 'getReport', ({ seller, parts }) => getReport(seller, parts[0]!)),
	route('DELETE', '/reports/2021-06-30/reports/{reportId}', 'cancelReport', ({ seller, parts }) => cancelReport(seller, parts[0]!)),
	route('GET', '/reports/2021-06-30/documents/{documentId}', 'getReportDocument', ({ seller, parts }) => getReportDocument(seller, parts[0]!)),
	route('GET', '/sales/v1/orderMetrics', 'getOrderMetrics', ({ seller, query }) => getOrderMetrics(seller, query)),
	route('GET', '/listings/2021-08-01/items/{sellerId}', 'searchListingsItems', ({ seller, query, parts }) => searchListingsItems(seller, query, parts[0]!)),
	route('GET', '/listings/2021-08-01/items/{sellerId}/{sku}', 'getListingsItem', ({ seller, query, parts }) => getListingsItem(seller, query, parts[0]!, parts[1]!)),
	route('GET', '/catalog/2022-04-01/items', 'searchCatalogItems', ({ seller, query }) => searchCatalogItems(seller, query)),
	route('GET', '/catalog/2022-04-01/items/{asin}', 'getCatalogItem', ({ seller, query, parts }) => getCatalogItem(seller, query, parts[0]!)),
	route('GET', `${FEEDBACK}/items/{asin}/reviews/topics`, 'customerFeedback', ({ seller, query, parts }) => itemReviews(seller, query, parts[0]!, 'topics')),
	route('GET', `${FEEDBACK}/items/{asin}/reviews/trends`, 'customerFeedback', ({ seller, query, parts }) => itemReviews(seller, query, parts[0]!, 'trends')),
	route('GET', `${FEEDBACK}/items/{asin}/browseNode`, 'customerFeedback', ({ seller, query, parts }) => itemBrowseNode(seller, query, parts[0]!)),
	route('GET', `${FEEDBACK}/browseNodes/{node}/reviews/topics`, 'customerFeedback', ({ seller, query, parts }) => nodeFeedback(seller, query, parts[0]!, 'reviews', 'topics')),
	route('GET', `${FEEDBACK}/browseNodes/{node}/reviews/trends`, 'customerFeedback', ({ seller, query, parts }) => nodeFeedback(seller, query, parts[0]!, 'reviews', 'trends')),
	route('GET', `${FEEDBACK}/browseNodes/{node}/returns/topics`, 'customerFeedback', ({ seller, query, parts }) => nodeFeedback(seller, query, parts[0]!, 'returns', 'topics')),
	route('GET', `${FEEDBACK}/browseNodes/{node}/returns/trends`, 'customerFeedback', ({ seller, query, parts }) => nodeFeedback(seller, query, parts[0]!, 'returns', 'trends')),
	route('GET', '/sellers/v1/marketplaceParticipations', 'getMarketplaceParticipations', ({ seller }) => getMarketplaceParticipations(seller)),
	route('POST', `${NOTIFICATIONS}/destinations`, 'notifications', ({ seller, body }) => notifications.createDestination(seller, object(body)), true),
	route('GET', `${NOTIFICATIONS}/destinations`, 'notifications', ({ seller }) => notifications.getDestinations(seller), true),
	route('GET', `${NOTIFICATIONS}/destinations/{id}`, 'notifications', ({ seller, parts }) => notifications.getDestination(seller, parts[0]!), true),
	route('DELETE', `${NOTIFICATIONS}/destinations/{id}`, 'notifications', ({ seller, parts }) => notifications.deleteDestination(seller, parts[0]!), true),
	route('POST', `${NOTIFICATIONS}/subscriptions/{type}`, 'notifications', ({ seller, parts, body }) => notifications.createSubscription(seller, parts[0]!, object(body))),
	route('GET', `${NOTIFICATIONS}/subscriptions/{type}`, 'notifications', ({ seller, parts }) => notifications.getSubscription(seller, parts[0]!)),
	route('GET', `${NOTIFICATIONS}/subscriptions/{type}/{id}`, 'notifications', ({ seller, parts }) => notifications.getSubscriptionById(seller, parts[0]!, parts[1]!), true),
	route('DELETE', `${NOTIFICATIONS}/subscriptions/{type}/{id}`, 'notifications', ({ seller, parts }) => notifications.deleteSubscription(seller, parts[0]!, parts[1]!), true)
]; // prettier-ignore

const DENIED = 'Access to requested resource is denied.';

/** Answers one call of the Selling Partner API: token, then route, then quota, then what was asked. */
export function answerApi(sellers: readonly AmazonSeller[], call: ApiCall): Reply {
	const reply = answer(sellers, call);
	// F05: the API's clock is another; written here, since node keeps its own for a second.
	const clock = sellers.find((seller) => seller.faults.has('F05'))?.apiNow() ?? Date.now();
	return {
		...reply,
		headers: { ...requestHeaders(), Date: new Date(clock).toUTCString(), ...reply.headers }
	};
}

function answer(sellers: readonly AmazonSeller[], call: ApiCall): Reply {
	const text = call.headers['x-amz-access-token'];
	if (!text) return denied('Access token is missing in the request header.');
	const seller = sellers.find((one) => one.tokens.has(text));
	const token = seller?.tokens.get(text);
	if (!seller || !token) return denied('The access token you provided is revoked, malformed or invalid.');
	seller.counters.calls++;
	if (seller.faults.has('F13') && token.callsLeft-- <= 0) token.expiresAt = 0;
	if (token.expiresAt <= seller.now() || (seller.revoked && !token.grantless)) {
		seller.counters.refused++;
		return denied('The access token you provided has expired.');
	}
	for (const one of ROUTES) {
		const match = one.method === call.method ? one.path.exec(call.path) : null;
		if (!match) continue;
		if (Boolean(one.grantless) !== token.grantless) return denied(one.grantless ? 'The operation is grantless: it takes the token of the application.' : 'The operation needs the token of a seller.'); // prettier-ignore
		return limited(seller, one, call, match.slice(1));
	}
	return denied('The operation is not known to the simulator.');
}

function denied(details: string): Reply {
	return refusal(403, { code: 'Unauthorized', message: DENIED, details });
}

function limited(seller: AmazonSeller, { plan, run, path }: Route, call: ApiCall, parts: string[]): Reply {
	const { faults, turns, usage, counters } = seller;
	const name = path.source;
	counters.byOperation[plan] = (counters.byOperation[plan] ?? 0) + 1;
	const refused = faults.has('F03') && turns.every('F03', 3);
	if (!takeCall(usage, plan, seller.now()) || refused) {
		counters.throttled++;
		// Never with a rate, never with a time to come back.
		return refusal(429, { code: 'QuotaExceeded', message: 'You exceeded your quota for the requested resource.' }, { 'x-amzn-ErrorType': 'QuotaExceededException' }); // prettier-ignore
	}
	if (plan === 'searchOrders' && turns.next(name) === 2 && faults.has('F04')) usage.rates.set(plan, 0.002);
	if (!faults.has('F04')) usage.rates.delete(plan);
	const reply = answerRoute(seller, run, call, parts);
	const body = faults.has('F37') ? addAmazonUnknowns(reply.body) : reply.body;
	const told = reply.status < 300 || reply.status === 400 || reply.status === 404;
	// The header is best effort: one reply in ten goes without it.
	if (!told || turns.every('header', 10)) return { ...reply, body };
	const rate = String(Number(rateOf(usage, plan).toFixed(6)));
	return { ...reply, body, headers: { 'x-amzn-RateLimit-Limit': rate, ...reply.headers } };
}

function answerRoute(seller: AmazonSeller, run: Route['run'], call: ApiCall, parts: string[]): Reply {
	try {
		return run({ seller, query: call.query, parts: parts.map(decodeURIComponent), body: bodyOf(call) });
	} catch (error) {
		if (error instanceof Refused) return error.reply;
		throw error;
	}
}

function bodyOf({ method, body }: ApiCall): unknown {
	if (method !== 'POST' || body === '') return undefined;
	try {
		return JSON.parse(body) as unknown;
	} catch {
		throw invalid('Request has missing or invalid parameters and cannot be parsed.');
	}
}
