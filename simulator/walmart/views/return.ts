import type { Order, Refund, RefundLine } from '../../world/model.ts';
import { DAY } from '../../world/time.ts';
import { customerOrderId, purchaseOrderId, relayAddress, returnOrderId } from '../ids.ts';
import type { Seller } from '../seller.ts';
import { skuOfLine } from './sku.ts';

const money = (cents: number) => ({ currencyAmount: cents / 100, currencyUnit: 'USD' });
const pieces = (count: number) => ({ unitOfMeasure: 'EACH', measurementValue: count });

/** A parcel that came back, as GET /v3/returns tells it. Amounts are for each piece, with what does not divide as the excess. */
export function returnView(seller: Seller, order: Order, refund: Refund) {
	const { customer } = order;
	let total = refund.shipping + refund.shippingTax;
	for (const item of refund.lines) total += item.subtotal + item.tax;
	for (const one of refund.adjustments) total -= one.amount + one.tax;
	const placed = new Date(Math.max(order.createdAt, refund.createdAt - 3 * DAY)).toISOString();
	return {
		returnOrderId: returnOrderId(refund.n),
		customerEmailId:
			seller.faults.has('F33') || !customer ? 'nocxemail@walmartone.com' : relayAddress(customer.n),
		returnType: 'REFUND',
		customerName: { firstName: customer?.firstName ?? '', lastName: customer?.lastName ?? '' },
		customerOrderId: customerOrderId(order),
		returnOrderDate: placed,
		returnByDate: new Date(refund.createdAt + 30 * DAY).toISOString(),
		refundMode: 'POST_DELIVERY',
		totalRefundAmount: money(total),
		returnLineGroups: [
			{
				groupNo: 1,
				returnLines: refund.lines.map((_, index) => ({ returnOrderLineNumber: index + 1 })),
				labels: [],
				returnExpectedFlag: true
			}
		],
		returnOrderLines: refund.lines.map((item, index) => returnLine(seller, order, refund, item, index)),
		returnChannel: { channelName: 'ONLINE' }
	};
}

function returnLine(seller: Seller, order: Order, refund: Refund, item: RefundLine, index: number) {
	const at = new Date(refund.createdAt).toISOString();
	const number = order.lines.indexOf(item.line) + 1;
	const charges = [charge('PRODUCT', 'ItemPrice', item.subtotal, item.tax, item.quantity)];
	if (index === 0 && (refund.shipping !== 0 || refund.shippingTax !== 0))
		charges.push(charge('SHIPPING', 'Shipping', refund.shipping, refund.shippingTax, item.quantity));
	const done = seller.faults.has('F37') && refund.n % 2 ? 'Refund_Completed' : 'REFUND_COMPLETED';
	return {
		returnOrderLineNumber: index + 1,
		salesOrderLineNumber: number,
		sellerOrderId: '',
		returnReason: 'NO_LONGER_WANT',
		purchaseOrderId: purchaseOrderId(order),
		purchaseOrderLineNumber: number,
		isReturnForException: false,
		item: {
			sku: skuOfLine(seller, item.line),
			condition: 'New',
			productName: item.line.title,
			itemWeight: { unitOfMeasure: 'POUND', measurementValue: 1 }
		},
		charges,
		unitPrice: money(Math.floor(item.subtotal / item.quantity)),
		chargeTotals: [
			{ name: 'lineSubTotal', value: money(item.subtotal) },
			{ name: 'lineTotalTaxes', value: money(item.tax) },
			{ name: 'lineTotal', value: money(item.subtotal + item.tax) }
		],
		cancellableQty: 0,
		quantity: pieces(item.quantity),
		returnExpectedFlag: true,
		isFastReplacement: false,
		isKeepIt: false,
		lastItem: false,
		refundedQty: item.quantity,
		rechargeableQty: 0,
		refundChannel: 'SELLER_AUTO_REFUND',
		returnTrackingDetail: [
			{ sequenceNo: 0, eventTag: 'RETURN_INITIATED', eventDescription: 'Return initiated for MARKET_PLACE', eventTime: at, references: [] }
		], // prettier-ignore
		status: 'COMPLETED',
		statusTime: at,
		currentDeliveryStatus: 'DELIVERED',
		currentRefundStatus: done,
		currentTrackingStatuses: [
			{ status: 'COMPLETED', statusTime: at, currentRefundStatus: done, quantity: pieces(item.quantity) }
		],
		refundChannels: [{ refundChannelName: 'SELLER_AUTO_REFUND', quantity: pieces(item.quantity) }]
	};
}

function charge(category: string, name: string, cents: number, tax: number, quantity: number) {
	const each = Math.trunc(cents / quantity);
	const taxEach = Math.trunc(tax / quantity);
	return {
		chargeCategory: category,
		chargeName: name,
		chargePerUnit: money(each),
		isDiscount: false,
		isBillable: true,
		tax: [
			{ taxName: category === 'SHIPPING' ? 'Tax2' : 'Tax1', excessTax: money(tax - taxEach * quantity), taxPerUnit: money(taxEach) }
		], // prettier-ignore
		excessCharge: money(cents - each * quantity),
		references: []
	};
}
