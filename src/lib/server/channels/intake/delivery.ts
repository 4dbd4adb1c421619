import type { ChannelOrder } from '../../orders/index.ts';
import { parseRestOrder } from '../shopify/parse-order.ts';
import { readRestCustomer } from '../shopify/parse-order-rest.ts';
import { parseRestProduct, type ParsedListing } from '../shopify/parse-product.ts';
import { parseRestLevel, type ParsedLevel } from '../shopify/parse-stock.ts';
import type { RawCustomer } from '../shopify/raw-order.ts';
import { idOf, object, requiredId, text, type Json } from '../shopify/read.ts';
import { readPrivacyRequest, type PrivacyRequest } from '../privacy/request.ts';
import { missing, Unparsable } from '../unparsable.ts';

/** A delivery that is signed by its shop. */
export interface Delivery {
	organizationId: string;
	connectionId: string;
	/** The organization's, IANA. */
	timeZone: string;
	/** The shop's, ISO 4217. */
	currency: string | null;
	deliveryId: string;
	/** As the header says: orders/create. */
	topic: string;
	body: Buffer;
	/** ISO 8601, when the header says it. */
	triggeredAt: string | null;
}

/** What a delivery means for us. */
export type Effect =
	| { kind: 'order'; order: ChannelOrder }
	| { kind: 'fetch-order'; externalId: string }
	| { kind: 'stock'; level: ParsedLevel }
	| { kind: 'listings'; listings: ParsedListing[] }
	| { kind: 'customer'; customer: RawCustomer }
	| { kind: 'uninstalled' }
	| { kind: 'shop'; name: string | null; currency: string | null; timeZone: string | null }
	| { kind: 'delisted'; groupExternalId: string }
	| { kind: 'privacy'; request: PrivacyRequest }
	| { kind: 'ignored' };

const ORDER_TOPICS = new Set([
	'orders/create',
	'orders/updated',
	'orders/edited',
	'orders/cancelled',
	'orders/paid',
	'orders/fulfilled',
	'orders/partially_fulfilled'
]);

/**
 * Reads what a delivery says. Pure: the same body always means the same.
 * @throws Unparsable, ZodError or SyntaxError; the delivery is then kept as a dead letter
 */
export function readDelivery(topic: string, body: Buffer): Effect {
	const payload = body.toString('utf8');
	const json = parseObject(payload);
	if (topic.startsWith('orders/')) return readOrderTopic(topic, json, payload);
	switch (topic) {
		case 'refunds/create':
			return { kind: 'fetch-order', externalId: requiredId(json.order_id, 'The order of the refund') };
		case 'inventory_levels/update':
		case 'inventory_levels/connect':
			return { kind: 'stock', level: parseRestLevel(json) };
		case 'products/create':
		case 'products/update':
			return { kind: 'listings', listings: parseRestProduct(json) };
		case 'customers/create':
		case 'customers/update':
		case 'customers/enable':
		case 'customers/disable':
			return { kind: 'customer', customer: readRestCustomer(json) ?? missing('The customer’s id') };
		case 'app/uninstalled':
			return { kind: 'uninstalled' };
		case 'shop/update':
			return {
				kind: 'shop',
				name: text(json.name),
				currency: text(json.currency),
				timeZone: text(json.iana_timezone)
			};
		case 'products/delete':
			return { kind: 'delisted', groupExternalId: requiredId(json.id, 'The product id') };
		case 'customers/data_request':
		case 'customers/redact':
		case 'shop/redact':
			return { kind: 'privacy', request: readPrivacyRequest(topic, json) };
		default:
			return { kind: 'ignored' };
	}
}

/** orders/edited carries the edit, not the order: it is read again. Everything else carries the order. */
function readOrderTopic(topic: string, json: Json, payload: string): Effect {
	const edit = object(json.order_edit);
	if (edit) return { kind: 'fetch-order', externalId: requiredId(edit.order_id, 'The order of the edit') };
	if (!ORDER_TOPICS.has(topic)) return idOf(json.id) === null ? missing('The order id') : { kind: 'ignored' };
	return { kind: 'order', order: parseRestOrder(json, payload) };
}

function parseObject(payload: string): Json {
	let parsed: unknown;
	try {
		parsed = JSON.parse(payload);
	} catch (cause) {
		throw new Unparsable('The body is not JSON.', { cause });
	}
	return object(parsed) ?? notObject();
}

function notObject(): never {
	throw new Unparsable('The body is not a JSON object.');
}
