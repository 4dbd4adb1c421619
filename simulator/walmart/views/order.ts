import { buyerOfOrder } from '../../world/market/buyers.ts';
import type { MarketLine, MarketOrder, MarketRefund } from '../../world/market/model.ts';
import { DAY } from '../../world/time.ts';
import { customerOrderId, nodeId, nodeTypeOf, relayAddress, returnOrderId, uuidOf } from '../ids.ts';
import type { Seller } from '../seller.ts';

export const PLACEHOLDER_EMAIL = 'nocxemail@walmartone.com';
const amount = (cents: number) => ({ currency: 'USD', amount: cents / 100 });
const total = (cents: number) => ({ currencyAmount: cents / 100, currencyUnit: 'USD' });
const pieces = (count: number) => ({ unitOfMeasurement: 'EACH', amount: String(count) });
const taxed = (name: string, tax: number) => ({ tax: { taxName: name, taxAmount: amount(tax) } });

/** True for a refund that came with a parcel sent back: it is told under /v3/returns. The others stand at the order's line. */
export function isReturn(refund: MarketRefund): boolean {
	return refund.lines.some((item) => item.quantity > 0);
}

/** An order as GET /v3/orders tells it. */
export function orderView(seller: Seller, order: MarketOrder) {
	const buyer = buyerOfOrder(seller.market, order);
	const { address } = buyer;
	const { replacementOf } = order;
	return {
		purchaseOrderId: order.id,
		customerOrderId: customerOrderId(order),
		...(seller.faults.has('F33')
			? { customerEmailId: PLACEHOLDER_EMAIL }
			: {
					customerEmailId: relayAddress(seller.market, order.buyer),
					buyerId: uuidOf('buyer', seller.market.seed, order.buyer)
				}),
		orderType: replacementOf ? 'REPLACEMENT' : 'REGULAR',
		...(replacementOf && { originalCustomerOrderID: customerOrderId(replacementOf) }),
		orderDate: order.createdAt,
		shippingInfo: {
			phone: buyer.phone.replace(/\D/g, ''),
			estimatedDeliveryDate: order.createdAt + 5 * DAY,
			estimatedShipDate: order.createdAt + 2 * DAY,
			methodCode: order.express ? 'Express' : 'Value',
			postalAddress: {
				name: buyer.name,
				address1: address.line1 ?? '',
				city: address.city ?? '',
				state: address.provinceCode ?? '',
				postalCode: address.zip ?? '',
				country: 'USA',
				addressType: order.business ? 'OFFICE' : 'RESIDENTIAL'
			}
		},
		orderLines: { orderLine: order.lines.map((line, index) => orderLine(seller, order, line, index)) },
		paymentTypes: ['CREDITCARD'],
		orderSummary: orderSummary(order),
		shipNode: shipNode(seller, order),
		...(seller.faults.has('F37') && { fieldOfTomorrow: { answer: 42 } })
	};
}

function orderSummary(order: MarketOrder) {
	let product = 0;
	let shipping = 0;
	let tax = 0;
	for (const line of order.lines) {
		product += line.gross - line.discount;
		shipping += line.shipping;
		tax += line.tax + line.shippingTax;
	}
	return {
		totalAmount: total(product + shipping + tax),
		orderSubTotals: [
			{ subTotalType: 'PRODUCT', totalAmount: total(product) },
			{ subTotalType: 'SHIPPING', totalAmount: total(shipping) },
			{ subTotalType: 'TAX', totalAmount: total(tax) }
		]
	};
}

function shipNode(seller: Seller, order: MarketOrder) {
	const type = nodeTypeOf(order);
	if (type !== 'SellerFulfilled') return { type, name: type === 'WFSFulfilled' ? 'WFS' : '3PL', id: type };
	const { locations } = seller.market.shop;
	return { type, name: locations[order.location]?.name ?? 'Main', id: nodeId(order.location) };
}

