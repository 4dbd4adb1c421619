import { schema, z } from './zod.ts';
import { acquired } from './acquired.ts';
import type { Unidentified, CustomersUnconverted } from './customer-gaps.ts';
import type { Projection } from './customer-projection.ts';

/** The cohort matrix: so many months of first orders up to `until` (a month such as 2026-11; the present one), by the channel of the first order. */
export const cohortsQuerySchema = schema(() =>
	z.strictObject({
		months: z.coerce.number().int().min(1).max(60).default(12),
		until: z
			.string()
			.regex(/^(19|20)\d{2}-(0[1-9]|1[0-2])$/, { error: 'must be a month such as 2026-11' })
			.optional(),
		channels: acquired
	})
);
export type CohortsQuery = z.input<typeof cohortsQuerySchema>;

export interface CohortCell {
	/** Months after the first order's month: 0 is that month. */
	month: number;
	/** Customers of the cohort with an order in this month. */
	active: number;
	/** active / customers in percent, one decimal. */
	retention: string;
	/** What the cohort spent in this month, refunds taken off. */
	revenue: string;
	/** Spent per customer of the cohort, up to this month. */
	cumulative: string;
	/** True while the month is not over. */
	running: boolean;
}

export interface Cohort {
	/** The first order's month, its first day. */
	month: string;
	customers: number;
	revenue: string;
	ltv: string;
	/** Realised so far and expected up to twelve months after the first order; null without enough history. */
	projectedLtv: string | null;
	repeatRate: string;
	cells: CohortCell[];
}

/** Monthly cohorts, oldest first, as of one position of the outbox. */
export interface CohortsView {
	position: number;
	asOf: string;
	currency: string;
	timeZone: string;
	/** First days of the first and last month of first orders shown, and of the present month. */
	first: string;
	last: string;
	present: string;
	cohorts: Cohort[];
	/** Share of customers who ordered again, by months since the first order, over all cohorts shown that are so old. */
	average: { month: number; retention: string; customers: number }[];
	projection: Projection;
	unidentified: Unidentified;
	unconverted: CustomersUnconverted[];
}
