import { buyerOfOrder } from '../../world/market/buyers.ts';
import type { MarketOrder, MarketRefund, MarketRefundLine } from '../../world/market/model.ts';
import { DAY } from '../../world/time.ts';
import { customerOrderId, relayAddress, returnOrderId } from '../ids.ts';
import type { Seller } from '../seller.ts';
import { PLACEHOLDER_EMAIL, titleOf } from './order.ts';

const money = (cents: number) => ({ currencyAmount: cents / 100, currencyUnit: 'USD' });
const pieces = (count: number) => ({ unitOfMeasure: 'EACH', measurementValue: count });

/** A parcel that came back, as GET /v3/returns tells it. Amounts are for each piece, with what does not divide as the excess. */
export function returnView(seller: Seller, order: MarketOrder, refund: MarketRefund) {
	const buyer = buyerOfOrder(seller.market, order);
	const [firstName, ...lastName] = buyer.name.split(' ');
	const back = refund.lines.filter((item) => item.quantity > 0);
	let total = 0;
	for (const item of back) total += item.subtotal + item.tax + item.shipping + item.shippingTax;
	return {
		returnOrderId: returnOrderId(refund.n),
		customerEmailId: seller.faults.has('F33') ? PLACEHOLDER_EMAIL : relayAddress(seller.market, order.buyer),
		returnType: 'REFUND',
		customerName: { firstName, lastName: lastName.join(' ') },
		customerOrderId: customerOrderId(order),
		returnOrderDate: new Date(Math.max(order.createdAt, refund.at - 3 * DAY)).toISOString(),
		returnByDate: new Date(refund.at + 30 * DAY).toISOString(),
		refundMode: 'POST_DELIVERY',
		totalRefundAmount: money(total),
		returnLineGroups: [
			{
				groupNo: 1,
				returnLines: back.map((_, index) => ({ returnOrderLineNumber: index + 1 })),
				labels: [],
				returnExpectedFlag: true
			}
		],
		returnOrderLines: back.map((item, index) => returnLine(seller, order, refund, item, index)),
		returnChannel: { channelName: 'ONLINE' }
	};
}

function returnLine(
	seller: Seller,
	order: MarketOrder,
	refund: MarketRefund,
	item: MarketRefundLine,
	index: number
) {
	const at = new Date(refund.at).toISOString();
	const number = order.lines.indexOf(item.line) + 1;
	const charges = [charge('PRODUCT', 'ItemPrice', item.subtotal, item.tax, item.quantity)];
	if (item.shipping !== 0 || item.shippingTax !== 0)
		charges.push(charge('SHIPPING', 'Shipping', item.shipping, item.shippingTax, item.quantity));
	// F37: a spelling of another part of the API
	const done = seller.faults.has('F37') && refund.n % 2 ? 'Refund_Completed' : 'REFUND_COMPLETED';
	const { sku, variant } = item.line.offer;
	return {
		returnOrderLineNumber: index + 1,
		salesOrderLineNumber: number,
		sellerOrderId: '',
		returnReason: 'NO_LONGER_WANT',
		purchaseOrderId: order.id,
		purchaseOrderLineNumber: number,
		isReturnForException: false,
		item: {
			sku,
			condition: 'New',
			productName: titleOf(variant),
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
