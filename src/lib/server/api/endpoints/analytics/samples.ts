import { SAMPLE } from '../../samples.ts';

const told = { as_of: '2026-11-20T18:30:00.000Z', position: 48120, currency: 'USD' };
const period = {
	from: '2026-10-22',
	to: '2026-11-20',
	previous_from: '2026-09-22',
	previous_to: '2026-10-21',
	running: true,
	time_zone: 'America/New_York'
};

const sums = {
	gross: 139870,
	discounts: 9210.4,
	refunds: 5229.1,
	net: 125430.5,
	shipping: 3120.25,
	cogs: 48210.75,
	fees: 15020.3,
	fees_estimated: 1210.1,
	labels: 6120.4,
	labels_estimated: 0,
	ads: 9300,
	other: 120,
	margin: 48809.2,
	margin_percent: 38.9,
	units: 2790,
	units_without_cost: 12
};

export const sampleRevenue = {
	...told,
	period,
	by: 'day',
	cost_method: 'average',
	totals: sums,
	previous: {
		...sums,
		gross: 131200,
		discounts: 8000.25,
		refunds: 4999.5,
		net: 118200.25,
		margin: 41578.95,
		margin_percent: 35.2,
		units: 2601
	},
	series: [
		{ at: '2026-11-19', net: 4310.25, previous_net: 3980.1 },
		{ at: '2026-11-20', net: 2100.5, previous_net: 2044 }
	],
	channels: [{ channel: 'shopify', ...sums }],
	categories: {
		count: 1,
		data: [{ key: 'Kitchen', label: 'Kitchen', net: 125430.5, previous_net: 118200.25, share: 100 }]
	},
	countries: {
		count: 2,
		data: [
			{ key: 'US', label: 'United States', net: 100344.4, previous_net: 96924.2, share: 80 },
			{ key: 'CA', label: 'Canada', net: 25086.1, previous_net: 21276.05, share: 20 }
		]
	},
	regions: {
		count: 1,
		data: [{ key: 'US-OR', label: 'OR, United States', net: 100344.4, previous_net: 96924.2, share: 80 }]
	},
	customers: {
		count: 3,
		data: [
			{ key: 'new', label: 'New customers', net: 75258.3, previous_net: 72102.15, share: 60 },
			{ key: 'returning', label: 'Returning customers', net: 43900.7, previous_net: 40188.1, share: 35 },
			{ key: 'guest', label: 'Not identified', net: 6271.5, previous_net: 5910, share: 5 }
		]
	}
};

export const sampleProducts = {
	...told,
	period,
	count: 1,
	data: [
		{
			product_id: SAMPLE.product,
			sku: 'MUG-BLUE',
			title: 'Mug, blue',
			category: 'Kitchen',
			channels: ['amazon', 'shopify'],
			net_sales: 8420.5,
			previous_net_sales: 7210,
			units: 421,
			previous_units: 360,
			margin: 3368.2,
			margin_percent: 40,
			units_without_cost: 0,
			average_price: 20.7,
			velocity: 14.03,
			available: 140,
			sell_through: 75,
			days_of_cover: 10,
			sessions: 5210,
			conversion: 6.1,
			return_rate: 3.4,
			trend: 16.9
		}
	],
	next_cursor: null
};

export const sampleTrend = {
	...told,
	metric: 'net_sales',
	unit: 'money',
	dimension: 'channel',
	compare: 'previous',
	by: 'day',
	period: { ...period, from: '2026-11-19', previous_from: '2026-11-17', previous_to: '2026-11-18' },
	total: { value: 6410.75, previous: 6024.1 },
	series: [
		{ at: '2026-11-19', value: 4310.25, previous: 3980.1 },
		{ at: '2026-11-20', value: 2100.5, previous: 2044 }
	],
	groups: [
		{
			key: 'shopify',
			label: 'Shopify',
			value: 4110.75,
			previous: 3900,
			share: 64.1,
			values: [2810.25, 1300.5]
		},
		{ key: 'amazon', label: 'Amazon', value: 2300, previous: 2124.1, share: 35.9, values: [1500, 800] }
	],
	group_count: 2,
	unconverted: [],
	next_cursor: null
};

const projection = {
	method: 'chain-ladder',
	horizon_months: 12,
	ltv: 118.4,
	curve: [
		{ month: 0, per_customer: 62.1, cohorts: 12 },
		{ month: 1, per_customer: 71.35, cohorts: 11 }
	],
	back_test: {
		as_of: '2025-11-01',
		months: 12,
		cohorts: 12,
		projected: 108200,
		actual: 111540,
		error_percent: -3,
		naive_error_percent: -21.4
	}
};
const unidentified = { orders: 1843, unidentified: 92 };

export const sampleCustomers = {
	...told,
	period,
	by: 'month',
	customers: 8410,
	repeat_customers: 2607,
	repeat_rate: 31,
	realised_ltv: 96.2,
	orders_per_customer: 1.52,
	second_order: {
		customers: 2607,
		median_days: 41,
		buckets: [
			{ from: 0, to: 29, customers: 1010 },
			{ from: 30, to: null, customers: 1597 }
		]
	},
	range: {
		new_customers: 620,
		returning_customers: 402,
		new_net: 75258.3,
		returning_net: 43900.7,
		unidentified_net: 6271.5,
		new_orders: 655,
		returning_orders: 540
	},
	series: [
		{
			at: '2026-11-01',
			new_net: 50110.2,
			returning_net: 29410.55,
			unidentified_net: 4100,
			new_customers: 411,
			new_orders: 430,
			returning_orders: 361
		}
	],
	channels: [
		{
			channel: 'shopify',
			customers: 8410,
			realised_ltv: 96.2,
			new_customers: 620,
			spend: 9300,
			cac: 15,
			projected_ltv: 118.4,
			ltv_to_cac: 7.89,
			margin_to_cac: 3.07
		}
	],
	spend: { total: 9300, cac: 15, ltv_to_cac: 7.89 },
	projection,
	segments: [
		{
			segment: 'champions',
			customers: 702,
			orders: 3110,
			net: 260442,
			average: 371,
			days_since_last: 18
		}
	],
	unidentified
};

export const sampleCohorts = {
	...told,
	time_zone: 'America/New_York',
	first: '2026-10-01',
	last: '2026-11-01',
	cohorts: [
		{
			month: '2026-10-01',
			customers: 610,
			revenue: 43920,
			ltv: 72,
			projected_ltv: 119.2,
			repeat_rate: 12.3,
			cells: [
				{ month: 0, active: 610, retention: 100, revenue: 37820, cumulative: 62, running: false },
				{ month: 1, active: 75, retention: 12.3, revenue: 6100, cumulative: 72, running: true }
			]
		}
	],
	average: [{ month: 1, retention: 12.3, customers: 610 }],
	projection,
	unidentified
};
