import type { Change, Shop } from '../../world/model.ts';
import { orderPayload, refundPayload } from './order-payload.ts';
import { customerPayload, levelPayload, productPayload } from './record-payload.ts';

/** The body of a webhook: the REST shape with numeric ids and snake case, times in the shop's zone. */
export function payloadOf(shop: Shop, change: Change): Record<string, unknown> {
	switch (change.topic) {
		case 'refunds/create':
			return refundPayload(shop, change.order, change.refund);
		case 'inventory_levels/update':
			return levelPayload(shop, change.variant, change.location);
		case 'products/update':
			return productPayload(shop, change.product);
		case 'customers/create':
		case 'customers/update':
			return customerPayload(shop, change.customer);
		default:
			return orderPayload(shop, change.order);
	}
}
