import { createHash, createHmac, randomUUID } from 'node:crypto';
import { createPoster } from '../shopify/webhooks/post.ts';
import type { MarketChange, MarketOrder } from '../world/market/model.ts';
import { sellerUnits } from '../world/market/stock.ts';
import { nodeTypeOf } from './ids.ts';
import type { Seller } from './seller.ts';
import type { Subscription } from './subscriptions.ts';
import { orderView } from './views/order.ts';

/** Three deliveries in all. */
const RETRY_DELAYS = [5_000, 60_000];

export type Deliveries = ReturnType<typeof createDeliveries>;

/** Posts Walmart's notifications: signed as its page "Security and authenticity" says, tried three times in all. */
export function createDeliveries(seller: Seller) {
	const poster = createPoster(16);
	const timers = new Set<NodeJS.Timeout>();
	const counts = { delivered: 0, failed: 0, givenUp: 0 };
	let closed = false;

	async function attempt(subscription: Subscription, body: string, tries: number): Promise<void> {
		const status = await poster
			.post(subscription.eventUrl, body, headersOf(seller, subscription, body))
			.catch(() => 0);
		if (status >= 200 && status < 300) {
			counts.delivered++;
			return;
		}
		counts.failed++;
		const wait = RETRY_DELAYS[tries];
		if (wait === undefined || closed) {
			counts.givenUp++;
			return;
		}
		const timer = setTimeout(() => {
			timers.delete(timer);
			void attempt(subscription, body, tries + 1);
		}, wait / seller.options.speed);
		timer.unref();
		timers.add(timer);
	}

	function send(eventType: string, payload: unknown): void {
		if (!seller.connected) return;
		for (const subscription of seller.subscriptions.values()) {
			if (subscription.eventType !== eventType || subscription.status !== 'ACTIVE') continue;
			const body = JSON.stringify({
				source: {
					eventType,
					eventVersion: subscription.eventVersion,
					eventTime: new Date(seller.options.now()).toISOString(),
					eventId: randomUUID(),
					resourceName: subscription.resourceName,
					partnerId: seller.partnerId,
					subscriptionId: subscription.id
				},
				payload
			});
			void attempt(subscription, body, 0);
		}
	}

	return {
		send,
		/** Tells what happened to an order, as far as Walmart has an event for it. */
		hear({ kind, order }: MarketChange): void {
			if (seller.subscriptions.size === 0) return;
			if (kind === 'created') {
				send('PO_CREATED', orderEvent(seller, order));
				for (const { offer } of order.lines)
					if ((offer.stock?.available ?? sellerUnits(offer)) <= 0) send('INVENTORY_OOS', { sku: offer.sku });
			} else if (kind === 'status' && order.cancelledAt)
				send('PO_LINE_AUTOCANCELLED', orderEvent(seller, order));
		},
		stats: () => ({ ...counts, pending: timers.size }),
		close(): void {
			closed = true;
			for (const timer of timers) clearTimeout(timer);
			poster.close();
		}
	};
}

function orderEvent(seller: Seller, order: MarketOrder) {
	const { orderLines } = orderView(seller, order);
	return {
		purchaseOrderId: order.id,
		shipNodeType: nodeTypeOf(order),
		orderDate: new Date(order.createdAt).toISOString(),
		orderLines: orderLines.orderLine.map(({ lineNumber, item }) => ({ lineNumber, sku: item.sku }))
	};
}

/** The headers of a delivery: an HMAC over method, path, time and body, or HTTP Basic, as the subscription asks. */
export function headersOf(seller: Seller, subscription: Subscription, body: string): Record<string, string> {
	const headers: Record<string, string> = {
		'Content-Type': 'application/json',
		'User-Agent': 'Walmart-Notifications'
	};
	const { authDetails } = subscription;
	if (authDetails?.authMethod === 'BASIC_AUTH') {
		const pair = `${authDetails.userName}:${authDetails.password}`;
		headers[authDetails.authHeaderName ?? 'Authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
	} else if (authDetails?.authMethod === 'HMAC') {
		const url = new URL(subscription.eventUrl);
		const timestamp = String(Math.floor(seller.options.now() / 1000));
		const text = [
			'POST',
			url.pathname + url.search,
			timestamp,
			createHash('sha256').update(body).digest('hex')
		].join('\n');
		headers['WM_SEC.TIMESTAMP'] = timestamp;
		headers['WM_SEC.SIGNATURE'] = createHmac('sha256', authDetails.clientSecret ?? '')
			.update(text)
			.digest('base64');
	}
	return headers;
}
