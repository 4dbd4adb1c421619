import { AwsClient } from 'aws4fetch';
import { ChannelError } from '../error.ts';
import { objects, text, type Json } from '../json.ts';
import { jsonOf } from './errors.ts';
import { arnOf, type NotificationQueue } from './queues.ts';

/** A message as the queue hands it out; it comes again unless it is deleted in time. */
export interface QueueMessage {
	receipt: string;
	body: string;
}

const MOST = 10;

/** Up to ten messages, waiting up to `waitSeconds` for the first. @throws ChannelError */
export async function receiveMessages(
	queue: NotificationQueue,
	waitSeconds: number,
	signal: AbortSignal
): Promise<QueueMessage[]> {
	const answer = await call(
		queue,
		'ReceiveMessage',
		{ MaxNumberOfMessages: MOST, WaitTimeSeconds: waitSeconds, VisibilityTimeout: 60 },
		signal
	);
	return objects(answer.Messages, 'The messages').flatMap((message) => {
		const receipt = text(message.ReceiptHandle);
		const body = text(message.Body);
		return receipt !== null && body !== null ? [{ receipt, body }] : [];
	});
}

/** Deletes messages that are dealt with. One that could not be deleted comes again, and is known by its id. */
export async function deleteMessages(
	queue: NotificationQueue,
	receipts: readonly string[],
	signal: AbortSignal
): Promise<void> {
	if (receipts.length === 0) return;
	const Entries = receipts.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
	await call(queue, 'DeleteMessageBatch', { Entries }, signal);
}

/** The queue service's JSON protocol, signed with the queue's own key. */
async function call(
	queue: NotificationQueue,
	action: string,
	input: Json,
	signal: AbortSignal
): Promise<Json> {
	const { accessKeyId, secretAccessKey, url } = queue;
	const [, , , region] = arnOf(queue).split(':');
	const aws = new AwsClient({ accessKeyId, secretAccessKey, service: 'sqs', region: region!, retries: 0 });
	const { hostname, origin } = new URL(url);
	// the service takes all its queues at one address; a stand-in may live below a path
	const response = await aws.fetch(hostname.endsWith('.amazonaws.com') ? `${origin}/` : url, {
		method: 'POST',
		headers: { 'Content-Type': 'application/x-amz-json-1.0', 'X-Amz-Target': `AmazonSQS.${action}` },
		body: JSON.stringify({ QueueUrl: url, ...input }),
		signal: AbortSignal.any([signal, AbortSignal.timeout(40_000)])
	});
	const body = jsonOf(await response.text());
	if (response.ok && body) return body;
	const said = text(body?.message) ?? text(body?.__type) ?? `HTTP ${response.status}`;
	throw new ChannelError(
		response.status >= 500 ? 'unavailable' : 'rejected',
		`The queue of Amazon’s notifications refused ${action}: ${said.slice(0, 300)}`
	);
}
