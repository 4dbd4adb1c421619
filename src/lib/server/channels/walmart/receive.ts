import { z } from 'zod';
import { constantTimeEqual, hmacBase64, sha256 } from '../../platform/crypto.ts';
import { isConnectionError, Unavailable } from '../../platform/errors.ts';
import { inOrganization } from '../../platform/db.ts';
import { log } from '../../platform/log.ts';
import { metrics } from '../../platform/metrics.ts';
import { openCredentials } from '../credentials.ts';
import { receiveHints } from '../intake/hints.ts';
import type { Answer } from '../intake/receive.ts';
import { object, optionalInstant, text, type Json } from '../json.ts';
import { messageOf, missing, Unparsable } from '../unparsable.ts';
import { subscriptionSecret } from './subscriptions.ts';

/** A delivery that was signed longer ago, or that far ahead, is not believed: it may be a replay. */
const WINDOW_SECONDS = 300;
const place = z.object({ organization: z.uuid(), connection: z.uuid() });

/**
 * Takes a notification of Walmart. Its signature is over method, path with query, time and the raw body, and is checked before
 * anything is read. What it says is only a hint: the order is read from Walmart. 200 comes after the commit.
 */
export async function receiveWalmartWebhook(url: URL, headers: Headers, body: Buffer): Promise<Answer> {
	const where = place.safeParse(Object.fromEntries(url.searchParams));
	if (!where.success) return answer('malformed', 400, 'The address is not one that was given to Walmart.');
	const connection = { organizationId: where.data.organization, id: where.data.connection };
	try {
		const secret = await secretOf(connection);
		if (secret === null || !isSigned(url, headers, body, secret))
			return answer('refused', 401, 'The signature does not fit.');
		const event = readEvent(body);
		await receiveHints('walmart', [
			{ organizationId: connection.organizationId, connectionId: connection.id, body, ...event }
		]);
		return { status: 200, message: 'ok' };
	} catch (error) {
		if (!(error instanceof Unavailable) && !isConnectionError(error))
			log.error({ err: error, connectionId: connection.id }, 'a notification of Walmart could not be kept');
		return { ...answer('unavailable', 503, 'Not stored. Send it again.'), retryAfter: 1 };
	}
}

/** The order a notification speaks of; null for one that asks for nothing. @throws Unparsable */
export function readWalmartHint(topic: string, body: Buffer): string | null {
	const payload = object(parsed(body).payload) ?? {};
	if (!topic.startsWith('PO_') && !topic.startsWith('ORDER_')) return null;
	const order = object(payload.order) ?? payload;
	return text(order.purchaseOrderId) ?? missing('The purchase order id');
}

async function secretOf(connection: { organizationId: string; id: string }): Promise<string | null> {
	const [row] = await inOrganization(
		connection.organizationId,
		({ sql }) => sql<{ credentials: string | null }[]>`
		select credentials from connections where organization_id = ${connection.organizationId} and id = ${connection.id}
			and channel = 'walmart' and status <> 'disconnected'`
	);
	if (!row?.credentials) return null;
	const credentials = openCredentials({ ...connection, credentials: row.credentials });
	return credentials.kind === 'walmart_keys'
		? subscriptionSecret(credentials.clientSecret, connection)
		: null;
}

function isSigned(url: URL, headers: Headers, body: Buffer, secret: string): boolean {
	const timestamp = headers.get('wm_sec.timestamp') ?? '';
	const signature = headers.get('wm_sec.signature') ?? '';
	if (!/^\d{10,13}$/.test(timestamp) || signature === '') return false;
	const seconds = timestamp.length > 10 ? Number(timestamp) / 1000 : Number(timestamp);
	if (Math.abs(Date.now() / 1000 - seconds) > WINDOW_SECONDS) return false;
	const signedText = ['POST', url.pathname + url.search, timestamp, sha256(body)].join('\n');
	return constantTimeEqual(hmacBase64(secret, signedText), signature);
}

function readEvent(body: Buffer) {
	let error: string | null = null;
	let topic = 'unknown';
	let orderExternalId: string | null = null;
	let triggeredAt: string | null = null;
	// without an id of its own, the same bytes are the same message
	let deliveryId: string = sha256(body);
	try {
		const message = parsed(body);
		const source = object(message.source) ?? message;
		topic = (text(source.eventType) ?? 'unknown').slice(0, 60);
		deliveryId = (text(source.eventId) ?? deliveryId).slice(0, 200);
		triggeredAt = optionalInstant(source.eventTime);
		orderExternalId = readWalmartHint(topic, body);
	} catch (failure) {
		error = messageOf(failure);
	}
	return { deliveryId, topic, triggeredAt, orderExternalId, error };
}

function parsed(body: Buffer): Json {
	let value: unknown;
	try {
		value = JSON.parse(body.toString('utf8'));
	} catch {
		throw new Unparsable('The notification is not JSON.');
	}
	return object(value) ?? missing('The notification');
}

function answer(outcome: string, status: Answer['status'], message: string): Answer {
	metrics.webhooks.inc({ channel: 'walmart', outcome });
	return { status, message };
}
