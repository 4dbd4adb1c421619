import { describe, expect, test } from 'vitest';
import { decideKind, toChannelOrder } from '../../../orders/index.ts';
import type { Json } from '../../json.ts';
import { canonicalOrder, withRefunds } from './canonical.ts';
import { readOrder, statusWord } from './read-order.ts';
import { readReportOrder } from './report-row.ts';
import type { RawOrder } from './raw.ts';

const eur = (amount: string) => ({ amount, currencyCode: 'EUR' });
const order = (more: Json = {}, item: Json = {}): Json => ({
	orderId: '302-1111111-1111111',
	createdTime: '2026-11-01T10:00:00Z',
	lastUpdatedTime: '2026-11-02T10:00:00Z',
	salesChannel: { channelName: 'AMAZON', marketplaceId: 'A1PA6795UKMFR9' },
	fulfillment: { fulfillmentStatus: 'SHIPPED', fulfilledBy: 'AMAZON' },
	orderItems: [
		{
			orderItemId: '1',
			quantityOrdered: 2,
			product: { asin: 'B000000001', sellerSku: 'TIDE-1', title: 'Lamp', price: { unitPrice: eur('59.50') } },
			proceeds: {
				proceedsTotal: eur('119.00'),
				breakdowns: [
					{ type: 'ITEM', subtotal: eur('119.00') },
					{
						type: 'TAX',
						subtotal: eur('19.00'),
						detailedBreakdowns: [{ subtype: 'ITEM', value: eur('19.00') }]
					}
				]
			},
			...item
		}
	],
	...more
});
const meant = (raw: RawOrder) =>
	toChannelOrder(canonicalOrder(raw, 'USD'), { payload: '{}', source: 'poll' });
const api = (node: Json) => meant(readOrder(node));

describe('an order of the API', () => {
	test('is without tax where prices contain it, and with it beside where they do not', () => {
		expect(api(order()).lines[0]).toMatchObject({ gross: '100', tax: '19', quantity: 2 });
		const american = order(
			{},
			{
				proceeds: {
					proceedsTotal: eur('114.00'),
					breakdowns: [
						{ type: 'ITEM', subtotal: eur('100.00') },
						{ type: 'SHIPPING', subtotal: eur('9.00') },
						{
							type: 'DISCOUNT',
							subtotal: eur('-14.00'),
							detailedBreakdowns: [
								{ subtype: 'ITEM', value: eur('-5.00') },
								{ subtype: 'SHIPPING', value: eur('-9.00') }
							]
						},
						{ type: 'TAX', subtotal: eur('19.00') }
					]
				}
			}
		);
		const read = api(american);
		expect(read).toMatchObject({ shipping: '0', tax: '19' });
		expect(read.lines[0]).toMatchObject({ gross: '100', discount: '5' });
	});

	test('that is pending has no price, no buyer, and the currency of its marketplace', () => {
		const pending = order(
			{ fulfillment: { fulfillmentStatus: 'PENDING' } },
			{ proceeds: undefined, product: { asin: 'B000000001', sellerSku: 'TIDE-1', title: 'Lamp' } }
		);
		const read = api(pending);
		expect(read).toMatchObject({ priceKnown: false, currency: 'EUR', status: 'pending', customer: null });
		expect(read.lines[0]).toMatchObject({ gross: null, unitPrice: null, quantity: 2 });
		expect(decideKind(read)).toBe('sale');
	});

	test.each(['Canceled', 'CANCELLED', 'Cancelled', 'canceled'])('says %s and is cancelled', (word) => {
		expect(statusWord(word)).toBe('CANCELLED');
		const read = api(order({ fulfillment: { fulfillmentStatus: word } }, { proceeds: undefined }));
		expect(read).toMatchObject({ status: 'cancelled', cancelledAt: '2026-11-02T10:00:00.000Z' });
		expect(decideKind(read)).toBe('cancelled');
	});

	test('that replaces another, or only ships for another channel, is no sale', () => {
		const associatedOrders = [{ orderId: '302-0', associationType: 'REPLACEMENT_ORIGINAL_ID' }];
		expect(decideKind(api(order({ associatedOrders })))).toBe('replacement');
		const elsewhere = api(order({ salesChannel: { channelName: 'NON_AMAZON' } }));
		expect(decideKind(elsewhere)).toBe('adjustment');
		expect(elsewhere.lines[0]).toMatchObject({ quantity: 0, gross: '0', adjustment: { quantity: '2' } });
	});

	test('with a stand-in address makes no customer', () => {
		const buyer = { buyerName: 'Jo', buyerEmail: 'x1y2@marketplace.amazon.de' };
		expect(api(order({ buyer })).customer).toBeNull();
	});

	test('with two lines of one SKU keeps both, and a refund finds its line', () => {
		const [item] = order().orderItems as Json[];
		const read = api(order({ orderItems: [item, { ...item, orderItemId: '2' }] }));
		expect(read.lines.map(({ externalId }) => externalId)).toEqual(['TIDE-1', 'TIDE-1#2']);
		const line = (lineExternalId: string) => ({
			externalId: `item:${lineExternalId}`,
			kind: 'item' as const,
			lineExternalId,
			amount: '100.00'
		});
		const refund = { externalId: 'r', refundedAt: '2026-11-05T00:00:00Z' };
		const part = withRefunds(read, [{ ...refund, lines: [line('TIDE-1'), line('GONE')] }]);
		expect(part.refunds[0]!.lines.map(({ lineExternalId }) => lineExternalId)).toEqual(['TIDE-1', null]);
		expect(part.status).toBe('refunded');
		expect(withRefunds(read, [{ ...refund, lines: [line('TIDE-1')] }]).status).toBe('partially_refunded');
	});
});

describe('an order of the report', () => {
	const row = (more: Json = {}): Json => ({
		'amazon-order-id': '302-1111111-1111111',
		'purchase-date': '2026-11-01T10:00:00+00:00',
		'last-updated-date': '2026-11-02T10:00:00+00:00',
		'order-status': 'Shipped',
		'sales-channel': 'Amazon.de',
		sku: 'TIDE-1',
		asin: 'B000000001',
		'product-name': 'Lamp',
		quantity: '2',
		currency: 'EUR',
		'item-price': '119.00',
		'item-tax': '19.00',
		...more
	});

	test('means what the API says of the same order', () => {
		const { lines, ...report } = meant(readReportOrder({ rows: [row()] }));
		const same = api(order());
		expect(report).toMatchObject({
			externalId: same.externalId,
			status: 'shipped',
			currency: 'EUR',
			tax: '19'
		});
		expect(lines[0]).toMatchObject({ externalId: 'TIDE-1', gross: '100', quantity: 2 });
	});

	test('that is pending names no currency: its front does', () => {
		const pending = row({ 'order-status': 'Pending', currency: '', 'item-price': '', 'item-tax': '' });
		expect(meant(readReportOrder({ rows: [pending] }))).toMatchObject({ currency: 'EUR', priceKnown: false });
	});

	test('whose price is no number says which column', () => {
		expect(() => readReportOrder({ rows: [row({ 'item-price': '12,50' })] })).toThrow('item-price');
	});
});
