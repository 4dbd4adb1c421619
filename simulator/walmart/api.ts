import { randomBytes } from 'node:crypto';
import { errorReply, Refused, type Reply } from './error.ts';
import { getInventories, getInventory, listInventories, listWfsInventory } from './inventory.ts';
import { getItem, listItems, putPrice } from './items.ts';
import { getOrder, listOrders } from './orders.ts';
import { downloadReport, reportFile, reportStatus, requestReport } from './reports.ts';
import { listReturns } from './returns.ts';
import { takeCall, type Seller } from './seller.ts';
import { availableReports, reconReport } from './settlement.ts';
import { paymentStatement } from './statement.ts';
import {
	changeSubscription,
	EVENT_TYPES,
	listSubscriptions,
	subscribe,
	unsubscribe
} from './subscriptions.ts';
import { issueToken, tokenDetail, unauthorized } from './token.ts';

/** A request as it came; `path` begins with /v3, `search` is the query without its question mark, nothing decoded. */
export interface Call {
	method: string;
	path: string;
	search: string;
	headers: Record<string, string | undefined>;
	body: string;
}

type Handler = (seller: Seller, call: Call, part: string) => Reply;

const query = (call: Call) => new URLSearchParams(call.search);
const json = (call: Call): Record<string, unknown> => {
	try {
		const value: unknown = JSON.parse(call.body || '{}');
		if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
	} catch {
		// refused below
	}
	throw new Refused(errorReply(400, 'INVALID_REQUEST_CONTENT.GMP_GATEWAY_API', 'The body is not JSON'));
};

/** Method, path, the bucket it takes from, and what answers. The first that fits is taken. */
const ROUTES: [string, RegExp, string, Handler][] = [
	['GET', /^\/v3\/orders$/, 'orders', (seller, call) => listOrders(seller, call.search, false)],
	['GET', /^\/v3\/orders\/released$/, 'orders', (seller, call) => listOrders(seller, call.search, true)],
	['GET', /^\/v3\/orders\/([^/]+)$/, 'order', (seller, _call, id) => getOrder(seller, id)],
	['GET', /^\/v3\/returns$/, 'returns', (seller, call) => listReturns(seller, call.search)],
	['GET', /^\/v3\/items$/, 'items', (seller, call) => listItems(seller, query(call))],
	['GET', /^\/v3\/items\/([^/]+)$/, 'items', (seller, _call, id) => getItem(seller, id)],
	['PUT', /^\/v3\/price$/, 'price', (seller, call) => putPrice(seller, json(call))],
	['GET', /^\/v3\/inventory$/, 'inventory', (seller, call) => getInventory(seller, query(call))],
	['GET', /^\/v3\/inventories$/, 'inventories', (seller, call) => listInventories(seller, query(call))],
	['GET', /^\/v3\/inventories\/([^/]+)$/, 'inventory', (seller, _call, sku) => getInventories(seller, sku)],
	['GET', /^\/v3\/fulfillment\/inventory$/, 'wfs-inventory', (seller, call) => listWfsInventory(seller, query(call))],
	['GET', /^\/v3\/report\/reconreport\/availableReconFiles$/, 'reports', (seller) => availableReports(seller)],
	['GET', /^\/v3\/report\/reconreport\/reconFileJson$/, 'reports', (seller, call) => reconReport(seller, query(call))],
	['GET', /^\/v3\/report\/payment\/statement$/, 'reports', (seller) => paymentStatement(seller)],
	['POST', /^\/v3\/reports\/reportRequests$/, 'reports', (seller, call) => requestReport(seller, query(call))],
	['GET', /^\/v3\/reports\/reportRequests\/([^/]+)$/, 'reports', (seller, _call, id) => reportStatus(seller, id)],
	['GET', /^\/v3\/reports\/downloadReport$/, 'reports', (seller, call) => downloadReport(seller, query(call), `http://${call.headers.host ?? ''}`)],
	['GET', /^\/v3\/webhooks\/eventTypes$/, 'webhooks', () => ({ status: 200, body: { eventTypes: EVENT_TYPES } })],
	['GET', /^\/v3\/webhooks\/subscriptions$/, 'webhooks', (seller, call) => listSubscriptions(seller, query(call))],
	['POST', /^\/v3\/webhooks\/subscriptions$/, 'webhooks', (seller, call) => subscribe(seller, json(call))],
	['PATCH', /^\/v3\/webhooks\/subscriptions\/([^/]+)$/, 'webhooks', (seller, call, id) => changeSubscription(seller, id, json(call))],
	['DELETE', /^\/v3\/webhooks\/subscriptions\/([^/]+)$/, 'webhooks', (seller, _call, id) => unsubscribe(seller, id)],
	['GET', /^\/v3\/token\/detail$/, 'token', (seller, call) => tokenDetail(seller, call.headers['wm_sec.access_token']!)]
]; // prettier-ignore

/** Calls that are remembered. */
const MOST_CALLS = 2000;

