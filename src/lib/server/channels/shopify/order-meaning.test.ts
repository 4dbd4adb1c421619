import { expect, test } from 'vitest';
import { parseRestOrder } from './parse-order.ts';

const money = (amount: string) => ({
	shop_money: { amount, currency_code: 'USD' },
	presentment_money: { amount, currency_code: 'USD' }
});
const line = (given: Record<string, unknown> = {}) => ({
	id: 11,
	title: 'Mug',
	sku: 'MUG',
	quantity: 2,
	current_quantity: 2,
	price_set: money('10.00'),
	...given
});
const item = (quantity: number, subtotal: string, restock_type = 'return') => ({
	id: 31,
	line_item_id: 11,
	quantity,
	restock_type,
	subtotal_set: money(subtotal),
	total_tax_set: money('0.00')
});
const refund = (given: Record<string, unknown> = {}) => ({
	id: 21,
	processed_at: '2026-11-03T10:00:00Z',
	...given
});
const parse = (given: Record<string, unknown> = {}) =>
	parseRestOrder(
		{
			id: 1,
			name: '#1',
			processed_at: '2026-11-01T10:00:00Z',
			updated_at: '2026-11-03T10:00:00Z',
			currency: 'USD',
			financial_status: 'paid',
			fulfillment_status: null,
			total_price_set: money('20.00'),
			total_tax_set: money('0.00'),
			total_shipping_price_set: money('0.00'),
			line_items: [line()],
			refunds: [],
			...given
		},
		'{}'
	);

test('a removed piece restates the order, a refunded one does not', () => {
	expect(parse({ line_items: [line({ current_quantity: 1 })] }).lines[0]).toMatchObject({
		quantity: 1,
		gross: '10'
	});
	const refunded = parse({
		line_items: [line({ current_quantity: 1 })],
		refunds: [refund({ refund_line_items: [item(1, '10.00')] })]
	});
	expect(refunded.lines[0]).toMatchObject({ quantity: 2, gross: '20' });
	expect(refunded.refunds[0]!.lines[0]).toMatchObject({
		kind: 'item',
		quantity: 1,
		amount: '10',
		restocked: true
	});
});

test('prices that include tax lose it, and the net is exact', () => {
	const taxed = line({
		tax_lines: [{ price_set: money('3.00') }],
		discount_allocations: [{ amount_set: money('2.00') }]
	});
	const order = parse({
		taxes_included: true,
		line_items: [taxed],
		total_price_set: money('18.00'),
		total_tax_set: money('3.00')
	});
	expect(order.lines[0]).toMatchObject({ gross: '17', discount: '2', tax: '3' });
	expect(order.total).toBe('18');
});

test('a discrepancy lessens the refund, refunded shipping is told once', () => {
	const adjustments = [
		{
			id: 41,
			kind: 'refund_discrepancy',
			amount_set: money('5.00'),
			tax_amount_set: money('0.00')
		},
		{ id: 42, kind: 'shipping_refund', amount_set: money('-4.00'), tax_amount_set: money('-1.00') }
	];
	const shipping = [{ id: 51, subtotal_amount_set: money('4.00'), tax_amount_set: money('1.00') }];
	for (const refund_shipping_lines of [[], shipping]) {
		const [only] = parse({
			refunds: [
				refund({
					refund_line_items: [item(2, '20.00', 'no_restock')],
					order_adjustments: adjustments,
					refund_shipping_lines,
					transactions: [{ kind: 'refund', status: 'success', amount: '20.00', currency: 'USD' }]
				})
			]
		}).refunds;
		expect(only!.total).toBe('20');
		expect(only!.lines.map(({ kind, amount, tax }) => ({ kind, amount, tax }))).toEqual([
			{ kind: 'item', amount: '20', tax: '0' },
			{ kind: 'shipping', amount: '4', tax: '1' },
			{ kind: 'adjustment', amount: '-5', tax: '0' }
		]);
	}
});

test("only the shop's currency is summed; the buyer's stands beside it", () => {
	const total = {
		shop_money: { amount: '20.00', currency_code: 'USD' },
		presentment_money: { amount: '18.40', currency_code: 'EUR' }
	};
	const transactions = [{ kind: 'refund', status: 'success', amount: '9.20', currency: 'EUR' }];
	const order = parse({
		presentment_currency: 'EUR',
		total_price_set: total,
		refunds: [refund({ refund_line_items: [item(1, '10.00')], transactions })]
	});
	expect(order.presentment).toEqual({ currency: 'EUR', total: '18.4' });
	expect(order.refunds[0]!.total).toBe('10');
});
