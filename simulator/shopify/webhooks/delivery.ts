import { randomUUID } from 'node:crypto';
import { fulfil } from '../../world/changes.ts';
import type { Change, Order } from '../../world/model.ts';
import { MINUTE, SECOND } from '../../world/time.ts';
import { addUnknowns } from '../../faults.ts';
import type { Tenant } from '../tenant.ts';
import { orderPayload } from './order-payload.ts';
import { payloadOf } from './payload.ts';
import { createPoster } from './post.ts';
import { signed, type Delivery } from './sign.ts';
import { topicHeader } from './subscription.ts';

export interface DeliveryStats {
	delivered: number;
	attempts: number;
	failedAttempts: number;
	givenUp: number;
	dropped: number;
	removedSubscriptions: number;
	forgedRefused: number;
	forgedAccepted: number;
	pending: number;
	latencyMs: { p50: number; p99: number };
}

/** Eight retries in about four hours, as documented; divided by the simulator's speed. */
const RETRY_DELAYS = [
	10 * SECOND,
	MINUTE,
	5 * MINUTE,
	10 * MINUTE,
	30 * MINUTE,
	45 * MINUTE,
	60 * MINUTE,
	88 * MINUTE
];
const AT_ONCE = 64;
const REMEMBERED = 200;

export interface DelivererOptions {
	enabled: boolean;
	/** Divides the waits between retries. */
	speed: number;
	now: () => number;
	/** Signs with the secret before the last rotation. */
	signWithPrevious: () => boolean;
}

export type Deliverer = ReturnType<typeof createDeliverer>;

