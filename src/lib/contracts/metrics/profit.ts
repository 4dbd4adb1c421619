import type { MetricDeclaration } from './declaration.ts';

const SPLIT = ['channel', 'product', 'category'] as const;
const FEES = 'Settlements and fees as the channels tell them, shared out over an order’s products by price';
const ESTIMATED = 'What the channel has not settled yet is estimated, and restated on the order’s day.';

/** From net sales to what is left over. */
export const PROFIT_METRICS = [
	{
		id: 'shipping_income',
		name: 'Shipping income',
		definition: 'What buyers paid for shipping, less what of it was given back.',
		formula: 'Shipping charged − shipping refunded',
		unit: 'money',
		dimensions: SPLIT,
		source: 'Orders and refunds as the channels tell them',
		exact: true,
		goodWhen: 'up'
	},
	{
		id: 'cost_of_goods',
		name: 'Cost of goods',
		definition: 'What the pieces sold have cost, less those that came back into stock.',
		formula: '(Pieces sold − pieces returned to stock) × cost per piece on the order’s day',
		unit: 'money',
		dimensions: SPLIT,
		source: 'Costs by period, entered, from a file or from the channel’s own field',
		exact: true,
		goodWhen: 'down',
		note: 'Pieces without a cost count as nothing and are told beside the figure.'
	},
	{
		id: 'channel_fees',
		name: 'Channel fees',
		definition: 'What the channels keep: commissions, fulfilment, payment and account fees.',
		formula: 'Settled fees + estimated fees',
		unit: 'money',
		dimensions: SPLIT,
		source: FEES,
		exact: false,
		goodWhen: 'down',
		note: ESTIMATED
	},
	{
		id: 'shipping_cost',
		name: 'Shipping cost',
		definition: 'What sending the orders has cost: labels bought through a channel.',
		formula: 'Settled labels + estimated labels',
		unit: 'money',
		dimensions: SPLIT,
		source: FEES,
		exact: false,
		goodWhen: 'down',
		note: ESTIMATED
	},
	{
		id: 'ad_spend',
		name: 'Ad spend',
		definition: 'What was spent on ads that lead to a channel, on the day it was spent.',
		formula: 'Sum of the spend entered, at each day’s exchange rate',
		unit: 'money',
		dimensions: ['channel'],
		source: 'Entered by hand, from a file or by the API',
		exact: true,
		goodWhen: 'neither',
		note: 'Unknown, not zero, where nothing was entered. It is not split by product.'
	},
	{
		id: 'adjustments',
		name: 'Adjustments',
		definition: 'Other movements on the channel’s account: reimbursements, corrections, one-off charges.',
		formula: 'Sum of other movements; income is positive',
		unit: 'money',
		dimensions: SPLIT,
		source: FEES,
		exact: true,
		goodWhen: 'up'
	},
	{
		id: 'contribution_margin',
		name: 'Contribution margin',
		definition: 'What sales leave over after everything that was spent to make them.',
		formula:
			'Net sales + shipping income − cost of goods − channel fees − shipping cost − ad spend + adjustments',
		unit: 'money',
		dimensions: SPLIT,
		source: 'All of the above',
		exact: false,
		goodWhen: 'up',
		note: 'Ad spend is known by channel, not by product. Unsettled fees are estimates; pieces without a cost make it too high.'
	},
	{
		id: 'contribution_margin_percent',
		name: 'Margin of net',
		definition: 'The share of net sales that is left over.',
		formula: 'Contribution margin ÷ net sales',
		unit: 'percent',
		dimensions: SPLIT,
		source: 'All of the above',
		exact: false,
		goodWhen: 'up',
		note: 'As good as the margin it is made of.'
	}
] as const satisfies readonly MetricDeclaration[];
