import { filtersSchema } from '../../src/lib/contracts/analytics.ts';
import {
	customerCohorts,
	customerSegments,
	customersOverview,
	dashboard,
	profit,
	trend
} from '../../src/lib/server/analytics/index.ts';
import type { Ctx } from '../../src/lib/server/platform/ctx.ts';

const filters = (given: object) => filtersSchema.parse(given);
const YEAR = { range: 'last-12-months', by: 'month' };

/** What pages show, as they ask for it: each panel's statements are taken from what its verb sends. */
export const PANELS: Record<string, (ctx: Ctx) => Promise<unknown>> = {
	dashboard: (ctx) => dashboard(ctx, filters({})),
	'dashboard, a year': (ctx) => dashboard(ctx, filters(YEAR)),
	'dashboard, a category': (ctx) => dashboard(ctx, filters({ categories: ['Category 3'] })),
	'dashboard, a country': (ctx) => dashboard(ctx, filters({ countries: ['DE'] })),
	profit: (ctx) => profit(ctx, filters({})),
	'profit, a year': (ctx) => profit(ctx, filters(YEAR)),
	customers: (ctx) => customersOverview(ctx),
	cohorts: (ctx) => customerCohorts(ctx, { months: 36 }),
	segments: (ctx) => customerSegments(ctx),
	'trend of net sales': (ctx) => trend(ctx, YEAR),
	'trend of units by category': (ctx) => trend(ctx, { ...YEAR, metric: 'units', dimension: 'category' })
};
