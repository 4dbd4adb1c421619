import { z } from 'zod';
import type { Question } from '../../ask.ts';
import { decimalText, money, withRate } from '../../queries/parts.ts';
import { daily, moneyParams } from './parts.ts';

/** Cohorts from the month that begins on `since`. */
const sinceParams = z.object({ since: z.iso.date() });

const sizeRow = z.object({
	cohort: z.iso.date(),
	channel: z.string(),
	customers: z.coerce.number(),
	repeat: z.coerce.number()
});

/** Customers by the month and channel of their first order. */
export const cohortSizes: Question<typeof sinceParams, typeof sizeRow> = {
	name: 'cohorts: customers',
	tables: ['daily_customers'],
	params: sinceParams,
	row: sizeRow,
	sql: () => `select toString(cohort_month) as cohort, acquired as channel, toString(sum(s.customers)) as customers, toString(sum(s.repeat)) as repeat
		from (select * from ${daily('people')} and cohort_month >= {since:Date}) as s group by cohort_month, acquired`
};

const activeRow = z.object({
	cohort: z.iso.date(),
	month: z.coerce.number(),
	customers: z.coerce.number()
});

/** Customers of a cohort with an order in a month, counted from the cohort's own. */
export const cohortActive: Question<typeof sinceParams, typeof activeRow> = {
	name: 'cohorts: active',
	tables: ['daily_customers'],
	params: sinceParams,
	row: activeRow,
	sql: () => `select toString(cohort_month) as cohort, dateDiff('month', cohort_month, day) as month, toString(sum(active)) as customers
		from ${daily('people')} and cohort_month >= {since:Date} group by cohort_month, month`
};

const revenueParams = moneyParams.extend(sinceParams.shape);
const revenueRow = z.object({
	cohort: z.iso.date(),
	channel: z.string(),
	month: z.coerce.number(),
	net: decimalText
});

/**
 * What a cohort spent in a month, by channel of the first order. A refund that was made before the first order that we know (of an
 * older one) counts in the first month, so that the sum is all that these customers spent.
 */
export const cohortRevenue: Question<typeof revenueParams, typeof revenueRow> = {
	name: 'cohorts: net sales',
	tables: ['daily_customers'],
	params: revenueParams,
	row: revenueRow,
	sql: (shape) => `
		${withRate(shape)} select toString(s.cohort_month) as cohort, s.acquired as channel, greatest(dateDiff('month', s.cohort_month, m), 0) as month, ${money(shape, 's.net')} as net
		from (select * from ${daily('cohorts')} and cohort_month >= {since:Date}) as s group by s.cohort_month, s.acquired, toStartOfMonth(s.day) as m`
};
