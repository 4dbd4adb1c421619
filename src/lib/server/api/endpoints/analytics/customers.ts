import { z } from 'zod';
import { SEGMENTS } from '#lib/contracts/customer-segments.ts';
import { customerSegments, customersOverview } from '../../../analytics/index.ts';
import { endpoint } from '../../endpoint.ts';
import { narrowingQuery } from '../../narrowing.ts';
import { periodAnswer, periodQuery, rangeOf } from '../../period.ts';
import { money } from '../../shape.ts';
import { projection, unidentified } from './customer-fields.ts';
import { asOf, channel, percent } from './fields.ts';
import { sampleCustomers } from './samples.ts';

const segmentFields = {
	segment: z.enum(SEGMENTS),
	customers: z.int(),
	orders: z.int(),
	net: money(),
	average: money(),
	days_since_last: z.number().meta({ description: 'Median.' })
};

export const customersEndpoint = endpoint({
	method: 'GET',
	path: '/analytics/customers',
	name: 'getCustomerAnalytics',
	tag: 'Analytics',
	summary: 'Lifetime value, repeat purchases, acquisition cost and segments',
	description:
		'A customer is a person over all connections, by the channel of the first order. Customers, rates and lifetime values are of all time; new customers, spend and CAC of the range. Members with limits see no customers.',
	permission: 'customers.read',
	query: z.strictObject({
		...periodQuery,
		by: z.enum(['day', 'week', 'month']).default('month'),
		channels: narrowingQuery.channels
	}),
	answer: z.strictObject({
		...asOf,
		period: periodAnswer,
		by: z.enum(['day', 'week', 'month']),
		customers: z.int(),
		repeat_customers: z.int(),
		repeat_rate: percent(),
		realised_ltv: money().nullable(),
		orders_per_customer: z.number().nullable(),
		second_order: z.strictObject({
			customers: z.int(),
			median_days: z.number().nullable(),
			buckets: z.array(z.strictObject({ from: z.int(), to: z.int().nullable(), customers: z.int() }))
		}),
		range: z.strictObject({
			new_customers: z.int(),
			returning_customers: z.int(),
			new_net: money(),
			returning_net: money(),
			unidentified_net: money(),
			new_orders: z.int(),
			returning_orders: z.int()
		}),
		series: z.array(
			z.strictObject({
				at: z.string(),
				new_net: money(),
				returning_net: money(),
				unidentified_net: money(),
				new_customers: z.int(),
				new_orders: z.int(),
				returning_orders: z.int()
			})
		),
		channels: z.array(
			z.strictObject({
				channel,
				customers: z.int(),
				realised_ltv: money().nullable(),
				new_customers: z.int(),
				spend: money().nullable(),
				cac: money().nullable(),
				projected_ltv: money().nullable(),
				ltv_to_cac: z.number().nullable(),
				margin_to_cac: z.number().nullable()
			})
		),
		spend: z.strictObject({
			total: money().nullable(),
			cac: money().nullable(),
			ltv_to_cac: z.number().nullable()
		}),
		projection,
		segments: z
			.array(z.strictObject(segmentFields))
			.meta({ description: 'RFM, of all customers as of today.' }),
		unidentified
	}),
	examples: [{ name: 'The last 30 days', query: { range: 'last-30-days' }, answer: sampleCustomers }],
	async handle({ ctx, query }) {
		const { by: step, channels } = query;
		const [view, { segments }] = await Promise.all([
			customersOverview(ctx, { by: step, channels, range: rangeOf(query) }),
			customerSegments(ctx, { channels })
		]);
		return { ...view, segments };
	}
});
