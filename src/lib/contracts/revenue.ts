import { filtersSchema } from './analytics.ts';
import type { ProfitView } from './profit.ts';
import type { TrendGroup, TrendView } from './trends.ts';
import { schema, z } from './zod.ts';

/** What revenue is asked for; empty lists mean all. Places are none of it: profit is not known by place. */
export const revenueSchema = schema(() =>
	z.strictObject({
		range: filtersSchema.shape.range,
		by: filtersSchema.shape.by,
		channels: filtersSchema.shape.channels,
		categories: filtersSchema.shape.categories
	})
);
export type RevenueQuery = z.output<typeof revenueSchema>;

/** Net sales of the first groups of a dimension, highest first, and how many groups there are. */
export interface RevenuePart {
	groups: Omit<TrendGroup, 'values'>[];
	groupCount: number;
}

/** From sales to margin, and net sales by what they can be split by, as of one outbox position. */
export interface RevenueView {
	profit: ProfitView;
	/** Net sales in the step asked, by the hour too. */
	sales: Pick<TrendView, 'by' | 'total' | 'series' | 'period'>;
	categories: RevenuePart;
	countries: RevenuePart;
	regions: RevenuePart;
	/** New against returning; null for managers with limits, who do not see customers. */
	customers: RevenuePart | null;
}
