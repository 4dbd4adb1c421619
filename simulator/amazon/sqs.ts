import { createHash, randomUUID } from 'node:crypto';
import type { Market } from '../world/market/model.ts';
import { watchOrders } from './order-change.ts';
import type { Reply } from './reply.ts';
import type { AmazonSeller } from './seller.ts';

interface Message {
	id: string;
	body: string;
	sentAt: number;
	/** Hidden from readers until then. */
	visibleAt: number;
	receipt: string;
	received: number;
}

const MOST_KEPT = 20_000;

/** A queue: at least once, visible again when it is not deleted in time, long polling. */
export class Queue {
	readonly name: string;
	readonly arn: string;
	#messages: Message[] = [];
	#waiting: (() => void)[] = [];
	counters = { sent: 0, received: 0, deleted: 0 };

	constructor(name: string) {
		this.name = name;
		this.arn = `arn:aws:sqs:us-east-1:000000000000:${name}`;
	}

	get size(): number {
		return this.#messages.length;
	}

	/** Sends what happens on a marketplace to this queue, once someone has subscribed. */
	watch(seller: AmazonSeller, market: Market): void {
		watchOrders(seller, market, (body) => this.send(body));
	}

	send(body: unknown): void {
		const message = { id: randomUUID(), body: JSON.stringify(body), sentAt: Date.now(), visibleAt: 0, receipt: '', received: 0 }; // prettier-ignore
		this.#messages.push(message);
		this.counters.sent++;
		if (this.#messages.length > MOST_KEPT) this.#messages.shift();
		for (const wake of this.#waiting.splice(0)) wake();
	}

	/** Up to `most` messages; waits up to `waitMs` for the first. */
	async receive(most: number, waitMs: number, hiddenMs: number): Promise<Message[]> {
		const deadline = Date.now() + waitMs;
		for (;;) {
			const now = Date.now();
			const found = this.#messages.filter((message) => message.visibleAt <= now).slice(0, most);
			if (found.length > 0 || now >= deadline) {
				for (const message of found) {
					message.visibleAt = now + hiddenMs;
					message.receipt = randomUUID();
					message.received++;
				}
				this.counters.received += found.length;
				return found;
			}
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, Math.min(500, deadline - now));
				timer.unref();
				this.#waiting.push(() => {
					clearTimeout(timer);
					resolve();
				});
			});
		}
	}

	/** Only the receipt of the last reading deletes. */
	remove(receipt: string): boolean {
		const place = this.#messages.findIndex((message) => message.receipt === receipt && receipt !== '');
		if (place < 0) return false;
		this.#messages.splice(place, 1);
		this.counters.deleted++;
		return true;
	}

	purge(): void {
		this.#messages.length = 0;
	}
}

function fail(type: string, message: string, status = 400): Reply {
	return { status, body: { __type: `com.amazonaws.sqs#${type}`, message }, headers: { 'x-amzn-query-error': `${type};Sender` } }; // prettier-ignore
}

function seconds(body: Record<string, unknown>, name: string, fallback: number, most: number): number {
	const value = body[name] === undefined ? fallback : Number(body[name]);
	return Number.isFinite(value) ? Math.min(Math.max(0, value), most) : fallback;
}

/** The queue service's JSON protocol, as far as a reader needs it: ReceiveMessage, DeleteMessage(Batch), GetQueueAttributes. */
export async function answerSqs(
	queues: readonly Queue[],
	target: string,
	path: string,
	body: Record<string, unknown>
): Promise<Reply> {
	const named = String(body.QueueUrl ?? path)
		.split('/')
		.at(-1);
	const queue = queues.find((one) => one.name === named);
	if (!queue) return fail('QueueDoesNotExist', 'The specified queue does not exist.');
	switch (target.replace(/^AmazonSQS\./, '')) {
		case 'ReceiveMessage': {
			const most = Number(body.MaxNumberOfMessages ?? 1);
			if (!Number.isInteger(most) || most < 1 || most > 10) {
				return fail('InvalidParameterValue', `Value ${most} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.`); // prettier-ignore
			}
			const wait = seconds(body, 'WaitTimeSeconds', 0, 20) * 1000;
			const found = await queue.receive(most, wait, seconds(body, 'VisibilityTimeout', 30, 43_200) * 1000);
			if (found.length === 0) return { status: 200, body: {} };
			return {
				status: 200,
				body: {
					Messages: found.map((message) => ({
						MessageId: message.id,
						ReceiptHandle: message.receipt,
						MD5OfBody: createHash('md5').update(message.body).digest('hex'),
						Body: message.body,
						Attributes: {
							SentTimestamp: String(message.sentAt),
							ApproximateReceiveCount: String(message.received)
						}
					}))
				}
			};
		}
		case 'DeleteMessage':
			if (!queue.remove(String(body.ReceiptHandle ?? ''))) {
				return fail('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');
			}
			return { status: 200, body: {} };
		case 'DeleteMessageBatch': {
			const entries = (body.Entries as { Id: string; ReceiptHandle: string }[] | undefined) ?? [];
			const done = entries.map((entry) => ({ Id: entry.Id, gone: queue.remove(entry.ReceiptHandle) }));
			return {
				status: 200,
				body: {
					Successful: done.filter(({ gone }) => gone).map(({ Id }) => ({ Id })),
					Failed: done.filter(({ gone }) => !gone).map(({ Id }) => ({ Id, SenderFault: true, Code: 'ReceiptHandleIsInvalid' })) // prettier-ignore
				}
			};
		}
		case 'GetQueueAttributes':
			return { status: 200, body: { Attributes: { ApproximateNumberOfMessages: String(queue.size), QueueArn: queue.arn } } }; // prettier-ignore
		default:
			return fail('UnsupportedOperation', `The simulator does not know ${target}`);
	}
}
