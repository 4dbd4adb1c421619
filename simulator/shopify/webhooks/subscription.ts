import { isoUtc } from '../../world/time.ts';
import { gid, numericId } from '../ids.ts';
import type { Tenant } from '../tenant.ts';

export interface Subscription {
	n: number;
	/** As in the schema: `ORDERS_CREATE`. */
	topic: string;
	uri: string;
	format: string;
	includeFields: string[];
	filter: string | null;
	name: string | null;
	apiVersion: string;
	createdAt: number;
	updatedAt: number;
	/** Deliveries given up in a row. */
	failures: number;
}

export interface SubscriptionInput {
	uri?: string | null;
	format?: string | null;
	includeFields?: string[] | null;
	filter?: string | null;
	name?: string | null;
}

interface UserError {
	field: string[] | null;
	message: string;
}

const VERSION = '2026-07';

/** `ORDERS_CREATE` -> `orders/create`, `INVENTORY_LEVELS_UPDATE` -> `inventory_levels/update`. */
export function topicHeader(topic: string): string {
	const cut = topic.lastIndexOf('_');
	return `${topic.slice(0, cut)}/${topic.slice(cut + 1)}`.toLowerCase();
}

/** Plain http is allowed to this machine only: the simulator speaks to no one else unprotected. */
function uriProblem(uri: string | null | undefined): string | null {
	if (!uri) return "Address can't be blank";
	const url = URL.canParse(uri) ? new URL(uri) : null;
	if (url?.protocol === 'https:') return null;
	const loopback = url && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
	return url?.protocol === 'http:' && loopback
		? null
		: `Address protocol ${url?.protocol ?? ''} is not supported`;
}

export function createSubscription(tenant: Tenant, topic: string, input: SubscriptionInput, now: number) {
	const problem = uriProblem(input.uri);
	if (problem) return refused('uri', problem);
	if (tenant.subscriptions.some((s) => s.topic === topic && s.uri === input.uri)) {
		return refused('uri', 'Address for this topic has already been taken');
	}
	const subscription: Subscription = {
		n: tenant.nextSubscription++,
		topic,
		uri: input.uri!,
		format: input.format ?? 'JSON',
		includeFields: input.includeFields ?? [],
		filter: input.filter ?? null,
		name: input.name ?? null,
		apiVersion: VERSION,
		createdAt: now,
		updatedAt: now,
		failures: 0
	};
	tenant.subscriptions.push(subscription);
	return { webhookSubscription: subscriptionView(subscription), userErrors: [] };
}

export function updateSubscription(tenant: Tenant, n: number, input: SubscriptionInput, now: number) {
	const found = tenant.subscriptions.find((subscription) => subscription.n === n);
	if (!found) return refused('id', 'Webhook subscription does not exist');
	const problem = input.uri ? uriProblem(input.uri) : null;
	if (problem) return refused('uri', problem);
	found.uri = input.uri ?? found.uri;
	found.format = input.format ?? found.format;
	found.filter = input.filter ?? found.filter;
	found.includeFields = input.includeFields ?? found.includeFields;
	found.updatedAt = now;
	return { webhookSubscription: subscriptionView(found), userErrors: [] };
}

export function deleteSubscription(tenant: Tenant, id: string, n: number) {
	const place = tenant.subscriptions.findIndex((subscription) => subscription.n === n);
	if (place < 0) {
		const errors: UserError[] = [{ field: ['id'], message: 'Webhook subscription does not exist' }];
		return { deletedWebhookSubscriptionId: null, userErrors: errors };
	}
	tenant.subscriptions.splice(place, 1);
	return { deletedWebhookSubscriptionId: id, userErrors: [] };
}

function refused(field: string, message: string) {
	const errors: UserError[] = [{ field: ['webhookSubscription', field], message }];
	return { webhookSubscription: null, userErrors: errors };
}

export function subscriptionView(row: Subscription) {
	return {
		__typename: 'WebhookSubscription',
		id: gid('WebhookSubscription', row.n),
		legacyResourceId: String(numericId('WebhookSubscription', row.n)),
		topic: row.topic,
		uri: row.uri,
		format: row.format,
		filter: row.filter,
		name: row.name,
		includeFields: row.includeFields,
		metafieldNamespaces: [],
		apiVersion: { handle: row.apiVersion, displayName: row.apiVersion, supported: true },
		createdAt: isoUtc(row.createdAt),
		updatedAt: isoUtc(row.updatedAt)
	};
}
