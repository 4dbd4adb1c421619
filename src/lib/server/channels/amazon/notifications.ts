import { setTimeout as sleep } from 'node:timers/promises';
import { asSystem } from '../../platform/system.ts';
import { log } from '../../platform/log.ts';
import { receiveHints, type Hint } from '../intake/hints.ts';
import { object, optionalInstant, requiredText, text, type Json } from '../json.ts';
import { messageOf, Unparsable } from '../unparsable.ts';
import type { AmazonClient } from './client.ts';
import { AmazonRefused, jsonOf } from './errors.ts';
import { allQueues, arnOf, queueOf, type NotificationQueue } from './queues.ts';
import { deleteMessages, receiveMessages } from './sqs.ts';

const TYPE = 'ORDER_CHANGE';
const DESTINATION = 'tidemark';
/** A round of listening ends a little before the next one begins. */
const ROUND_MS = 55_000;
const WAIT_SECONDS = 10;

/** A notification as far as we read it. */
export interface OrderChange {
	id: string;
	sellerId: string;
	orderId: string;
	/** When it happened at Amazon, ISO 8601. */
	eventTime: string | null;
}

/** Reads an ORDER_CHANGE notification; null for one of another type. @throws Unparsable */
export function readOrderChange(body: string): OrderChange | null {
	const json = jsonOf(body);
	if (!json) throw new Unparsable('The notification is not JSON.');
	if (typeOf(json) !== TYPE) return null;
	const change = object((object(json.Payload ?? json.payload) ?? {}).OrderChangeNotification);
	return {
		id: requiredText(metadataOf(json).NotificationId, 'The notification’s id'),
		sellerId: requiredText(change?.SellerId, 'The seller of the notification'),
		orderId: requiredText(change?.AmazonOrderId, 'The order of the notification'),
		eventTime: optionalInstant(json.EventTime ?? json.eventTime)
	};
}

/** Makes Amazon send changes of orders to our queue, where one is set up. Without it they come with the next sync. */
export async function ensureSubscription(client: AmazonClient): Promise<void> {
	const queue = queueOf(client.baseUrl);
	if (!queue) return;
	const path = { notificationType: TYPE };
	const known = await client.call(
		'getSubscription',
		{ path, query: { payloadVersion: '1.0' } },
		{ absent: true }
	);
	const destinationId = await destinationOf(client, queue);
	const subscribed = text(object(known?.payload)?.destinationId);
	if (subscribed === destinationId) return;
	try {
		await client.call('createSubscription', { path, body: { payloadVersion: '1.0', destinationId } });
		log.info({ sellerId: client.sellerId }, 'subscribed to changes of orders');
	} catch (error) {
		// another application process subscribed meanwhile, or the seller's changes go to another queue of ours
		if (!(error instanceof AmazonRefused) || error.refusal.status !== 409) throw error;
	}
}

async function destinationOf(client: AmazonClient, queue: NotificationQueue): Promise<string> {
	const arn = arnOf(queue);
	const find = async () => {
		const answer = await client.call('getDestinations');
		const list = Array.isArray(answer?.payload) ? (answer.payload as Json[]) : [];
		const found = list.find((one) => text(object(object(one.resource)?.sqs)?.arn) === arn);
		return found ? text(found.destinationId) : null;
	};
	const known = await find();
	if (known !== null) return known;
	try {
		const made = await client.call('createDestination', {
			body: { name: DESTINATION, resourceSpecification: { sqs: { arn } } }
		});
		return requiredText(object(made?.payload)?.destinationId, 'The destination’s id');
	} catch (error) {
		if (!(error instanceof AmazonRefused) || error.refusal.status !== 409) throw error;
		return (await find()) ?? requiredText(null, 'The destination’s id');
	}
}

/** Reads all queues for a minute. A queue that fails keeps no other from being read. */
export async function listenAmazon(signal: AbortSignal, roundMs = ROUND_MS): Promise<void> {
	const until = Date.now() + roundMs;
	await Promise.all(
		allQueues().map(async ({ queue, baseUrl }) => {
			while (Date.now() < until && !signal.aborted) {
				try {
					const left = Math.floor((until - Date.now()) / 1000);
					await readQueue(queue, baseUrl, Math.max(0, Math.min(WAIT_SECONDS, left)), signal);
				} catch (error) {
					if (signal.aborted) return;
					log.warn({ err: error }, 'notifications of Amazon could not be read');
					await sleep(Math.min(5000, Math.max(0, until - Date.now())), undefined, { signal }).catch(() => {});
				}
			}
		})
	);
}

/** Reads a queue once and answers how many messages were dealt with. They are deleted only after they are kept. */
export async function readQueue(
	queue: NotificationQueue,
	baseUrl: string | null,
	waitSeconds: number,
	signal: AbortSignal
): Promise<number> {
	const messages = await receiveMessages(queue, waitSeconds, signal);
	if (messages.length === 0) return 0;
	const read = messages.map(({ body }) => understood(body));
	const places = await connectionsOf([...new Set(read.flatMap(({ sellerId }) => sellerId ?? []))], baseUrl);
	const hints: Hint[] = read.flatMap(({ sellerId, ...hint }) =>
		(places.get(sellerId ?? '') ?? []).map((place) => ({ ...place, ...hint }))
	);
	await receiveHints('amazon', hints);
	await deleteMessages(
		queue,
		messages.map(({ receipt }) => receipt),
		signal
	);
	return messages.length;
}

type Understood = Omit<Hint, 'organizationId' | 'connectionId'> & { sellerId: string | null };

/** A message whose seller can be told but whose order cannot becomes a dead letter; one without a seller belongs to nobody. */
function understood(body: string): Understood {
	const json = jsonOf(body) ?? {};
	const base = {
		topic: typeOf(json) ?? 'notification',
		body: Buffer.from(body),
		triggeredAt: optionalInstant(json.EventTime ?? json.eventTime),
		deliveryId:
			text(metadataOf(json).NotificationId) ?? `body:${Buffer.from(body).toString('base64').slice(0, 150)}`
	};
	const sellerId = text(object(object(json.Payload ?? json.payload)?.OrderChangeNotification)?.SellerId);
	try {
		const change = readOrderChange(body);
		return {
			...base,
			sellerId: change?.sellerId ?? sellerId,
			orderExternalId: change?.orderId ?? null,
			error: null
		};
	} catch (error) {
		log.warn({ err: error }, 'a notification of Amazon could not be read');
		return { ...base, sellerId, orderExternalId: null, error: messageOf(error) };
	}
}

/** The connections of sellers: one, or several when organizations share an account. */
async function connectionsOf(
	sellerIds: readonly string[],
	baseUrl: string | null
): Promise<Map<string, { organizationId: string; connectionId: string }[]>> {
	if (sellerIds.length === 0) return new Map();
	const rows = await asSystem(
		'webhook: find the connection of an account',
		({ sql }) => sql<{ sellerId: string; organizationId: string; connectionId: string }[]>`
		select external_id as seller_id, organization_id, id as connection_id from connections
		where channel = 'amazon' and external_id = any(${[...sellerIds]}::text[]) and credentials is not null and base_url is not distinct from ${baseUrl}`
	);
	return Map.groupBy(rows, (row) => row.sellerId) as never;
}

function typeOf(json: Json): string | null {
	return text(json.NotificationType) ?? text(json.notificationType);
}

function metadataOf(json: Json): Json {
	const metadata = object(json.NotificationMetadata) ?? object(json.notificationMetadata) ?? {};
	return { NotificationId: metadata.NotificationId ?? metadata.notificationId };
}
