import { z } from 'zod';
import { money } from '../../shape.ts';
import { percent } from './fields.ts';

/** What customers are projected to spend, and how good such projections have been. */
export const projection = z.strictObject({
	method: z.literal('chain-ladder'),
	horizon_months: z.literal(12),
	ltv: money(
		'Mean spending of a customer in the first twelve months; null without enough history.'
	).nullable(),
	curve: z.array(z.strictObject({ month: z.int(), per_customer: money(), cohorts: z.int() })),
	back_test: z
		.strictObject({
			as_of: z.string(),
			months: z.int(),
			cohorts: z.int(),
			projected: money(),
			actual: money(),
			error_percent: percent(),
			naive_error_percent: percent()
		})
		.nullable()
		.meta({ description: 'How the method would have done.' })
});

export const unidentified = z
	.strictObject({ orders: z.int(), unidentified: z.int() })
	.meta({ description: 'Orders whose buyer cannot be known again: in no figure about customers.' });
