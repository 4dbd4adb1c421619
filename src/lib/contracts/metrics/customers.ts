import type { MetricDeclaration } from './declaration.ts';

const BUYERS =
	'Orders whose channel names a buyer; records of several connections with one e-mail address are one customer';
const BY_FIRST = ['channel'] as const;
const UNNAMED =
	'Orders without a known buyer are left out and counted beside: guests, and buyers on Amazon, who are told under no name that would lead from one order to the next.';

/** Who buys, who comes again, and what that is worth. A customer belongs to the channel of their first order. */
export const CUSTOMER_METRICS = [
	{
		id: 'customers',
		name: 'Customers',
		definition: 'People with at least one counted order, over all connections and all time.',
		formula: 'Number of buyers, joined by normalised e-mail address',
		unit: 'count',
		dimensions: BY_FIRST,
		source: BUYERS,
		exact: true,
		goodWhen: 'up',
		note: UNNAMED
	},
	{
		id: 'new_customers',
		name: 'New customers',
		definition: 'Customers whose first order was placed in these days.',
		formula: 'Number of customers by the day of their first order',
		unit: 'count',
		dimensions: BY_FIRST,
		source: BUYERS,
		exact: true,
		goodWhen: 'up',
		note: `${UNNAMED} Orders before the history that was read in are not known: its first months count customers as new who are not.`
	},
	{
		id: 'new_customer_sales',
		name: 'Sales to new customers',
		definition:
			'Net sales of the orders of the day on which a customer first ordered, less what of them was refunded, on the day of each.',
		formula: 'Net sales where the order’s day is the customer’s first',
		unit: 'money',
		dimensions: BY_FIRST,
		source: BUYERS,
		exact: true,
		goodWhen: 'up',
		note: UNNAMED
	},
	{
		id: 'returning_customer_sales',
		name: 'Sales to returning customers',
		definition: 'Net sales of every later order of customers who ordered before.',
		formula: 'Net sales of known customers − sales to new customers',
		unit: 'money',
		dimensions: BY_FIRST,
		source: BUYERS,
		exact: true,
		goodWhen: 'up',
		note: UNNAMED
	},
	{
		id: 'repeat_purchase_rate',
		name: 'Repeat purchase rate',
		definition: 'Share of all customers who have ordered at least twice.',
		formula: 'Customers with two or more orders ÷ customers',
		unit: 'percent',
		dimensions: BY_FIRST,
		source: BUYERS,
		exact: true,
		goodWhen: 'up',
		note: `${UNNAMED} Recent customers have had less time to come again.`
	},
	{
		id: 'days_to_second_order',
		name: 'Time to second order',
		definition:
			'Days from the first to the second order, of the customers who placed one. Two orders on one day are 0 days apart.',
		formula: 'Median of second order’s day − first order’s day',
		unit: 'days',
		dimensions: BY_FIRST,
		source: BUYERS,
		exact: true,
		goodWhen: 'down',
		note: 'Customers who have not come again yet are not in it, so it grows as a young shop gets older.'
	},
	{
		id: 'customer_retention',
		name: 'Retention',
		definition: 'Share of a cohort, the customers of one month’s first orders, who ordered in a later month.',
		formula: 'Customers of the cohort with an order in the month ÷ customers of the cohort',
		unit: 'percent',
		dimensions: BY_FIRST,
		source: BUYERS,
		exact: true,
		goodWhen: 'up',
		note: `${UNNAMED} The running month is not over.`
	},
	{
		id: 'realised_ltv',
		name: 'Lifetime value so far',
		definition: 'What a customer has spent up to now on average: net sales, before costs.',
		formula: 'Net sales of all customers over all time ÷ customers',
		unit: 'money',
		dimensions: BY_FIRST,
		source: BUYERS,
		exact: true,
		goodWhen: 'up',
		note: `${UNNAMED} A refund of an order older than our history counts in its customer’s first month.`
	},
	{
		id: 'projected_ltv',
		name: 'Projected lifetime value',
		definition:
			'What customers of the last twelve months are expected to have spent twelve months after that of their first order.',
		formula:
			'Chain ladder: each cohort’s spending so far, carried on by the average growth of older cohorts from the same age',
		unit: 'money',
		dimensions: BY_FIRST,
		source: 'Monthly cohorts, whole months only; at least three cohorts at each age',
		exact: false,
		goodWhen: 'up',
		note: 'An estimate (T. Mack, ASTIN Bulletin 23, 1993) that new customers will go on as earlier ones did. How it would have done half a year ago stands beside it.'
	},
	{
		id: 'cac',
		name: 'Acquisition cost (CAC)',
		definition:
			'Ad spend per new customer. Blended: all spend of a channel over all its new customers, whether an ad brought them or not.',
		formula: 'Ad spend ÷ new customers, of the same days',
		unit: 'money',
		dimensions: BY_FIRST,
		source: 'Ad spend as it was entered or read from a file; first orders',
		exact: true,
		goodWhen: 'down',
		note: 'Unknown where no ad spend is entered, and for channels that name no buyers: their spend is left out.'
	},
	{
		id: 'ltv_to_cac',
		name: 'LTV : CAC',
		definition:
			'What a new customer is expected to spend in twelve months for each unit of money that winning them cost in ads.',
		formula:
			'Projected lifetime value ÷ CAC; “at margin” takes the channel’s contribution margin before ads of it',
		unit: 'ratio',
		dimensions: BY_FIRST,
		source: 'Projected lifetime value and ad spend',
		exact: false,
		goodWhen: 'up',
		note: 'Rests on the projection. Above 1 at margin, ads pay back within a year.'
	},
	{
		id: 'rfm_segment',
		name: 'RFM segments',
		definition:
			'Customers by days since the last order (recency), number of orders (frequency) and net sales (money), each scored from 1 to 5, best. Ten names by recency and frequency; the money score stands beside.',
		formula:
			'Recency and money: fifths of all customers by rank. Frequency: 1 is one order, 2 to 5 are fourths of those who ordered again. Equal values have equal scores, so parts may differ in size',
		unit: 'count',
		dimensions: BY_FIRST,
		source: BUYERS,
		exact: true,
		goodWhen: 'neither',
		note: UNNAMED
	}
] as const satisfies readonly MetricDeclaration[];
