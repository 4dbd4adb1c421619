import { z } from 'zod';
import { customerCohorts } from '../../../analytics/index.ts';
import { endpoint } from '../../endpoint.ts';
import { named } from '../../names.ts';
import { narrowingQuery } from '../../narrowing.ts';
import { money } from '../../shape.ts';
import { projection, unidentified } from './customer-fields.ts';
import { asOf } from './fields.ts';
import { sampleCohorts } from './samples.ts';

export const cohortsEndpoint = endpoint({
	method: 'GET',
	path: '/analytics/cohorts',
	name: 'getCohorts',
	tag: 'Analytics',
	summary: 'Monthly cohorts: who came again, and what they spent',
	permission: 'customers.read',
	query: z.strictObject({
		months: z
			.int()
			.min(1)
			.max(60)
			.default(12)
			.meta({ description: 'The latest so many months of first orders.' }),
		channels: narrowingQuery.channels
	}),
	answer: z.strictObject({
		...asOf,
		time_zone: z.string(),
		first: z.string(),
		last: z.string(),
		cohorts: z.array(
			named(
				'Cohort',
				z.strictObject({
					month: z.string().meta({ description: 'First day of the month of the first order.' }),
					customers: z.int(),
					revenue: money(),
					ltv: money(),
					projected_ltv: money().nullable(),
					repeat_rate: z.number(),
					cells: z.array(
						z.strictObject({
							month: z.int().meta({ description: '0 is the month of the first order.' }),
							active: z.int(),
							retention: z.number().meta({ description: 'active / customers in percent.' }),
							revenue: money(),
							cumulative: money('Spent per customer up to this month.'),
							running: z.boolean()
						})
					)
				})
			)
		),
		average: z.array(z.strictObject({ month: z.int(), retention: z.number(), customers: z.int() })),
		projection,
		unidentified
	}),
	examples: [
		{ name: 'The latest two months', query: { months: '2' }, answer: sampleCohorts },
		{ name: 'A year of cohorts' },
		{ name: 'Of Shopify', query: { months: '6', channels: 'shopify' } }
	],
	handle: ({ ctx, query }) => customerCohorts(ctx, query)
});
