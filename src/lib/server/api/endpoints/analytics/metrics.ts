import { z } from 'zod';
import { DIMENSIONS } from '#lib/contracts/metrics/declaration.ts';
import { METRICS } from '#lib/contracts/metrics/index.ts';
import { endpoint } from '../../endpoint.ts';
import { named } from '../../names.ts';

export const metricsEndpoint = endpoint({
	method: 'GET',
	path: '/analytics/metrics',
	name: 'listMetrics',
	tag: 'Analytics',
	summary: 'What each figure means',
	description:
		'The one list that pages, exports and this API read: definition, formula, unit, and what it can be split by.',
	permission: 'analytics.read',
	answer: z.strictObject({
		data: z.array(
			named(
				'Metric',
				z.strictObject({
					id: z.string(),
					name: z.string(),
					definition: z.string(),
					formula: z.string(),
					unit: z.enum(['money', 'count', 'percent', 'days', 'ratio']),
					dimensions: z.array(z.enum(DIMENSIONS)),
					source: z.string(),
					exact: z.boolean(),
					note: z.string().nullable()
				})
			)
		)
	}),
	examples: [
		{
			name: 'All figures',
			answer: {
				data: [
					{
						id: 'net_sales',
						name: 'Net sales',
						definition: 'Item prices without tax, less discounts and refunds.',
						formula: 'gross sales - discounts - refunds',
						unit: 'money',
						dimensions: ['channel', 'product', 'category', 'country', 'region', 'customer'],
						source: 'Orders and refunds of all channels',
						exact: true,
						note: null
					}
				]
			}
		}
	],
	handle: () => ({ data: METRICS })
});
