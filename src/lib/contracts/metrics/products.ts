import type { MetricDeclaration } from './declaration.ts';

/** How products do. */
export const PRODUCT_METRICS = [
	{
		id: 'velocity',
		name: 'Velocity',
		definition: 'Pieces sold per day of the range, whether or not there was stock to sell.',
		formula: 'Units ÷ days of the range up to today',
		unit: 'ratio',
		dimensions: ['product', 'category'],
		source: 'Orders as the channels tell them',
		exact: true,
		goodWhen: 'up',
		note: 'Today counts as a whole day.'
	},
	{
		id: 'sell_through',
		name: 'Sell-through',
		definition: 'Of what could have been sold in the range, the share that was.',
		formula: 'Units ÷ (units + pieces available now)',
		unit: 'percent',
		dimensions: ['product'],
		source: 'Orders, and stock levels as the channels tell them now',
		exact: false,
		goodWhen: 'up',
		note: 'What arrived and what is left are not told apart: pieces available now stand for the stock at the end of the range.'
	},
	{
		id: 'days_of_cover',
		name: 'Days of cover',
		definition: 'How long the pieces available now last at the range’s velocity.',
		formula: 'Pieces available now ÷ velocity',
		unit: 'days',
		dimensions: ['product'],
		source: 'Orders, and stock levels as the channels tell them now',
		exact: false,
		goodWhen: 'neither',
		note: 'At an even pace; the forecast knows seasons.'
	},
	{
		id: 'conversion',
		name: 'Conversion',
		definition: 'Units ordered per session on the product’s page, on channels that tell sessions by product.',
		formula: 'Units ordered in the channel’s own traffic report ÷ sessions',
		unit: 'percent',
		dimensions: ['product'],
		source: 'The channel’s traffic report (Amazon by item; Shopify tells sessions of the whole shop only)',
		exact: false,
		goodWhen: 'up',
		note: 'In days of the channel’s reports, which may end a day or two ago.'
	},
	{
		id: 'return_rate',
		name: 'Return rate',
		definition: 'Refunds of the range as a share of its sales, by value.',
		formula: 'Refunds ÷ (gross sales − discounts)',
		unit: 'percent',
		dimensions: ['channel', 'product', 'category'],
		source: 'Orders, order lines and refunds as the channels tell them',
		exact: true,
		goodWhen: 'down',
		note: 'Refunds count on the day they were made: of a product that has just stopped selling, it can be above 100%.'
	},
	{
		id: 'average_price',
		name: 'Average price',
		definition: 'What a piece was sold for without tax, before discounts.',
		formula: 'Gross sales ÷ units',
		unit: 'money',
		dimensions: ['channel', 'product', 'category'],
		source: 'Orders and order lines as the channels tell them',
		exact: true,
		goodWhen: 'neither'
	}
] as const satisfies readonly MetricDeclaration[];
