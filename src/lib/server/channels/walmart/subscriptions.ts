import { hmacBase64 } from '../../platform/crypto.ts';
import { log } from '../../platform/log.ts';
import { settings } from '../../platform/running.ts';
import { objects, text } from '../json.ts';
import type { WalmartClient } from './client.ts';

/** What we want to hear of at once, with the resource Walmart files it under. */
const EVENTS: Readonly<Record<string, string>> = {
	PO_CREATED: 'ORDER',
	PO_LINE_AUTOCANCELLED: 'ORDER'
};
const PATH = '/webhooks/walmart';
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

interface Place {
	id: string;
	organizationId: string;
}

/** Where Walmart reaches our route for this connection; null when it cannot. A simulated one runs on this machine. */
export function subscriptionUri(connection: Place & { isSimulated: boolean }): string | null {
	const { ORIGIN, PORT, WALMART_API_URL } = settings();
	const local = connection.isSimulated || (!ORIGIN && LOOPBACK.has(new URL(WALMART_API_URL).hostname));
	const origin = local ? `http://127.0.0.1:${PORT}` : (ORIGIN?.replace(/\/+$/, '') ?? null);
	if (origin === null) return null;
	return `${origin}${PATH}?${new URLSearchParams({ organization: connection.organizationId, connection: connection.id })}`;
}

/** What signs the deliveries of a connection: made from its own key, so that it is stored nowhere and known to Walmart only. */
export function subscriptionSecret(clientSecret: string, connection: Place): string {
	return hmacBase64(clientSecret, `webhooks of ${connection.organizationId} ${connection.id}`);
}

/** Makes the subscriptions that are missing and removes those that lead to an earlier address of ours. */
export async function ensureSubscriptions(
	client: WalmartClient,
	uri: string,
	connection: Place
): Promise<void> {
	const missing = new Set(Object.keys(EVENTS));
	const { status, body } = await client.call('/v3/webhooks/subscriptions');
	const told = objects(status === 404 ? [] : body.events, 'The subscriptions');
	// the model nests them once more than the examples do
	const subscriptions = told.flatMap((one) =>
		one.event === undefined ? [one] : objects(one.event, 'The subscriptions')
	);
	for (const one of subscriptions) {
		const url = text(one.eventUrl) ?? '';
		if (!url.includes(`${PATH}?`) || !url.includes(connection.id)) continue;
		if (url === uri && text(one.status) === 'ACTIVE') missing.delete(text(one.eventType) ?? '');
		else
			await client.call(`/v3/webhooks/subscriptions/${encodeURIComponent(text(one.subscriptionId) ?? '')}`, {
				method: 'DELETE'
			});
	}
	if (missing.size === 0) return;
	const events = [...missing].map((eventType) => ({
		eventType,
		eventVersion: 'V1',
		resourceName: EVENTS[eventType],
		eventUrl: uri,
		status: 'ACTIVE',
		headers: { 'content-type': 'application/json' },
		authDetails: { authMethod: 'HMAC', clientSecret: client.secretFor(connection) }
	}));
	await client.call('/v3/webhooks/subscriptions', { method: 'POST', body: { events } });
	log.info({ connectionId: connection.id, created: events.length }, 'Walmart subscriptions made');
}
