import { buyerOfOrder } from '../../world/market/buyers.ts';
import type { Market, MarketLine, MarketOrder, Site } from '../../world/market/model.ts';
import { stateOf } from '../../world/market/steps.ts';
import { fixed } from '../../world/money.ts';
import { DAY, isoUtc } from '../../world/time.ts';
import { marketplaceOf } from '../marketplaces.ts';

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

function money(cents: number, site: Site) {
	return { amount: fixed(cents), currencyCode: site.currency };
}

/** Id of an order's line. */
export function itemId(line: MarketLine): string {
	return String(52_000_000_000_000 + line.n * 17);
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

interface Sums {
	item: number;
	discount: number;
	shipping: number;
	tax: number;
	shippingTax: number;
}

function sumsOf(lines: readonly MarketLine[]): Sums {
	const sums = { item: 0, discount: 0, shipping: 0, tax: 0, shippingTax: 0 };
	for (const line of lines) {
		sums.item += line.gross;
		sums.discount += line.discount;
		sums.shipping += line.shipping;
		sums.tax += line.tax;
		sums.shippingTax += line.shippingTax;
	}
	return sums;
}

const totalOf = (sums: Sums) => sums.item - sums.discount + sums.shipping + sums.tax + sums.shippingTax;

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

function itemProceeds(order: MarketOrder, line: MarketLine) {
	const { site } = order;
	const sums = sumsOf([line]);
	const detail = (subtype: string, cents: number) => ({ subtype, value: money(cents, site) });
	return {
		proceedsTotal: money(totalOf(sums), site),
		breakdowns: [
			{ type: 'ITEM', subtotal: money(sums.item, site) },
			...(sums.shipping ? [{ type: 'SHIPPING', subtotal: money(sums.shipping, site) }] : []),
			...(sums.discount
				? [
						{
							type: 'DISCOUNT',
							subtotal: money(-sums.discount, site),
							detailedBreakdowns: [detail('ITEM', -sums.discount)]
						}
					]
				: []),
			...(sums.tax + sums.shippingTax
				? [
						{
							type: 'TAX',
							subtotal: money(sums.tax + sums.shippingTax, site),
							detailedBreakdowns: [
								detail('ITEM', sums.tax),
								...(sums.shippingTax ? [detail('SHIPPING', sums.shippingTax)] : [])
							]
						}
					]
				: [])
		]
	};
}

function itemView(order: MarketOrder, line: MarketLine, included: ReadonlySet<string>) {
	const { site } = order;
	const { offer } = line;
	const known = order.pricedAt > 0;
	const cancelled = order.cancelledAt > 0;
	const shipped = line.shippedAt ? line.quantity : 0;
	return {
		orderItemId: itemId(line),
		quantityOrdered: line.quantity,
		product: {
			asin: offer.itemId,
			title: titleOf(line),
			sellerSku: offer.sku,
			condition: { conditionType: 'NEW', conditionSubtype: 'NEW' },
			...(known && { price: { unitPrice: money(Math.round(line.price / 100), site) } })
		},
		...(known && !cancelled && included.has('PROCEEDS') && { proceeds: itemProceeds(order, line) }),
		...(line.discount > 0 &&
			known &&
			included.has('PROMOTION') && {
				promotion: {
					breakdowns: [
						{ promotionId: `PLM-${offer.itemId}-${Math.round((100 * line.discount) / line.gross)}` }
					]
				}
			}),
		...(cancelled &&
			included.has('CANCELLATION') && {
				cancellation: {
					cancellationExecution: {
						cancelledBy: order.cancelReason === 'BUYER_CANCELED' ? 'BUYER' : 'MERCHANT',
						cancelReason: order.cancelReason ?? 'NO_INVENTORY'
					}
				}
			}),
		...(included.has('FULFILLMENT') && {
			fulfillment: {
				quantityFulfilled: shipped,
				quantityUnfulfilled: cancelled ? 0 : line.quantity - shipped
			}
		}),
		...(included.has('TAX') && {
			tax: {
				taxCollections: [{ model: 'MARKETPLACE_FACILITATOR', responsibleParty: 'Amazon Services, Inc.' }]
			}
		})
	};
}

export function titleOf(line: MarketLine): string {
	const { product, option } = line.offer.variant;
	return option ? `${product.vendor} ${product.title}, ${option}` : `${product.vendor} ${product.title}`;
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
