import { settings } from '../../platform/running.ts';

/** A queue to which Amazon sends notifications, with a key that may read it. */
export interface NotificationQueue {
	url: string;
	accessKeyId: string;
	secretAccessKey: string;
}

const held = globalThis as unknown as { tidemarkSimulatedQueues?: Map<string, NotificationQueue> };
/** Simulated ones by the address of their simulator; they live as long as it does, in this process. */
const simulated = (held.tidemarkSimulatedQueues ??= new Map());

/** Remembers the queue of a simulator. */
export function simulatedQueue(apiUrl: string, queue: NotificationQueue): void {
	simulated.set(apiUrl, queue);
}

/** Forgets a simulator that has ended. */
export function forgetSimulatedQueue(apiUrl: string): void {
	simulated.delete(apiUrl);
}

/** The queue that a connection's notifications go to; null when there is none. */
export function queueOf(baseUrl: string | null): NotificationQueue | null {
	if (baseUrl !== null) return simulated.get(baseUrl) ?? null;
	const { AMAZON_SQS_URL, AMAZON_SQS_ACCESS_KEY_ID, AMAZON_SQS_SECRET_ACCESS_KEY } = settings();
	if (!AMAZON_SQS_URL || !AMAZON_SQS_ACCESS_KEY_ID || !AMAZON_SQS_SECRET_ACCESS_KEY) return null;
	return {
		url: AMAZON_SQS_URL,
		accessKeyId: AMAZON_SQS_ACCESS_KEY_ID,
		secretAccessKey: AMAZON_SQS_SECRET_ACCESS_KEY
	};
}

/** Every queue that is to be read, with the simulator it belongs to. */
export function allQueues(): { queue: NotificationQueue; baseUrl: string | null }[] {
	const own = queueOf(null);
	return [
		...(own ? [{ queue: own, baseUrl: null }] : []),
		...[...simulated].map(([baseUrl, queue]) => ({ queue, baseUrl }))
	];
}

/** The queue's name in Amazon's directory, out of its URL: `https://sqs.REGION.amazonaws.com/ACCOUNT/NAME`. */
export function arnOf(queue: NotificationQueue): string {
	const { hostname, pathname } = new URL(queue.url);
	const region = /^sqs\.([a-z0-9-]+)\.amazonaws\.com$/.exec(hostname)?.[1] ?? 'us-east-1';
	const [account, name] = pathname.split('/').slice(-2);
	return `arn:aws:sqs:${region}:${account}:${name}`;
}
