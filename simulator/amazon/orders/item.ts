import type { MarketLine, MarketOrder, Site } from '../../world/market/model.ts';
import { fixed } from '../../world/money.ts';

export function money(cents: number, site: Site) {
	return { amount: fixed(cents), currencyCode: site.currency };
}

/** Id of an order's line. */
export function itemId(line: MarketLine): string {
	return String(52_000_000_000_000 + line.n * 17);
}

export function titleOf(line: MarketLine): string {
	const { product, option } = line.offer.variant;
	return option ? `${product.vendor} ${product.title}, ${option}` : `${product.vendor} ${product.title}`;
}

export interface Sums {
	item: number;
	discount: number;
	shipping: number;
	tax: number;
	shippingTax: number;
}

export function sumsOf(lines: readonly MarketLine[]): Sums {
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

export const totalOf = (sums: Sums) =>
	sums.item - sums.discount + sums.shipping + sums.tax + sums.shippingTax;

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

/** An order's line: no price while the order is pending, no proceeds when it is cancelled. */
export function itemView(order: MarketOrder, line: MarketLine, included: ReadonlySet<string>) {
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
