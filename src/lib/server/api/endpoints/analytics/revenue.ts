import { z } from 'zod';
import { GRANULARITIES } from '#lib/contracts/analytics.ts';
import { revenue } from '../../../analytics/index.ts';
import { endpoint } from '../../endpoint.ts';
import { named } from '../../names.ts';
import { narrowingQuery } from '../../narrowing.ts';
import { periodAnswer, periodQuery, rangeOf } from '../../period.ts';
import { money } from '../../shape.ts';
import { asOf, by, channel, percent } from './fields.ts';
import { sampleRevenue } from './samples.ts';

const sums = {
	gross: money(),
	discounts: money(),
	refunds: money(),
	net: money('gross - discounts - refunds.'),
	shipping: money('What buyers paid for shipping, less what was given back.'),
	cogs: money('Cost of the pieces sold.'),
	fees: money(),
	fees_estimated: money('Fees that the channel has not told yet, as estimated.'),
	labels: money('What shipping cost.'),
	labels_estimated: money(),
	ads: money('Null where nobody has told.').nullable(),
	other: money(),
	margin: money('Contribution margin.'),
	margin_percent: percent(),
	units: z.int(),
	units_without_cost: z.int().meta({ description: 'The margin is too high by their cost.' })
};

const part = z.strictObject({
	count: z.int().meta({ description: 'How many there are; the first of them stand here.' }),
	data: z.array(
		z.strictObject({
			key: z.string(),
			label: z.string(),
			net: money().nullable(),
			previous_net: money().nullable(),
			share: percent()
		})
	)
});

export const revenueEndpoint = endpoint({
	method: 'GET',
	path: '/analytics/revenue',
	name: 'getRevenue',
	tag: 'Analytics',
	summary: 'From gross to contribution margin, over time and by everything it can be split by',
	permission: 'analytics.read',
	query: z.strictObject({ ...periodQuery, by, ...narrowingQuery }),
	answer: z.strictObject({
		...asOf,
		period: periodAnswer,
		by: z.enum(GRANULARITIES),
		cost_method: z.enum(['average', 'fifo']),
		totals: named('RevenueSums', z.strictObject(sums)),
		previous: z.strictObject(sums).meta({ description: 'The period before, in whole days.' }),
		series: z.array(
			z.strictObject({ at: z.string(), net: money().nullable(), previous_net: money().nullable() })
		),
		channels: z.array(z.strictObject({ channel, ...sums })),
		categories: part,
		countries: part,
		regions: part,
		customers: part.nullable().meta({ description: 'New against returning; null for members with limits.' })
	}),
	examples: [
		{ name: 'The last 30 days', answer: sampleRevenue },
		{ name: 'A channel by week', query: { range: 'last-90-days', by: 'week', channels: 'shopify' } }
	],
	async handle({ ctx, query }) {
		const { range: _r, from: _f, to: _t, ...rest } = query;
		const { profit, sales, ...parts } = await revenue(ctx, { ...rest, range: rangeOf(query) });
		const partOf = (one: typeof parts.categories) => ({
			count: one.groupCount,
			data: one.groups.map((group) => ({ ...group, net: group.value, previousNet: group.previous }))
		});
		return {
			...profit,
			period: sales.period,
			by: sales.by,
			series: sales.series.map(({ at, value, previous }) => ({ at, net: value, previousNet: previous })),
			categories: partOf(parts.categories),
			countries: partOf(parts.countries),
			regions: partOf(parts.regions),
			customers: parts.customers && partOf(parts.customers)
		};
	}
});
