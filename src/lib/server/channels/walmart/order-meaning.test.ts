import { expect, test } from 'vitest';
import { decideKind } from '../../orders/kind.ts';
import type { Json } from '../json.ts';
import { Unparsable } from '../unparsable.ts';
import { parseWalmartOrder, wantsReturns } from './parse-order.ts';

const DAY = 86_400_000;
const T = Date.parse('2026-11-01T12:00:00Z');
const usd = (amount: number) => ({ currency: 'USD', amount });
const each = (amount: string) => ({ unitOfMeasurement: 'EACH', amount });
const charge = (chargeType: string, chargeName: string, amount: number, tax = 0) => ({
	chargeType,
	chargeName,
	chargeAmount: usd(amount),
	tax: { taxName: 'Tax1', taxAmount: usd(tax) }
});

interface LineWish {
	number?: string;
	sku?: string;
	quantity?: string;
	charges?: unknown[];
	statuses?: [string, string][];
	statusDate?: number;
	more?: Json;
}
function line({
	number = '1',
	sku = 'MUG',
	quantity = '1',
	charges,
	statuses,
	statusDate = T,
	more
}: LineWish = {}) {
	return {
		lineNumber: number,
		item: { productName: 'Mug', sku, condition: 'New' },
		charges: { charge: charges ?? [charge('PRODUCT', 'ItemPrice', 20, 1.6)] },
		orderLineQuantity: each(quantity),
		statusDate,
		orderLineStatuses: {
			orderLineStatus: (statuses ?? [['Shipped', quantity]]).map(([status, pieces]) => ({
				status,
				statusQuantity: each(pieces)
			}))
		},
		...more
	};
}
function order(lines: unknown[], more: Json = {}): Json {
	return {
		purchaseOrderId: '1796277083022',
		customerOrderId: '5281956426648',
		customerEmailId: '3A31739D8B0A45A1B23F7F8C81C8747F@relay.walmart.com',
		orderDate: T,
		shippingInfo: {
			phone: '3155598681',
			postalAddress: { name: 'Joe Doe', city: 'LIVERPOOL', state: 'NY', postalCode: '13090', country: 'USA' }
		},
		orderLines: { orderLine: lines },
		...more
	};
}
const returned = (quantity: number, perUnit: number, tax: number, more: Json = {}) => ({
	returnOrderId: '103738048909818825',
	customerOrderId: '5281956426648',
	returnOrderDate: new Date(T + 5 * DAY).toISOString(),
	returnOrderLines: [
		{
			returnOrderLineNumber: 1,
			purchaseOrderId: '1796277083022',
			purchaseOrderLineNumber: 1,
			charges: [
				{
					chargeCategory: 'PRODUCT',
					chargeName: 'ItemPrice',
					chargePerUnit: { currencyAmount: perUnit, currencyUnit: 'USD' },
					tax: [{ taxName: 'Tax1', taxPerUnit: { currencyAmount: tax, currencyUnit: 'USD' } }]
				}
			],
			quantity: { unitOfMeasure: 'EACH', measurementValue: quantity },
			refundedQty: quantity,
			currentRefundStatus: 'REFUND_COMPLETED',
			currentTrackingStatuses: [
				{
					status: 'COMPLETED',
					statusTime: new Date(T + 9 * DAY).toISOString(),
					currentRefundStatus: 'REFUND_COMPLETED'
				}
			]
		}
	],
	...more
});
const read = (node: Json) => parseWalmartOrder(node, 'poll');

test('F33: quantities are texts, dates are epoch milliseconds, a SKU keeps its signs', () => {
	const parsed = read(
		order([line({ sku: 'AF/50% off', quantity: '2', charges: [charge('PRODUCT', 'ItemPrice', 39.98, 3.2)] })])
	);
	expect(parsed).toMatchObject({
		externalId: '1796277083022',
		placedAt: '2026-11-01T12:00:00.000Z',
		currency: 'USD',
		status: 'shipped',
		tax: '3.2',
		total: '43.18',
		lines: [
			{
				sku: 'AF/50% off',
				listingExternalId: 'AF/50% off',
				quantity: 2,
				unitPrice: '19.99',
				gross: '39.98',
				tax: '3.2'
			}
		]
	});
	expect(parsed.customer).toMatchObject({
		externalId: '3a31739d8b0a45a1b23f7f8c81c8747f@relay.walmart.com',
		name: 'Joe Doe',
		country: 'US'
	});
});

