import { soldUnits } from '../../world/changes.ts';
import type { Line, Order, Refund } from '../../world/model.ts';
import { DAY, HOUR } from '../../world/time.ts';
import {
	customerOrderId,
	purchaseOrderId,
	relayAddress,
	replacementId,
	returnOrderId,
	uuidOf
} from '../ids.ts';
import type { Seller } from '../seller.ts';
import { nodeTypeOf } from './node-type.ts';
import { skuOfLine } from './sku.ts';

const PLACEHOLDER = 'nocxemail@walmartone.com';
const amount = (cents: number) => ({ currency: 'USD', amount: cents / 100 });
const pieces = (count: number) => ({ unitOfMeasurement: 'EACH', amount: String(count) });
const taxed = (name: string, tax: number) => ({ tax: { taxName: name, taxAmount: amount(tax) } });

/** True for a refund that came with a parcel sent back: it is told under /v3/returns. */
export function isReturn(refund: Refund): boolean {
	return refund.lines.length > 0 && refund.lines.every((line) => line.restockType === 'RETURN');
}

/** An order as GET /v3/orders tells it. */
export function orderView(seller: Seller, order: Order) {
	const id = purchaseOrderId(order);
	const summary = totalOf(order);
	return {
		purchaseOrderId: id,
		customerOrderId: customerOrderId(order),
		...buyer(seller, order),
		orderType: 'REGULAR',
		orderDate: order.createdAt,
		shippingInfo: shippingInfo(order),
		orderLines: { orderLine: order.lines.map((line, index) => orderLine(seller, order, line, index)) },
		paymentTypes: ['CREDITCARD'],
		orderSummary: {
			totalAmount: { currencyAmount: summary.total / 100, currencyUnit: 'USD' },
			orderSubTotals: [
				{
					subTotalType: 'PRODUCT',
					totalAmount: { currencyAmount: summary.product / 100, currencyUnit: 'USD' }
				},
				{
					subTotalType: 'SHIPPING',
					totalAmount: { currencyAmount: summary.shipping / 100, currencyUnit: 'USD' }
				}
			]
		},
		shipNode: shipNode(seller, order),
		...(seller.faults.has('F37') && { fieldOfTomorrow: { answer: 42 } })
	};
}

/** The free order that replaces a damaged one: its lines again, at no price. */
export function replacementView(seller: Seller, order: Order) {
	const original = orderView(seller, order);
	return {
		...original,
		purchaseOrderId: replacementId(order),
		customerOrderId: String(Number(original.customerOrderId) + 50_000_000),
		orderType: 'REPLACEMENT',
		originalCustomerOrderID: original.customerOrderId,
		orderDate: order.closedAt + DAY,
		orderLines: {
			orderLine: order.lines.slice(0, 1).map((line) => ({
				lineNumber: '1',
				item: { productName: line.title, sku: skuOfLine(seller, line), condition: 'New' },
				charges: {
					charge: [
						{ chargeType: 'PRODUCT', chargeName: 'ItemPrice', chargeAmount: amount(0), ...taxed('Tax1', 0) }
					]
				},
				orderLineQuantity: pieces(line.quantity),
				statusDate: order.closedAt + DAY,
				orderLineStatuses: { orderLineStatus: [{ status: 'Shipped', statusQuantity: pieces(line.quantity) }] }
			}))
		},
		orderSummary: { totalAmount: { currencyAmount: 0, currencyUnit: 'USD' }, orderSubTotals: [] }
	};
}

function buyer(seller: Seller, { customer }: Order) {
	if (seller.faults.has('F33') || !customer) return { customerEmailId: PLACEHOLDER };
	return { customerEmailId: relayAddress(customer.n), buyerId: uuidOf('buyer', customer.n) };
}

function shippingInfo(order: Order) {
	const { address, customer } = order;
	return {
		phone: '2025551234',
		estimatedDeliveryDate: order.createdAt + 5 * DAY,
		estimatedShipDate: order.createdAt + 2 * DAY,
		methodCode: 'Value',
		postalAddress: {
			name: [customer?.firstName, customer?.lastName].filter(Boolean).join(' ') || 'Walmart Customer',
			address1: address?.line1 ?? '702 SW 8th St',
			city: address?.city ?? 'Bentonville',
			state: address?.provinceCode ?? 'AR',
			postalCode: address?.zip ?? '72712',
			country: address?.countryCode === 'CA' ? 'CAN' : 'USA',
			addressType: 'RESIDENTIAL'
		}
	};
}

function shipNode(seller: Seller, order: Order) {
	const type = nodeTypeOf(seller, order);
	if (type === 'SellerFulfilled') {
		const location = seller.world.shop.locations[order.location];
		return { type, name: location?.name ?? 'Main', id: nodeId(order.location) };
	}
	return { type, name: type === 'WFSFulfilled' ? 'WFS' : '3PL', id: type };
}

/** The number of one of the seller's ship nodes. */
export function nodeId(location: number): string {
	return String(361_451_354_333_223_041n + BigInt(location));
}

