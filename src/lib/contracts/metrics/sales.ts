import type { MetricDeclaration } from './declaration.ts';

const ORDERS = 'Orders, order lines and refunds as the channels tell them';
const EVERY = ['channel', 'product', 'category', 'country', 'region', 'customer'] as const;
const CONVERTED = 'Sales in a currency without an exchange rate are left out and named beside the figures.';

/** What was sold, and what of it was given back. */
export const SALES_METRICS = [
	{
		id: 'gross_sales',
		name: 'Gross sales',
		definition:
			'Item prices without tax, before discounts and refunds. An order counts on the day it was placed.',
		formula: 'Sum of price × quantity over all lines of counted orders',
		unit: 'money',
		dimensions: EVERY,
		source: ORDERS,
		exact: true,
		goodWhen: 'up',
		note: CONVERTED
	},
	{
		id: 'discounts',
		name: 'Discounts',
		definition: 'What was taken off item prices, by the shop or the channel, on the day of the order.',
		formula: 'Sum of the lines’ discounts',
		unit: 'money',
		dimensions: EVERY,
		source: ORDERS,
		exact: true,
		goodWhen: 'neither',
		note: CONVERTED
	},
	{
		id: 'refunds',
		name: 'Refunds',
		definition:
			'What buyers got back for items, on the day it was given back, at the exchange rate of the order’s day.',
		formula: 'Sum of refunded item amounts; refunded shipping is in shipping income',
		unit: 'money',
		dimensions: EVERY,
		source: ORDERS,
		exact: true,
		goodWhen: 'down',
		note: CONVERTED
	},
	{
		id: 'net_sales',
		name: 'Net sales',
		definition:
			'Item prices without tax, less discounts and refunds. An order counts on the day it was placed, a refund on the day it was made.',
		formula: 'Gross sales − discounts − refunds',
		unit: 'money',
		dimensions: EVERY,
		source: ORDERS,
		exact: true,
		goodWhen: 'up',
		note: CONVERTED
	},
	{
		id: 'orders',
		name: 'Orders',
		definition:
			'Orders placed, without test orders, replacements, gift cards alone and orders cancelled before payment.',
		formula: 'Number of counted orders, each once',
		unit: 'count',
		dimensions: EVERY,
		source: ORDERS,
		exact: true,
		goodWhen: 'up',
		note: 'An order with several products or categories counts in each of them, so these do not add up to all orders.'
	},
	{
		id: 'units',
		name: 'Units',
		definition: 'Pieces ordered, as counted in orders. Refunded pieces stay counted.',
		formula: 'Sum of the quantities of all lines of counted orders',
		unit: 'count',
		dimensions: EVERY,
		source: ORDERS,
		exact: true,
		goodWhen: 'up'
	},
	{
		id: 'average_order_value',
		name: 'Average order',
		definition:
			'Item prices without tax, less discounts, divided by the orders whose price is known. Refunds do not lower it.',
		formula: '(Gross sales − discounts) ÷ orders with a known price',
		unit: 'money',
		dimensions: ['channel', 'category', 'country', 'region', 'customer'],
		source: ORDERS,
		exact: true,
		goodWhen: 'up'
	}
] as const satisfies readonly MetricDeclaration[];