test('F33: the placeholder address is nobody: without a buyer id there is no customer', () => {
	const placeholder = { customerEmailId: 'nocxemail@walmartone.com' };
	expect(read(order([line()], placeholder)).customer).toBeNull();
	const named = read(order([line()], { ...placeholder, buyerId: '06f2a6a1-8a26-4f0c-8b7d-9a1c0d1e2f30' }));
	expect(named.customer).toMatchObject({ externalId: '06f2a6a1-8a26-4f0c-8b7d-9a1c0d1e2f30', email: null });
});

test('F34: lines end cancelled, shipped and refunded, each for itself', () => {
	const parsed = read({
		...order([
			line({
				number: '1',
				charges: [charge('PRODUCT', 'ItemPrice', 10, 0.8)],
				statuses: [['Refund', '1']],
				more: { returnOrderId: '103738048909818825' }
			}),
			line({
				number: '2',
				sku: 'BOWL',
				charges: [charge('PRODUCT', 'ItemPrice', 30, 2.4)],
				statuses: [['Cancelled', '1']]
			}),
			line({
				number: '3',
				sku: 'CUP',
				quantity: '3',
				charges: [charge('PRODUCT', 'ItemPrice', 15, 1.2), charge('SHIPPING', 'Shipping', 5, 0.4)],
				statuses: [
					['Shipped', '2'],
					['Cancelled', '1']
				]
			})
		]),
		returns: [returned(1, 10, 0.8)]
	});
	expect(parsed.status).toBe('partially_refunded');
	expect(parsed.lines.map(({ quantity, gross, tax }) => [quantity, gross, tax])).toEqual([
		[1, '10', '0.8'],
		[0, '0', '0'],
		[2, '10', '0.8']
	]);
	expect(parsed).toMatchObject({ shipping: '5', tax: '2', cancelledAt: null });
	expect(parsed.refunds).toMatchObject([
		{
			externalId: '103738048909818825:1',
			refundedAt: new Date(T + 9 * DAY).toISOString(),
			total: '10.8',
			lines: [{ kind: 'item', lineExternalId: '1', quantity: 1, amount: '10', tax: '0.8' }]
		}
	]);
	expect(decideKind(parsed)).toBe('sale');
});

test('F34: a replacement is free and no sale', () => {
	const parsed = read(
		order([line({ charges: [charge('PRODUCT', 'ItemPrice', 0)] })], {
			orderType: 'REPLACEMENT',
			originalCustomerOrderID: '52819'
		})
	);
	expect(parsed).toMatchObject({ isReplacement: true, total: '0' });
	expect(decideKind(parsed)).toBe('replacement');
});

test('an order that is cancelled as a whole keeps what was ordered and counts nothing', () => {
	const parsed = read(order([line({ statuses: [['Cancelled', '1']], statusDate: T + 3_600_000 })]));
	expect(parsed).toMatchObject({
		status: 'cancelled',
		cancelledAt: '2026-11-01T13:00:00.000Z',
		lines: [{ quantity: 1, gross: '20' }]
	});
	expect(decideKind(parsed)).toBe('cancelled');
});

test('pieces that were charged and cancelled too late were sold and given back', () => {
	const refund = {
		refundId: '9',
		refundCharges: {
			refundCharge: [
				{ refundReason: 'CancelledYetShipped', charge: charge('PRODUCT', 'ItemPrice', -20, -1.6) }
			]
		}
	};
	const parsed = read(
		order([line({ statuses: [['Cancelled', '1']], statusDate: T + DAY, more: { refund } })])
	);
	expect(parsed).toMatchObject({ cancelledAt: null, lines: [{ quantity: 1, gross: '20' }] });
	expect(parsed.refunds).toMatchObject([
		{
			externalId: 'line:1',
			refundedAt: '2026-11-02T12:00:00.000Z',
			total: '21.6',
			lines: [{ kind: 'item', amount: '20', tax: '1.6' }]
		}
	]);
});

