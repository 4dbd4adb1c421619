import { randomUUID } from 'node:crypto';
import { errorReply, type Reply } from './error.ts';
import type { Seller } from './seller.ts';

export interface Subscription {
	id: string;
	eventType: string;
	eventVersion: string;
	resourceName: string;
	eventUrl: string;
	status: 'ACTIVE' | 'INACTIVE';
	authDetails: Record<string, string> | null;
}

export const EVENT_TYPES = [
	{ resourceName: 'ORDER', eventType: 'PO_CREATED', eventVersion: 'V1', description: 'Notification for new purchase order created' },
	{ resourceName: 'ORDER', eventType: 'PO_LINE_AUTOCANCELLED', eventVersion: 'V1', description: 'Notification for purchase order line auto-cancelled' },
	{ resourceName: 'ITEM', eventType: 'OFFER_UNPUBLISHED', eventVersion: 'V1', description: 'Notification for unpublished offers' },
	{ resourceName: 'PRICE', eventType: 'BUY_BOX_CHANGED', eventVersion: 'V1', description: 'Notification for change in buy box' },
	{ resourceName: 'INVENTORY', eventType: 'INVENTORY_OOS', eventVersion: 'V1', description: 'Notification for items out of stock' },
	{ resourceName: 'REPORTS', eventType: 'REPORT_STATUS', eventVersion: 'V1', description: 'Notification for report status' }
]; // prettier-ignore

/** GET /v3/webhooks/subscriptions. Passwords and secrets are not told. */
export function listSubscriptions(seller: Seller, query: URLSearchParams): Reply {
	const wanted = [...seller.subscriptions.values()].filter(
		(one) =>
			(!query.get('subscriptionId') || one.id === query.get('subscriptionId')) &&
			(!query.get('eventType') || one.eventType === query.get('eventType')) &&
			(!query.get('status') || one.status === query.get('status'))
	);
	return { status: 200, body: { events: wanted.map((one) => described(seller, one)) } };
}

/** POST /v3/webhooks/subscriptions. */
export function subscribe(seller: Seller, body: Record<string, unknown>): Reply {
	const events = Array.isArray(body.events) ? (body.events as Record<string, unknown>[]) : [];
	const made: Subscription[] = [];
	for (const event of events) {
		const known = EVENT_TYPES.find((one) => one.eventType === event.eventType);
		if (!known || event.resourceName !== known.resourceName || typeof event.eventUrl !== 'string' || !URL.canParse(event.eventUrl))
			return errorReply(400, 'INVALID_REQUEST_CONTENT.GMP_NOTIFICATION_API', 'eventType, resourceName or eventUrl is not valid', { field: 'events' }); // prettier-ignore
		made.push({
			id: randomUUID(),
			eventType: known.eventType,
			eventVersion: 'V1',
			resourceName: known.resourceName,
			eventUrl: event.eventUrl,
			status: event.status === 'INACTIVE' ? 'INACTIVE' : 'ACTIVE',
			authDetails: (event.authDetails as Record<string, string> | undefined) ?? null
		});
	}
	if (made.length === 0)
		return errorReply(400, 'INVALID_REQUEST_CONTENT.GMP_NOTIFICATION_API', 'events is missing', {
			field: 'events'
		});
	for (const one of made) seller.subscriptions.set(one.id, one);
	return { status: 200, body: { events: made.map((one) => described(seller, one)) } };
}

/** PATCH /v3/webhooks/subscriptions/{subscriptionId}. */
export function changeSubscription(seller: Seller, id: string, body: Record<string, unknown>): Reply {
	const one = seller.subscriptions.get(id);
	if (!one) return unknown(id);
	const event = ((body.events as Record<string, unknown>[] | undefined)?.[0] ??
		body) as Partial<Subscription>;
	if (event.status) one.status = event.status;
	if (event.eventUrl) one.eventUrl = event.eventUrl;
	if (event.authDetails) one.authDetails = event.authDetails;
	return { status: 200, body: { events: [described(seller, one)] } };
}

/** DELETE /v3/webhooks/subscriptions/{subscriptionId}. */
export function unsubscribe(seller: Seller, id: string): Reply {
	if (!seller.subscriptions.delete(id)) return unknown(id);
	return { status: 200, body: { subscriptionId: id, message: 'Successfully deleted subscription' } };
}

function unknown(id: string): Reply {
	return errorReply(404, 'CONTENT_NOT_FOUND.GMP_NOTIFICATION_API', `No subscription ${id}`, {
		field: 'subscriptionId'
	});
}

function described(seller: Seller, one: Subscription) {
	return {
		eventType: one.eventType,
		subscriptionId: one.id,
		partnerId: seller.partnerId,
		eventVersion: one.eventVersion,
		resourceName: one.resourceName,
		status: one.status,
		eventUrl: one.eventUrl,
		headers: { 'content-type': 'application/json' },
		...(one.authDetails && {
			authDetails: Object.fromEntries(
				Object.entries(one.authDetails).filter(([name]) => name !== 'clientSecret' && name !== 'password')
			)
		})
	};
}
