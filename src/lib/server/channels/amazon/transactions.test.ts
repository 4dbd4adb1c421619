import { describe, expect, test } from 'vitest';
import type { Json } from '../json.ts';
import { refundedOrder, readTransaction } from './transactions.ts';

const money = (amount: number) => ({ currencyCode: 'USD', currencyAmount: amount });
const part = (breakdownType: string, amount: number, breakdowns: Json[] = []): Json => ({
	breakdownType,
	breakdownAmount: money(amount),
	breakdowns
});
const transaction = (more: Json): Json => ({
	transactionId: 't-1',
	transactionType: 'Shipment',
	transactionStatus: 'RELEASED',
	postedDate: '2026-11-02T10:00:00Z',
	relatedIdentifiers: [{ relatedIdentifierName: 'ORDER_ID', relatedIdentifierValue: '111-1111111-1111111' }],
	...more
});
const item = (total: number, breakdowns: Json[], sku = 'TIDE-1'): Json => ({
	totalAmount: money(total),
	contexts: [{ contextType: 'ProductContext', asin: 'B000000001', sku, quantityShipped: 2 }],
	breakdowns
});
const short = (node: Json) =>
	readTransaction(node).movements.map(({ externalId, kind, feeType, amount, state }) => [
		externalId,
		kind,
		feeType,
		Number(amount),
		state
	]);

describe('a transaction', () => {
	test('keeps fees by their name, with their own tax and base inside; the sale stands in the order', () => {
		const node = transaction({
			totalAmount: money(81.5),
			items: [
				item(81.5, [
					part('ProductCharges', 100, [part('OurPricePrincipal', 100)]),
					part('Tax', 8, [part('OurPriceTax', 8)]),
					part('TaxWithheld', -8, [part('MarketplaceFacilitatorTax', -8)]),
					part('AmazonFees', -18.5, [
						part('Commission', -15, [part('Base', -14), part('Tax', -1)]),
						part('FBAPerUnitFulfillmentFee', -3.5)
					])
				])
			]
		});
		expect(short(node)).toEqual([
			['t-1:TIDE-1:fee Commission', 'fee', 'Commission', -15, 'settled'],
			['t-1:TIDE-1:fee FBAPerUnitFulfillmentFee', 'fee', 'FBAPerUnitFulfillmentFee', -3.5, 'settled']
		]);
	});

	test('held back is deferred; released it keeps its id', () => {
		const fees = [item(-3, [part('AmazonFees', -3, [part('Commission', -3)])])];
		const held = transaction({ transactionStatus: 'DEFERRED', totalAmount: money(-3), items: fees });
		const released = transaction({
			transactionStatus: 'DEFERRED_RELEASED',
			totalAmount: money(-3),
			items: fees
		});
		expect(short(held)).toEqual([['t-1:TIDE-1:fee Commission', 'fee', 'Commission', -3, 'deferred']]);
		expect(short(released)[0]!.slice(0, 4)).toEqual(short(held)[0]!.slice(0, 4));
		expect(short(released)[0]![4]).toBe('settled');
	});

	test('a refund is a refund of its order, its kept commission a fee of its own', () => {
		const node = transaction({
			transactionType: 'Refund',
			totalAmount: money(-52.65),
			items: [
				item(-52.65, [
					part('ProductCharges', -50, [part('OurPricePrincipal', -50)]),
					part('PromotionRebates', 5, [part('OurPricePromotion', 5)]),
					part('Shipping', -4.99, [part('ShippingPrincipal', -4.99)]),
					part('Tax', -4, [part('OurPriceTax', -4)]),
					part('TaxWithheld', 4, [part('MarketplaceFacilitatorTax', 4)]),
					part('AmazonFees', -2.66, [part('Commission', 7.5), part('RefundCommission', -10.16)])
				])
			]
		});
		expect(refundedOrder(node)).toBe('111-1111111-1111111');
		expect(readTransaction(node).refund).toEqual({
			orderExternalId: '111-1111111-1111111',
			refund: {
				externalId: 't-1',
				refundedAt: '2026-11-02T10:00:00Z',
				total: '53.99',
				lines: [
					{
						externalId: 'item:TIDE-1',
						kind: 'item',
						lineExternalId: 'TIDE-1',
						quantity: 2,
						amount: '45.00',
						tax: '4.00'
					},
					{ externalId: 'shipping:TIDE-1', kind: 'shipping', amount: '4.99', tax: '0' }
				]
			}
		});
		expect(short(node).map(([, kind, name, amount]) => [kind, name, amount])).toEqual([
			['fee', 'Commission', 7.5],
			['refund_fee', 'RefundCommission', -10.16]
		]);
	});

	test('what stands beside the items is not lost, and unknown parts are kept as other', () => {
		const node = transaction({
			totalAmount: money(88),
			items: [item(95, [part('ProductCharges', 100), part('ChargeOfTomorrow', -5)])]
		});
		expect(short(node).map(([, kind, name, amount]) => [kind, name, amount])).toEqual([
			['other', 'ChargeOfTomorrow', -5],
			['other', 'Shipment', -7]
		]);
	});

	test.each([
		['ServiceFee', 'Expenses', 'AmazonFees', 'fee'],
		['ShippingServices', 'Expenses', 'ShippingServices', 'shipping_label'],
		['Transfer', 'Sales', 'Transfer', 'payout'],
		['Adjustment', 'Sales', 'FBAInventoryReimbursement', 'adjustment'],
		['ProductAdsPayment', 'Expenses', 'Advertising', 'fee']
	])('%s of the account is a %s', (type, side, name, kind) => {
		const node = transaction({
			transactionType: type,
			relatedIdentifiers: [],
			totalAmount: money(-39.99),
			breakdowns: [part(side, -39.99, [part(name, -39.99)])]
		});
		const [movement] = readTransaction(node).movements;
		expect(movement).toMatchObject({ kind, amount: '-39.99', orderExternalId: null });
	});
});