test('goodwill without a return stands at the line; the same money told twice counts once', () => {
	const refund = (item: number, shipping: number) => ({
		refundId: '9',
		refundCharges: {
			refundCharge: [
				...(item
					? [{ refundReason: 'BillingError', charge: charge('PRODUCT', 'Billing Error', -item) }]
					: []),
				...(shipping
					? [{ refundReason: 'BillingError', charge: charge('SHIPPING', 'Billing Error', -shipping) }]
					: [])
			]
		}
	});
	const charges = [charge('PRODUCT', 'ItemPrice', 20), charge('SHIPPING', 'Shipping', 5)];
	const amounts = (node: Json) =>
		read(node).refunds.map((one) => one.lines.map(({ kind, amount }) => [kind, amount]));
	expect(amounts(order([line({ charges, more: { refund: refund(0, 5) } })]))).toEqual([[['shipping', '5']]]);
	const both = (item: number, shipping: number) => ({
		...order([line({ charges, more: { refund: refund(item, shipping), returnOrderId: '1' } })]),
		returns: [returned(1, 20, 0)]
	});
	expect(amounts(both(20, 0))).toEqual([[['item', '20']]]);
	expect(amounts(both(0, 5))).toEqual([[['item', '20']], [['shipping', '5']]]);
	expect(amounts(both(20, 5))).toEqual([[['item', '20']], [['shipping', '5']]]);
});

test('a return that gave back less than its lines has an adjustment', () => {
	const node = {
		...order([line({ more: { returnOrderId: '1' } })]),
		returns: [returned(1, 20, 1.6, { totalRefundAmount: { currencyAmount: 16.6, currencyUnit: 'USD' } })]
	};
	expect(read(node).refunds).toMatchObject([
		{
			total: '16.6',
			lines: [
				{ kind: 'item', amount: '20' },
				{ kind: 'adjustment', amount: '-5' }
			]
		}
	]);
});

test('a return that nothing was refunded for yet is no refund', () => {
	const waiting = returned(1, 20, 1.6);
	Object.assign(waiting.returnOrderLines[0]!, { refundedQty: 0, currentRefundStatus: 'REFUND_INITIATED' });
	expect(read({ ...order([line()]), returns: [waiting] }).refunds).toEqual([]);
});

test('charges for each piece are told apart by the order’s own total; a subscription discount takes away', () => {
	const charges = [charge('PRODUCT', 'ItemPrice', 10, 0.8), charge('PRODUCT', 'SubscriptionDiscount', -1, 0)];
	const summary = (total: number) => ({
		orderSummary: { totalAmount: { currencyAmount: total, currencyUnit: 'USD' } }
	});
	const lines = [line({ quantity: '3', charges })];
	expect(read(order(lines, summary(29.4))).lines).toMatchObject([
		{ quantity: 3, gross: '30', discount: '3', tax: '2.4' }
	]);
	expect(read(order(lines, summary(9.8))).lines).toMatchObject([
		{ quantity: 3, gross: '10', discount: '1', tax: '0.8' }
	]);
	expect(read(order(lines)).lines).toMatchObject([{ gross: '10' }]);
});

test('F37: other spellings, unknown words and new fields are read; nothing is dropped', () => {
	const spelled = order([line({ statuses: [['CANCELED', '1']] })], { fieldOfTomorrow: { a: 1 } });
	expect(read(spelled).status).toBe('cancelled');
	const strange = read(order([line({ statuses: [['HandedToDrone', '1']] })]));
	expect(strange).toMatchObject({
		status: 'other',
		fulfillmentStatus: 'HandedToDrone',
		lines: [{ quantity: 1, gross: '20' }]
	});
	expect(wantsReturns(order([line({ statuses: [['Refund', '1']] })]))).toBe(true);
	expect(wantsReturns(order([line()]))).toBe(false);
});

test('an order without prices counts in pieces until Walmart tells them', () => {
	expect(read(order([line({ charges: [] })]))).toMatchObject({
		priceKnown: false,
		total: null,
		lines: [{ quantity: 1, gross: null, unitPrice: null }]
	});
	expect(read(order([line()])).priceKnown).toBe(true);
});

test('a list of one is read also where a gateway writes it without brackets', () => {
	const whole = order([line({ quantity: '2' })]);
	const only = (list: unknown) => (list as unknown[])[0];
	const [first] = (whole.orderLines as { orderLine: Json[] }).orderLine;
	const single = {
		...first,
		charges: { charge: only((first!.charges as { charge: unknown }).charge) },
		orderLineStatuses: { orderLineStatus: { status: 'Shipped' } }
	};
	expect(read({ ...whole, orderLines: { orderLine: single } }).lines).toEqual(read(whole).lines);
});

test('what cannot be read says where', () => {
	expect(() => read(order([]))).toThrow(Unparsable);
	expect(() => read(order([line({ quantity: 'two' })]))).toThrow(
		'Line 1: the quantity is missing or not readable.'
	);
	expect(() => read({ ...order([line()]), orderDate: 'yesterday' })).toThrow('The order date');
});
