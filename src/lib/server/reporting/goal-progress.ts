import type { GoalPeriod, GoalProgress } from '#lib/contracts/reporting.ts';
import { metricOf, type MetricId } from '#lib/contracts/metrics/index.ts';

const DAY_MS = 86_400_000;
const plus = (day: string, days: number) =>
	new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);

/** The first and last day of the period that holds `today`; weeks start on Monday. */
export function goalRange(period: GoalPeriod, today: string): { from: string; to: string } {
	const [year, month] = today.split('-').map(Number) as [number, number];
	const first = (y: number, m: number) => new Date(Date.UTC(y, m, 1)).toISOString().slice(0, 10);
	switch (period) {
		case 'week': {
			const from = plus(today, -((new Date(today).getUTCDay() + 6) % 7));
			return { from, to: plus(from, 6) };
		}
		case 'month':
			return { from: first(year, month - 1), to: plus(first(year, month), -1) };
		case 'quarter': {
			const start = Math.floor((month - 1) / 3) * 3;
			return { from: first(year, start), to: plus(first(year, start + 3), -1) };
		}
		case 'year':
			return { from: `${year}-01-01`, to: `${year}-12-31` };
	}
}

/**
 * How far a value is on its way. A sum is held against an even pace over the days that have begun; an average or a percentage has
 * no pace, it is met or not. Of figures that should be low, below the target is met once the period is over.
 */
export function progressOf(
	metric: MetricId,
	target: string,
	value: string | null,
	range: { from: string; to: string },
	today: string
): Pick<GoalProgress, 'percent' | 'elapsed' | 'pace'> {
	const days = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
	const share = Math.min(
		1,
		days(range.from, today < range.to ? today : range.to) / days(range.from, range.to)
	);
	const elapsed = (share * 100).toFixed(1);
	const { unit, goodWhen } = metricOf(metric);
	if (value === null || goodWhen === 'down') return { percent: null, elapsed, pace: null };
	const part = Number(value) / Number(target);
	const percent = (part * 100).toFixed(1);
	const adds = unit === 'count' || (unit === 'money' && !metric.startsWith('average'));
	if (part >= 1) return { percent, elapsed, pace: 'met' };
	return { percent, elapsed, pace: adds ? (part >= share ? 'ahead' : 'behind') : null };
}