/** Sends webhooks to the subscriptions of a shop: signed, retried, and misbehaving when a fault says so. */
export function createDeliverer(options: DelivererOptions) {
	const poster = createPoster(AT_ONCE);
	const queue: Delivery[] = [];
	const recent: Delivery[] = [];
	const latencies: number[] = [];
	const timers = new Set<NodeJS.Timeout>();
	const counts = {
		delivered: 0,
		attempts: 0,
		failedAttempts: 0,
		givenUp: 0,
		dropped: 0,
		removedSubscriptions: 0,
		forgedRefused: 0,
		forgedAccepted: 0
	};
	let active = 0;
	let head = 0;
	let closed = false;

	function later(delay: number, run: () => void): void {
		const timer = setTimeout(() => {
			timers.delete(timer);
			run();
		}, delay);
		timer.unref();
		timers.add(timer);
	}

	function enqueue(delivery: Delivery): void {
		if (closed) return;
		queue.push(delivery);
		pump();
	}

	function pump(): void {
		while (active < AT_ONCE && head < queue.length) {
			const delivery = queue[head++]!;
			active++;
			void attempt(delivery).finally(() => {
				active--;
				pump();
			});
		}
		if (head > 5000 && head * 2 > queue.length) {
			queue.splice(0, head);
			head = 0;
		}
	}

	async function attempt(delivery: Delivery): Promise<void> {
		const started = performance.now();
		counts.attempts++;
		const status = await deliver(delivery).catch(() => 0);
		const ok = status >= 200 && status < 300;
		if (delivery.forged) {
			if (ok) counts.forgedAccepted++;
			else counts.forgedRefused++;
			return;
		}
		if (ok) {
			counts.delivered++;
			delivery.subscription.failures = 0;
			latencies.push(performance.now() - started);
			if (latencies.length > 2000) latencies.splice(0, 1000);
			return;
		}
		counts.failedAttempts++;
		const wait = RETRY_DELAYS[delivery.attempt];
		if (wait === undefined) {
			counts.givenUp++;
			removeSubscription(delivery);
			return;
		}
		later(wait / options.speed, () => enqueue({ ...delivery, attempt: delivery.attempt + 1 }));
	}

	function removeSubscription({ tenant, subscription }: Delivery): void {
		const place = tenant.subscriptions.indexOf(subscription);
		if (place < 0) return;
		tenant.subscriptions.splice(place, 1);
		counts.removedSubscriptions++;
	}

	function deliver(delivery: Delivery): Promise<number> {
		const { body, headers } = signed(delivery, options.signWithPrevious());
		return poster.post(delivery.subscription.uri, body, headers);
	}

	function send(tenant: Tenant, topic: string, payload: unknown, triggeredAt = options.now()): void {
		if (!options.enabled) return;
		const subscriptions = tenant.subscriptions.filter((s) => topicHeader(s.topic) === topic);
		if (subscriptions.length === 0) return;
		const { faults } = tenant;
		if (faults.has('F20')) {
			counts.dropped += subscriptions.length;
			counts.removedSubscriptions += tenant.subscriptions.splice(0).length;
			return;
		}
		const body = JSON.stringify(faults.has('F37') ? addUnknowns(payload) : payload);
		const eventId = randomUUID();
		for (const subscription of subscriptions) {
			const delivery: Delivery = {
				tenant,
				subscription,
				topic,
				body,
				webhookId: randomUUID(),
				eventId,
				triggeredAt,
				attempt: 0,
				forged: null
			};
			remember(delivery);
			enqueue(delivery);
			if (faults.has('F17')) {
				enqueue(delivery);
				later(300, () => enqueue(delivery));
			}
			if (faults.has('F19')) {
				for (const forged of ['signature', 'reserialised', 'missing'] as const) {
					enqueue({ ...delivery, webhookId: randomUUID(), forged });
				}
			}
		}
	}

	function remember(delivery: Delivery): void {
		recent.push(delivery);
		if (recent.length > REMEMBERED * 2) recent.splice(0, REMEMBERED);
	}

	/** F18: the update overtakes the creation, and the creation comes once more when it is long stale. */
	function sendOutOfOrder(tenant: Tenant, order: Order): void {
		const triggeredAt = options.now();
		const stale = orderPayload(tenant.shop, order);
		for (const next of fulfil(tenant.shop, order, order.updatedAt + 2 * SECOND)) {
			if (next.topic === 'orders/updated') send(tenant, next.topic, payloadOf(tenant.shop, next));
		}
		later(250, () => {
			const before = recent.length;
			send(tenant, 'orders/create', stale, triggeredAt);
			const sent = recent.slice(before);
			later(2500, () => sent.forEach((delivery) => enqueue(delivery)));
		});
	}

	return {
		/** Sends what happened to everyone subscribed to it. */
		publish(tenant: Tenant, changes: readonly Change[]): void {
			if (!options.enabled || (tenant.subscriptions.length === 0 && !tenant.faults.has('F18'))) return;
			for (const change of changes) {
				if (change.topic === 'orders/create' && tenant.faults.has('F18'))
					sendOutOfOrder(tenant, change.order);
				else if (tenant.subscriptions.length > 0) sendIfWanted(tenant, change);
			}
		},
		send,
		/** Sends the newest delivery again, with the same ids and body. */
		resend(times: number, count = 1): number {
			const again = recent.slice(-count);
			for (const delivery of again) {
				for (let i = 0; i < times; i++) enqueue({ ...delivery, attempt: 0 });
			}
			return again.length * times;
		},
		stats(): DeliveryStats {
			const order = [...latencies].sort((a, b) => a - b);
			const at = (share: number) => Math.round((order[Math.floor(order.length * share)] ?? 0) * 10) / 10;
			const pending = queue.length - head + active + timers.size;
			return { ...counts, pending, latencyMs: { p50: at(0.5), p99: at(0.99) } };
		},
		close(): void {
			closed = true;
			for (const timer of timers) clearTimeout(timer);
			poster.close();
		}
	};

	function sendIfWanted(tenant: Tenant, change: Change): void {
		// The body is built only for someone: a busy shop has many changes nobody subscribed to.
		if (!tenant.subscriptions.some((s) => topicHeader(s.topic) === change.topic)) return;
		send(tenant, change.topic, payloadOf(tenant.shop, change));
	}
}