/** Answers one call of the API: headers, token, limits and faults first, then what was asked. */
export function answerWalmart(seller: Seller, call: Call): Reply {
	const file = /^\/files\/([0-9a-f-]+)\.csv$/.exec(call.path);
	if (file) return reportFile(seller, file[1]!);
	try {
		return answer(seller, call);
	} catch (error) {
		if (error instanceof Refused) return error.reply;
		throw error;
	}
}

function answer(seller: Seller, call: Call): Reply {
	const { counters } = seller;
	counters.calls++;
	const { method, path, search, body } = call;
	seller.calls.push({ method, path, search, body });
	if (seller.calls.length > MOST_CALLS) seller.calls.splice(0, MOST_CALLS / 2);
	requireHeaders(seller, call);
	if (call.method === 'POST' && call.path === '/v3/token') {
		const { allowed, headers } = takeCall(seller, 'token');
		if (!allowed) return throttled(seller, headers);
		return issueToken(seller, call.headers.authorization ?? '', new URLSearchParams(call.body));
	}
	const token = call.headers['wm_sec.access_token'];
	if (!token) throw missingHeader('WM_SEC.ACCESS_TOKEN');
	if (seller.faults.has('F30') && seller.turns.every('F30', 5)) seller.tokens.delete(token);
	if (!seller.connected || (seller.tokens.get(token) ?? 0) <= seller.options.now()) {
		counters.refused++;
		return unauthorized();
	}
	for (const [method, path, endpoint, run] of ROUTES) {
		const match = method === call.method ? path.exec(call.path) : null;
		if (!match) continue;
		const { allowed, headers } = takeCall(seller, endpoint);
		if (!allowed || (seller.faults.has('F31') && seller.turns.every('F31', 3)))
			return throttled(seller, headers);
		const trouble = seller.faults.has('F32') ? troubleOf(seller, endpoint) : null;
		if (trouble) return { ...trouble, headers: { ...headers, ...trouble.headers } };
		const reply = run(seller, call, match[1] === undefined ? '' : decodeURIComponent(match[1]));
		return { ...reply, headers: { ...headers, ...reply.headers } };
	}
	return errorReply(404, 'CONTENT_NOT_FOUND.GMP_GATEWAY_API', `There is no ${call.method} ${call.path}`);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function requireHeaders(seller: Seller, { headers }: Call): void {
	const id = headers['wm_qos.correlation_id'];
	if (!id || !UUID.test(id)) throw missingHeader('WM_QOS.CORRELATION_ID');
	if (seller.correlationIds.has(id)) seller.counters.repeatedCorrelationIds++;
	seller.correlationIds.add(id);
	if (!headers['wm_svc.name']) throw missingHeader('WM_SVC.NAME');
	// the real gateway answers XML without it; nobody here reads XML
	if (!/application\/json|text\/csv|\*\/\*/.test(headers.accept ?? '')) throw missingHeader('Accept');
}

function missingHeader(name: string): Refused {
	return new Refused(
		errorReply(
			400,
			'MISSING_REQUEST_HEADER.GMP_GATEWAY_API',
			`Required header ${name} is missing or not valid`,
			{ field: name }
		)
	);
}

/** 429, with the time to come back as epoch milliseconds, as ISO, or under the other name, in turn (F31). */
function throttled(seller: Seller, headers: Record<string, string>): Reply {
	seller.counters.throttled++;
	const at = Math.max(Number(headers['X-Next-Replenishment-Time']), seller.options.now() + 200);
	const turn = seller.faults.has('F31') ? seller.turns.next('429') % 3 : 1;
	return errorReply(429, 'REQUEST_THRESHOLD_VIOLATED.GMP_GATEWAY_API', 'Request threshold violated', {
		category: 'REQUEST',
		headers: {
			'X-Current-Token-Count': '0',
			...(turn === 0
				? { 'x-next-replenish-time': String(at) }
				: { 'X-Next-Replenishment-Time': turn === 1 ? String(at) : new Date(at).toISOString() })
		}
	});
}

/** F32, every fourth call: locked, timed out, a page of the proxy, or an answer with rows missing. */
function troubleOf(seller: Seller, endpoint: string): Reply | null {
	if (!seller.turns.every('F32', 4)) return null;
	const kind = seller.turns.next('F32 kind') % 4;
	if (kind === 1) return errorReply(423, 'RESOURCE_IS_LOCKED.GMP_RECEIVER_API', 'The resource is locked');
	if (kind === 2)
		return errorReply(504, 'DOWNSTREAM_SYSTEM_TIME_OUT.GMP_GATEWAY_API', 'Gateway timeout', {
			category: 'SYSTEM'
		});
	if (kind === 3)
		return {
			status: 520,
			body: `<html><head><title>520</title></head><body>Web server is returning an unknown error ${randomBytes(4).toString('hex')}</body></html>`,
			headers: { 'Content-Type': 'text/html' }
		};
	if (endpoint === 'orders' || endpoint === 'inventories') seller.leaveOut = 2;
	return null;
}
