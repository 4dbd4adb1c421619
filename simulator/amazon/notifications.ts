import { randomUUID } from 'node:crypto';
import { invalid, ok, Refused, type Reply } from './reply.ts';
import type { AmazonSeller } from './seller.ts';

export interface Destination {
	destinationId: string;
	name: string;
	resource: { sqs?: { arn: string }; eventBridge?: { name: string; region: string; accountId: string } };
}

export interface Subscription {
	subscriptionId: string;
	payloadVersion: string;
	destinationId: string;
}

/** The simulator sends these. */
const TYPES = ['ORDER_CHANGE'];

function known(type: string): void {
	if (!/^[A-Z_]+$/.test(type)) throw invalid(`NotificationType is invalid: ${type}`);
	if (!TYPES.includes(type)) throw invalid(`The simulator sends no ${type}`);
}

function missing(): Refused {
	return new Refused(404, { code: 'NotFound', message: 'Requested resource does not exist.', details: '' });
}

/** POST /notifications/v1/destinations. */
export function createDestination(seller: AmazonSeller, body: Record<string, unknown>): Reply {
	const { name } = body;
	const asked = (body.resourceSpecification ?? {}) as Destination['resource'];
	if (typeof name !== 'string' || name === '') throw invalid('The name is missing');
	if (!asked.sqs?.arn && !asked.eventBridge) throw invalid('The resource specification is missing');
	const existing = [...seller.destinations.values()].find(
		(one) => one.name === name || one.resource.sqs?.arn === asked.sqs?.arn
	);
	if (existing) throw new Refused(409, { code: 'ResourceConflict', message: 'Conflict: the destination exists already.', details: existing.destinationId }); // prettier-ignore
	const resource = asked.sqs ? { sqs: { arn: asked.sqs.arn } } : { eventBridge: { ...asked.eventBridge!, name: `aws.partner/sellingpartnerapi.amazon.com/${asked.eventBridge!.accountId}/${seller.applicationId}` } }; // prettier-ignore
	const destination = { destinationId: randomUUID(), name, resource };
	seller.destinations.set(destination.destinationId, destination);
	return ok({ payload: destination });
}

export function getDestinations(seller: AmazonSeller): Reply {
	return ok({ payload: [...seller.destinations.values()] });
}

export function getDestination(seller: AmazonSeller, id: string): Reply {
	const found = seller.destinations.get(id);
	if (!found) throw missing();
	return ok({ payload: found });
}

export function deleteDestination(seller: AmazonSeller, id: string): Reply {
	if (!seller.destinations.delete(id)) throw missing();
	for (const [type, one] of seller.subscriptions)
		if (one.destinationId === id) seller.subscriptions.delete(type);
	return ok({});
}

/** POST /notifications/v1/subscriptions/{notificationType}. */
export function createSubscription(seller: AmazonSeller, type: string, body: Record<string, unknown>): Reply {
	known(type);
	if (seller.subscriptions.has(type)) {
		throw new Refused(409, {
			code: 'ResourceConflict',
			message: 'The subscription exists already.',
			details: ''
		});
	}
	const destinationId = String(body.destinationId ?? '');
	if (!seller.destinations.has(destinationId)) throw invalid('The destination does not exist');
	if (body.payloadVersion !== '1.0') throw invalid('payloadVersion must be 1.0');
	const subscription = { subscriptionId: randomUUID(), payloadVersion: '1.0', destinationId };
	seller.live();
	seller.subscriptions.set(type, subscription);
	return ok({ payload: subscription });
}

export function getSubscription(seller: AmazonSeller, type: string): Reply {
	known(type);
	const found = seller.subscriptions.get(type);
	if (!found) throw missing();
	return ok({ payload: found });
}

export function getSubscriptionById(seller: AmazonSeller, type: string, id: string): Reply {
	return ok({ payload: ownerOf(seller, type, id).subscriptions.get(type) });
}

export function deleteSubscription(seller: AmazonSeller, type: string, id: string): Reply {
	ownerOf(seller, type, id).subscriptions.delete(type);
	return ok({});
}

/** By id, subscriptions are the application's: whichever seller's it is. */
function ownerOf(seller: AmazonSeller, type: string, id: string): AmazonSeller {
	const owner = seller.peers.find(({ subscriptions }) => subscriptions.get(type)?.subscriptionId === id);
	if (!owner) throw missing();
	return owner;
}
