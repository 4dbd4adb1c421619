import type { Tx } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import { settings } from '../../platform/running.ts';
import { openCredentials, openSecrets, sealSecrets, webhookSecrets } from '../credentials.ts';
import { idOf, object, requiredId, type Json } from '../shopify/read.ts';

/** What a shop asks about a buyer or about itself. Ids only. */
export interface PrivacyRequest {
	kind: 'data_request' | 'customer_redact' | 'shop_redact';
	customerExternalId: string | null;
	orderExternalIds: string[];
}

/** Topics that are believed after the app was uninstalled, too. */
export const PRIVACY_TOPICS: ReadonlySet<string> = new Set([
	'customers/data_request',
	'customers/redact',
	'shop/redact'
]);

/** Reads the body of a privacy topic. @throws Unparsable when it names no customer */
export function readPrivacyRequest(topic: string, body: Json): PrivacyRequest {
	if (topic === 'shop/redact') return { kind: 'shop_redact', customerExternalId: null, orderExternalIds: [] };
	const asks = topic === 'customers/redact';
	const orders = asks ? body.orders_to_redact : body.orders_requested;
	return {
		kind: asks ? 'customer_redact' : 'data_request',
		customerExternalId: requiredId(object(body.customer)?.id, 'The customer’s id'),
		orderExternalIds: Array.isArray(orders) ? orders.flatMap((id) => idOf(id) ?? []) : []
	};
}

/** Keeps requests in the transaction of their deliveries. */
export async function storeRequests(
	{ sql }: Tx,
	items: readonly {
		delivery: { organizationId: string; connectionId: string };
		effect: { request: PrivacyRequest };
	}[]
): Promise<void> {
	for (const { delivery, effect } of items) {
		const { kind, customerExternalId, orderExternalIds } = effect.request;
		await sql`
			insert into privacy_requests (id, organization_id, connection_id, kind, customer_external_id, order_external_ids)
			values (${newId()}, ${delivery.organizationId}, ${delivery.connectionId}, ${kind}, ${customerExternalId}, ${orderExternalIds}::text[])`;
	}
}

/**
 * Keeps, of the credentials that an uninstall erases, what the later request to erase the shop is signed with. The access token
 * goes; the secret goes with that request, or after 30 days.
 */
export async function keepPrivacySecret(
	{ sql }: Tx,
	row: { organizationId: string; id: string }
): Promise<void> {
	const [stored] = await sql<{ credentials: string | null }[]>`
		select credentials from connections where organization_id = ${row.organizationId} and id = ${row.id}`;
	if (!stored?.credentials) return;
	const secrets = webhookSecrets(openCredentials({ ...row, credentials: stored.credentials }));
	await sql`
		update connections set privacy_secret = ${sealSecrets(row, secrets)}
		where organization_id = ${row.organizationId} and id = ${row.id}`;
}

/** What a shop without credentials may sign its privacy requests with; the operator's app signs for every shop it was installed in. */
export function privacySecrets(row: {
	organizationId: string;
	id: string;
	privacySecret: string | null;
	authMethod: string;
}): string[] {
	const kept = row.privacySecret === null ? [] : openSecrets({ ...row, sealed: row.privacySecret });
	const own = row.authMethod === 'oauth' ? settings().SHOPIFY_CLIENT_SECRET : undefined;
	return own === undefined ? kept : [...kept, own];
}