function orderLine(seller: Seller, order: MarketOrder, line: MarketLine, index: number) {
	const each = seller.options.charges === 'unit' ? line.quantity : 1;
	const charges = [
		{ chargeType: 'PRODUCT', chargeName: 'ItemPrice', chargeAmount: amount(line.gross / each), ...taxed('Tax1', line.tax / each) }
	]; // prettier-ignore
	if (line.discount > 0)
		charges.push({ chargeType: 'PRODUCT', chargeName: 'SubscriptionDiscount', chargeAmount: amount(-line.discount / each), ...taxed('Tax1', 0) }); // prettier-ignore
	if (line.shipping > 0 || line.shippingTax > 0)
		charges.push({ chargeType: 'SHIPPING', chargeName: 'Shipping', chargeAmount: amount(line.shipping), ...taxed('Tax2', line.shippingTax) }); // prettier-ignore
	const back = order.refunds.find((one) => isReturn(one) && one.lines.some((item) => item.line === line));
	const refund = refundNode(order, line);
	const { variant, sku } = line.offer;
	return {
		lineNumber: String(index + 1),
		item: { productName: titleOf(variant), sku, condition: 'New' },
		charges: { charge: charges },
		orderLineQuantity: pieces(line.quantity),
		statusDate: statusDate(order, line),
		orderLineStatuses: { orderLineStatus: statuses(seller, order, line) },
		...(back && { returnOrderId: returnOrderId(back.n) }),
		...(refund && { refund }),
		fulfillment: { fulfillmentOption: 'S2H', shipMethod: 'VALUE', shippingProgramType: 'TWO_DAY' }
	};
}

/** The name of what is sold, with its size where it has one. */
export function titleOf({ product, option }: MarketLine['offer']['variant']): string {
	return option ? `${product.title}, ${option}` : product.title;
}

/** What a line's pieces have become: some may be shipped and others refunded at the same time. */
function statuses(seller: Seller, order: MarketOrder, line: MarketLine) {
	const strange = seller.faults.has('F37');
	if (line.cancelledAt)
		return [
			{
				// F37: the same word in the spellings that other parts of the API use
				status: strange ? ['Canceled', 'CANCELLED'][order.n % 2]! : 'Cancelled',
				statusQuantity: pieces(line.quantity),
				cancellationReason: order.cancelReason ?? 'SELLER_CANCEL_OUT_OF_STOCK'
			}
		];
	const list = [];
	const left = line.quantity - line.refundedUnits;
	const delivered = strange ? 'HandedToDrone' : 'Delivered';
	const word = line.shippedAt
		? order.deliveredAt
			? delivered
			: 'Shipped'
		: order.acknowledgedAt
			? 'Acknowledged'
			: 'Created';
	if (left > 0)
		list.push({
			status: word,
			statusQuantity: pieces(left),
			...(line.shippedAt && {
				trackingInfo: {
					shipDateTime: line.shippedAt,
					carrierName: { carrier: 'FedEx' },
					methodCode: 'Value',
					trackingNumber: String(3_445_435_443_000_000 + line.n),
					trackingURL: 'https://www.fedex.com'
				}
			})
		});
	if (line.refundedUnits > 0) list.push({ status: 'Refund', statusQuantity: pieces(line.refundedUnits) });
	return list;
}

function statusDate(order: MarketOrder, line: MarketLine): number {
	const delivered = line.cancelledAt ? 0 : order.deliveredAt;
	let at = Math.max(order.createdAt, order.acknowledgedAt, line.shippedAt, line.cancelledAt, delivered);
	for (const refund of order.refunds)
		if (refund.lines.some((item) => item.line === line)) at = Math.max(at, refund.at);
	return at;
}

/** Money that went back without a parcel. */
function refundNode(order: MarketOrder, line: MarketLine) {
	const charges: unknown[] = [];
	let id = 0;
	for (const refund of order.refunds) {
		if (isReturn(refund)) continue;
		for (const item of refund.lines) {
			if (item.line !== line || item.shipping + item.shippingTax === 0) continue;
			id = refund.n;
			charges.push({
				refundReason: 'IncorrectShippingPrice',
				charge: { chargeType: 'SHIPPING', chargeName: 'Shipping', chargeAmount: amount(-item.shipping), ...taxed('Tax2', -item.shippingTax) }
			}); // prettier-ignore
		}
	}
	return charges.length === 0
		? null
		: { refundId: String(id), refundComments: '', refundCharges: { refundCharge: charges } };
}