function orderLine(seller: Seller, order: Order, line: Line, index: number) {
	const perUnit = seller.options.charges === 'unit';
	const own = (cents: number) => amount(perUnit ? cents / line.quantity : cents);
	const refund = refundNode(order, line);
	const charges = [
		{ chargeType: 'PRODUCT', chargeName: 'ItemPrice', chargeAmount: own(line.gross), ...taxed('Tax1', perUnit ? line.tax / line.quantity : line.tax) }
	]; // prettier-ignore
	if (line.discount > 0)
		charges.push({ chargeType: 'PRODUCT', chargeName: 'SubscriptionDiscount', chargeAmount: own(-line.discount), ...taxed('Tax1', 0) }); // prettier-ignore
	if (index === 0 && (order.shipping > 0 || order.shippingTax > 0))
		charges.push({ chargeType: 'SHIPPING', chargeName: 'Shipping', chargeAmount: amount(order.shipping), ...taxed('Tax2', order.shippingTax) }); // prettier-ignore
	const back = order.refunds.find((one) => isReturn(one) && one.lines.some((item) => item.line === line));
	return {
		lineNumber: String(index + 1),
		item: { productName: line.title, sku: skuOfLine(seller, line), condition: 'New' },
		charges: { charge: charges },
		orderLineQuantity: pieces(line.quantity),
		statusDate: statusDate(order, line, index),
		orderLineStatuses: { orderLineStatus: statuses(seller, order, line) },
		...(back && { returnOrderId: returnOrderId(back.n) }),
		...(refund && { refund }),
		fulfillment: { fulfillmentOption: 'S2H', shipMethod: 'VALUE', shippingProgramType: 'TWO_DAY' }
	};
}

/** What a line's pieces have become: a line can be cancelled, shipped and refunded in part at the same time. */
function statuses(seller: Seller, order: Order, line: Line) {
	const word = (status: string) =>
		seller.faults.has('F37') && status === 'Delivered' ? 'HandedToDrone' : status;
	let refunded = 0;
	let cancelled = line.quantity - soldUnits(order, line);
	for (const refund of order.refunds)
		for (const item of refund.lines)
			if (item.line === line) {
				if (item.restockType === 'CANCEL') cancelled += item.quantity;
				else refunded += item.quantity;
			}
	if (order.cancelledAt) cancelled = line.quantity - refunded;
	const left = Math.max(0, line.quantity - cancelled - refunded);
	const moving = order.fulfilled
		? order.n % 3 === 0
			? 'Shipped'
			: 'Delivered'
		: order.n % 2
			? 'Acknowledged'
			: 'Created';
	const list = [];
	if (left > 0)
		list.push({
			status: word(moving),
			statusQuantity: pieces(left),
			...(order.fulfilled && {
				trackingInfo: {
					shipDateTime: order.closedAt,
					carrierName: { carrier: 'FedEx' },
					methodCode: 'Value',
					trackingNumber: String(3_445_435_443_000_000 + order.n),
					trackingURL: 'https://www.fedex.com'
				}
			})
		});
	if (cancelled > 0)
		list.push({
			// F37: the same word in the spellings that other parts of the API use
			status: seller.faults.has('F37') ? ['Canceled', 'CANCELLED'][order.n % 2]! : 'Cancelled',
			statusQuantity: pieces(cancelled),
			cancellationReason: 'CUSTOMER_REQUESTED_SELLER_TO_CANCEL'
		});
	if (refunded > 0) list.push({ status: 'Refund', statusQuantity: pieces(refunded) });
	return list;
}

function statusDate(order: Order, line: Line, index: number): number {
	let at = Math.max(order.createdAt, order.cancelledAt, order.fulfilled ? order.closedAt : 0);
	if (!order.fulfilled && order.edited) at = Math.max(at, order.createdAt + HOUR);
	for (const refund of order.refunds) {
		const touches =
			refund.lines.some((item) => item.line === line) || (index === 0 && refund.lines.length === 0);
		if (touches) at = Math.max(at, refund.createdAt);
	}
	return at;
}

/** Money that went back without a parcel: goodwill, shipping, cancelled too late. */
function refundNode(order: Order, line: Line) {
	const charges: unknown[] = [];
	let id = 0;
	for (const refund of order.refunds) {
		if (isReturn(refund)) continue;
		const late = refund.lines.some((item) => item.restockType === 'CANCEL');
		const reason = late
			? 'CancelledYetShipped'
			: refund.lines.length === 0
				? 'IncorrectShippingPrice'
				: 'ItemNotReceivedByCustomer';
		const charge = (chargeType: string, chargeName: string, cents: number, tax: number) => {
			id = refund.n;
			charges.push({
				refundReason: reason,
				charge: { chargeType, chargeName, chargeAmount: amount(-cents), ...taxed('Tax1', -tax) }
			});
		};
		for (const item of refund.lines)
			if (item.line === line) charge('PRODUCT', 'ItemPrice', item.subtotal, item.tax);
		const firstLine = refund.lines[0]?.line ?? order.lines[0];
		if (firstLine !== line) continue;
		if (refund.shipping !== 0 || refund.shippingTax !== 0)
			charge('SHIPPING', 'Shipping', refund.shipping, refund.shippingTax);
		for (const one of refund.adjustments) charge('PRODUCT', 'General adjustment', -one.amount, -one.tax);
	}
	if (charges.length === 0) return null;
	return { refundId: String(id), refundComments: '', refundCharges: { refundCharge: charges } };
}

function totalOf(order: Order) {
	let product = 0;
	let tax = order.shippingTax;
	for (const line of order.lines) {
		product += line.gross - line.discount;
		tax += line.tax;
	}
	return { product, shipping: order.shipping, total: product + order.shipping + tax };
}
