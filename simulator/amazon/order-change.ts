import { randomUUID } from 'node:crypto';
import { buyerOfOrder } from '../world/market/buyers.ts';
import type { Market, MarketChange, MarketOrder } from '../world/market/model.ts';
import { stateOf } from '../world/market/steps.ts';
import { DAY, isoUtc } from '../world/time.ts';
import { marketplaceIdOf } from './marketplaces.ts';
import { itemId } from './orders/item.ts';
import type { AmazonSeller } from './seller.ts';

/** The words of the notifications are those of the older API. */
const STATUS: Readonly<Record<ReturnType<typeof stateOf>, string>> = {
	pending: 'Pending',
	unshipped: 'Unshipped',
	partially_shipped: 'PartiallyShipped',
	shipped: 'Shipped',
	cancelled: 'Canceled'
};
const F06_HIDDEN_MS = 30_000;
const F15_HIDDEN_MS = 5_000;
const F15_HELD_MS = 400;

/** An ORDER_CHANGE notification, version 1.0, as it stands in a queue. */
export function orderChange(
	seller: AmazonSeller,
	market: Market,
	order: MarketOrder,
	at: number,
	subscriptionId: string
) {
	const state = stateOf(order);
	const shipped = order.lines.reduce((sum, line) => sum + (line.shippedAt ? line.quantity : 0), 0);
	const all = order.lines.reduce((sum, line) => sum + line.quantity, 0);
	const known = order.pricedAt > 0;
	return {
		NotificationVersion: '1.0',
		NotificationType: 'ORDER_CHANGE',
		PayloadVersion: '1.0',
		EventTime: new Date(at).toISOString(),
		Payload: {
			OrderChangeNotification: {
				NotificationLevel: 'OrderLevel',
				SellerId: seller.sellerId,
				AmazonOrderId: order.id,
				OrderChangeType: 'OrderStatusChange',
				OrderChangeTrigger: { TimeOfOrderChange: isoUtc(at), ChangeReason: 'Order status changed' },
				Summary: {
					MarketplaceId: marketplaceIdOf(order),
					OrderStatus: STATUS[state],
					PurchaseDate: isoUtc(order.createdAt),
					DestinationPostalCode: known ? buyerOfOrder(market, order).address.zip : null,
					FulfillmentType: order.fulfilment === 'seller' ? 'MFN' : 'AFN',
					OrderType: 'StandardOrder',
					NumberOfItemsShipped: shipped,
					NumberOfItemsUnshipped: order.cancelledAt ? 0 : all - shipped,
					EarliestShipDate: isoUtc(order.createdAt),
					LatestShipDate: isoUtc(order.createdAt + 2 * DAY),
					OrderPrograms: order.prime ? ['Prime'] : [],
					OrderItems: order.lines.map((line) => ({
						OrderItemId: itemId(line),
						SellerSKU: line.offer.sku,
						SupplySourceId: null,
						OrderItemStatus: line.shippedAt ? 'Shipped' : 'Unshipped',
						Quantity: line.quantity,
						QuantityShipped: line.shippedAt ? line.quantity : 0
					}))
				}
			}
		},
		NotificationMetadata: {
			ApplicationId: seller.applicationId,
			SubscriptionId: subscriptionId,
			PublishTime: new Date().toISOString(),
			NotificationId: randomUUID()
		}
	};
}

/** Tells of orders as they come and change; F06 and F15 hide new ones for a while, F15 repeats and shuffles. */
export function watchOrders(seller: AmazonSeller, market: Market, send: (body: unknown) => void): void {
	let held: unknown[] = [];
	let timer: NodeJS.Timeout | undefined;
	const release = () => {
		// The newest first, then all of them once more.
		const shuffled = [...held].reverse();
		held = [];
		timer = undefined;
		for (const body of [...shuffled, ...shuffled]) send(body);
	};
	market.listeners.add(({ kind, order, at }: MarketChange) => {
		const { faults } = seller;
		if (kind === 'created') {
			if (faults.has('F06') && seller.turns.every('F06', 2))
				seller.hidden.set(order, seller.now() + F06_HIDDEN_MS);
			if (faults.has('F15')) seller.hidden.set(order, seller.now() + F15_HIDDEN_MS);
		}
		if (kind !== 'created' && kind !== 'status') return;
		const subscription = seller.subscriptions.get('ORDER_CHANGE');
		const destination = subscription && seller.destinations.get(subscription.destinationId);
		if (!subscription || destination?.resource.sqs?.arn !== seller.queue.arn) return;
		const body = orderChange(seller, market, order, at, subscription.subscriptionId);
		if (!faults.has('F15')) {
			send(body);
			return;
		}
		held.push(body);
		timer ??= setTimeout(release, F15_HELD_MS).unref();
	});
}
