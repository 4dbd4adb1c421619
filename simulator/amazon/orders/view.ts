import { buyerOfOrder } from '../../world/market/buyers.ts';
import type { Market, MarketOrder } from '../../world/market/model.ts';
import { stateOf } from '../../world/market/steps.ts';
import { DAY, isoUtc } from '../../world/time.ts';
import { marketplaceOf } from '../marketplaces.ts';
import { itemId, itemView, money, sumsOf, totalOf } from './item.ts';

export const INCLUDED: readonly string[] = [
	'BUYER', 'RECIPIENT', 'PROCEEDS', 'EXPENSE', 'PROMOTION', 'CANCELLATION', 'FULFILLMENT', 'PACKAGES', 'TAX', 'PAYMENT',
	'FULFILLMENT_ORDERS'
]; // prettier-ignore

export const STATUSES: readonly string[] = [
	'PENDING_AVAILABILITY', 'PENDING', 'UNSHIPPED', 'PARTIALLY_SHIPPED', 'SHIPPED', 'CANCELLED', 'UNFULFILLABLE'
]; // prettier-ignore

export function statusOf(order: MarketOrder): string {
	return stateOf(order).toUpperCase();
}

/** An order as version 2026-01-01 shows it: no price and no people while it is pending. */
export function orderView(market: Market, order: MarketOrder, included: ReadonlySet<string>) {
	const { site } = order;
	const marketplace = marketplaceOf(site);
	const known = order.pricedAt > 0;
	const cancelled = order.cancelledAt > 0;
	const merchant = order.fulfilment === 'seller';
	const programs = [...(order.prime ? ['PRIME'] : []), ...(order.business ? ['AMAZON_BUSINESS'] : [])];
	return {
		orderId: order.id,
		createdTime: isoUtc(order.createdAt),
		lastUpdatedTime: isoUtc(order.updatedAt),
		...(programs.length > 0 && { programs }),
		...(order.replacementOf && {
			associatedOrders: [{ orderId: order.replacementOf.id, associationType: 'REPLACEMENT_ORIGINAL_ID' }]
		}),
		salesChannel: {
			channelName: 'AMAZON',
			marketplaceId: marketplace.id,
			marketplaceName: marketplace.name
		},
		...(known && included.has('BUYER') && { buyer: buyerView(market, order, merchant) }),
		...(known && included.has('RECIPIENT') && { recipient: recipientView(market, order, merchant) }),
		...(known && !cancelled && included.has('PROCEEDS') && { proceeds: orderProceeds(order) }),
		...(included.has('FULFILLMENT') && { fulfillment: fulfillmentView(order, merchant) }),
		orderItems: order.lines.map((line) => itemView(order, line, included)),
		...(merchant && included.has('PACKAGES') && { packages: packagesOf(order) })
	};
}

function buyerView(market: Market, order: MarketOrder, merchant: boolean) {
	const buyer = buyerOfOrder(market, order);
	return {
		...(merchant && { buyerName: buyer.name, buyerEmail: standInAddress(market, order) }),
		...(order.business && { buyerCompanyName: `${buyer.name.split(' ')[1]} & Partners` })
	};
}

/** Amazon gives sellers a stand-in for the buyer's address, the same for the same buyer. */
export function standInAddress(market: Market, order: MarketOrder): string {
	const mixed = ((order.buyer * 2_654_435_761) % 4_294_967_296).toString(36).padStart(7, '0');
	return `${mixed}${order.buyer.toString(36)}@marketplace.amazon.${marketplaceOf(order.site).domain.replace('www.amazon.', '')}`;
}

function recipientView(market: Market, order: MarketOrder, merchant: boolean) {
	const { name, address, phone } = buyerOfOrder(market, order);
	return {
		deliveryAddress: {
			...(merchant && { name, addressLine1: address.line1 ?? '', phone }),
			city: address.city ?? '',
			...(address.provinceCode && { stateOrRegion: address.provinceCode }),
			postalCode: address.zip ?? '',
			countryCode: address.countryCode ?? order.site.country,
			addressType: order.business ? 'COMMERCIAL' : 'RESIDENTIAL'
		}
	};
}

function orderProceeds(order: MarketOrder) {
	const { site } = order;
	const sums = sumsOf(order.lines);
	const parts: [string, number][] = [
		['ITEM', sums.item],
		['SHIPPING', sums.shipping],
		['DISCOUNT', -sums.discount],
		['TAX', sums.tax + sums.shippingTax]
	];
	return {
		grandTotal: money(totalOf(sums), site),
		breakdowns: parts
			.filter(([type, cents]) => cents !== 0 || type === 'ITEM')
			.map(([type, cents]) => ({ type, subtotal: money(cents, site) }))
	};
}

function fulfillmentView(order: MarketOrder, merchant: boolean) {
	const window = (from: number, until: number) => ({
		earliestDateTime: isoUtc(order.createdAt + from * DAY),
		latestDateTime: isoUtc(order.createdAt + until * DAY)
	});
	return {
		fulfillmentStatus: statusOf(order),
		fulfilledBy: merchant ? 'MERCHANT' : 'AMAZON',
		fulfillmentServiceLevel: order.express ? 'EXPEDITED' : 'STANDARD',
		shipByWindow: window(0, 2),
		deliverByWindow: window(2, 6)
	};
}

/** One package for each time something left. */
function packagesOf(order: MarketOrder) {
	const times = [...new Set(order.lines.map((line) => line.shippedAt).filter((at) => at > 0))];
	return times.map((at, place) => ({
		packageReferenceId: String(place + 1),
		createdTime: isoUtc(at - 3_600_000),
		packageStatus: order.deliveredAt
			? { status: 'DELIVERED', detailedStatus: 'DELIVERED' }
			: { status: 'IN_TRANSIT', detailedStatus: 'PICKED_UP' },
		carrier: 'UPS',
		shipTime: isoUtc(at),
		shippingService: 'UPS Ground',
		trackingNumber: `1Z${String(order.n * 7919 + place).padStart(16, '0')}`,
		packageItems: order.lines
			.filter((line) => line.shippedAt === at)
			.map((line) => ({ orderItemId: itemId(line), quantity: line.quantity }))
	}));
}
