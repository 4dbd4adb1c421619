import type { Channel } from '#lib/contracts/channels.ts';
import type { BackTest, Projection } from '#lib/contracts/customer-projection.ts';
import { addMonths } from '../periods.ts';
import { backTest, expectedCurve, HORIZON, type Triangle } from './chain-ladder.ts';
import { estimate } from './ratios.ts';

/** Customers and money of a cohort, by the channel of the first order. */
export interface CohortRows {
	sizes: readonly { cohort: string; channel: string; customers: number }[];
	revenue: readonly { cohort: string; channel: string; month: number; net: string }[];
}
/** Months hidden from the projection to see how it does. */
const TRIED = 6;

/** Cohorts with what they spent in whole months; of one channel, or of all. */
export function trianglesOf(
	{ sizes, revenue }: CohortRows,
	today: string,
	channel: Channel | null
): Triangle[] {
	const of = <T extends { channel: string }>(rows: readonly T[]) =>
		channel === null ? rows : rows.filter((row) => row.channel === channel);
	const spent = Map.groupBy(of(revenue), (row) => row.cohort);
	return [...Map.groupBy(of(sizes), (row) => row.cohort)]
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([cohort, own]) => {
			const whole = Math.max(0, monthNumber(today) - monthNumber(cohort));
			const months = new Array<number>(whole).fill(0);
			for (const row of spent.get(cohort) ?? []) if (row.month < whole) months[row.month]! += Number(row.net);
			return {
				at: monthNumber(cohort),
				customers: own.reduce((sum, row) => sum + row.customers, 0),
				spent: months
			};
		});
}

/** Months since year 0 of a day. */
export function monthNumber(day: string): number {
	return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
}

/** The projection with its curve and how it would have done half a year ago. */
export function projectionOf(triangles: readonly Triangle[], today: string): Projection {
	const curve = expectedCurve(triangles);
	return {
		method: 'chain-ladder',
		horizonMonths: HORIZON,
		ltv: estimate(curve?.at(-1)?.perCustomer ?? null),
		curve: (curve ?? []).map((point) => ({ ...point, perCustomer: estimate(point.perCustomer)! })),
		backTest: triedOn(triangles, today)
	};
}

function triedOn(triangles: readonly Triangle[], today: string): BackTest | null {
	const trial = backTest(triangles, TRIED);
	if (!trial) return null;
	const percent = (error: number) => (trial.actual > 0 ? ((100 * error) / trial.actual).toFixed(1) : null);
	return {
		asOf: addMonths(`${today.slice(0, 7)}-01`, -TRIED),
		months: TRIED,
		cohorts: trial.cohorts,
		projected: estimate(trial.projected)!,
		actual: estimate(trial.actual)!,
		errorPercent: percent(trial.error),
		naiveErrorPercent: percent(trial.naiveError)
	};
}
