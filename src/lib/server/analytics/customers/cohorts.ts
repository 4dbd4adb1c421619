import {
	cohortsQuerySchema,
	type Cohort,
	type CohortsQuery,
	type CohortsView
} from '#lib/contracts/customer-cohorts.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { parse } from '../../platform/parse.ts';
import { ask } from '../ask.ts';
import { average, exact, shown } from '../exact.ts';
import { addMonths } from '../periods.ts';
import { askAbout, within, type Asked } from './asked.ts';
import { factorsOf, projected, type Triangle } from './chain-ladder.ts';
import { leftOut, unconvertedOf } from './identified.ts';
import { monthNumber, projectionOf, trianglesOf, type CohortRows } from './projections.ts';
import { cohortActive, cohortRevenue, cohortSizes } from './queries/cohorts.ts';
import { estimate, percent } from './ratios.ts';

/** Cohorts that a projection looks at besides those shown. */
const LOOK_BACK = 60;

/**
 * Monthly cohorts: customers by the month of their first order over all connections, how many of them ordered in each month after, and
 * what they spent. Months are of the organization's time zone; money is net sales in its currency at the rate of each order's day.
 * Orders without a known buyer are in none and counted beside. `channels`: of the first order.
 * @throws Forbidden without customers.read or with limits, Invalid, Unavailable
 */
export async function customerCohorts(
	ctx: Ctx,
	query: CohortsQuery = {},
	now = new Date()
): Promise<CohortsView> {
	const { months, until, channels } = parse(cohortsQuerySchema, query);
	const asked = await askAbout(ctx, now);
	const { at, today, shape } = asked;
	const present = `${today.slice(0, 7)}-01`;
	const last = until && `${until}-01` < present ? `${until}-01` : present;
	const first = addMonths(last, 1 - months);
	const earliest = addMonths(present, 1 - LOOK_BACK);
	const since = first < earliest ? first : earliest;
	const [rows, active, left, unconverted] = await Promise.all([
		cohortRows(asked, since, channels),
		ask(ctx, cohortActive, at, within(channels), shape, { since: first }),
		leftOut(asked, first, today, channels),
		unconvertedOf(asked, channels)
	]);
	const triangles = trianglesOf(rows, today, null);
	const cohorts = tableOf({ ...rows, active }, triangles, { first, last }, today);
	return {
		position: at.position,
		asOf: now.toISOString(),
		currency: ctx.organization.currency,
		timeZone: at.timeZone,
		first,
		last,
		present,
		cohorts,
		average: averageOf(cohorts),
		projection: projectionOf(triangles, today),
		unidentified: left.unidentified,
		unconverted
	};
}

/** Sizes and money of the cohorts since a month, by the channel of the first order. */
export async function cohortRows(
	{ ctx, at, shape, money }: Asked,
	since: string,
	channels: Parameters<typeof within>[0]
): Promise<CohortRows & { sizes: { cohort: string; channel: string; customers: number; repeat: number }[] }> {
	const [sizes, revenue] = await Promise.all([
		ask(ctx, cohortSizes, at, within(channels), shape, { since }),
		ask(ctx, cohortRevenue, at, within(channels), shape, { ...money, since })
	]);
	return { sizes, revenue };
}

interface Rows extends CohortRows {
	sizes: readonly { cohort: string; channel: string; customers: number; repeat: number }[];
	active: readonly { cohort: string; month: number; customers: number }[];
}

/** Cells up to the present month; a month in which nobody ordered is a cell of zero. */
function tableOf(
	rows: Rows,
	triangles: readonly Triangle[],
	span: { first: string; last: string },
	today: string
): Cohort[] {
	const factors = factorsOf(triangles);
	const byAge = new Map(triangles.map((one) => [one.at, one]));
	const sums = Map.groupBy(rows.revenue, (row) => `${row.cohort} ${row.month}`);
	const actives = new Map(rows.active.map((row) => [`${row.cohort} ${row.month}`, row.customers]));
	return [...Map.groupBy(rows.sizes, (row) => row.cohort)]
		.filter(([cohort]) => cohort >= span.first && cohort <= span.last)
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([month, own]) => {
			const customers = own.reduce((sum, row) => sum + row.customers, 0);
			const age = monthNumber(today) - monthNumber(month);
			let total = 0n;
			const cells = Array.from({ length: Math.max(0, age) + 1 }, (_, after) => {
				const revenue = (sums.get(`${month} ${after}`) ?? []).reduce((sum, row) => sum + exact(row.net), 0n);
				total += revenue;
				const active = actives.get(`${month} ${after}`) ?? 0;
				return {
					month: after,
					active,
					retention: percent(active, customers)!,
					revenue: shown(revenue),
					cumulative: average(total, customers),
					running: after === age
				};
			});
			const estimated = projected(byAge.get(monthNumber(month))!, factors);
			return {
				month,
				customers,
				revenue: shown(total),
				ltv: average(total, customers),
				projectedLtv: estimate(estimated === null ? null : estimated / customers),
				repeatRate: percent(
					own.reduce((sum, row) => sum + row.repeat, 0),
					customers
				)!,
				cells
			};
		});
}

/** Retention over all cohorts that are so many whole months old, weighted by their customers. */
function averageOf(cohorts: readonly Cohort[]): CohortsView['average'] {
	const longest = Math.max(0, ...cohorts.map(({ cells }) => cells.length));
	return Array.from({ length: longest }, (_, month) => {
		const old = cohorts.filter(({ cells }) => cells[month] && !cells[month].running);
		const customers = old.reduce((sum, one) => sum + one.customers, 0);
		const active = old.reduce((sum, one) => sum + one.cells[month]!.active, 0);
		return { month, customers, retention: percent(active, customers) };
	}).filter((row): row is CohortsView['average'][number] => row.retention !== null);
}
