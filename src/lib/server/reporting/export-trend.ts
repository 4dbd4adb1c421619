import { stringify } from 'csv-stringify/sync';
import { metricOf } from '#lib/contracts/metrics/index.ts';
import { trendSchema, type TrendView } from '#lib/contracts/trends.ts';
import { trend } from '../analytics/index.ts';
import { audit, require } from '../identity/index.ts';
import { guarded } from '../platform/csv-guard.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { parse } from '../platform/parse.ts';

/**
 * A trend as CSV: one row per step and group (all pages, at most 2,000 groups), the total as "All"; its unit and
 * currency named. Spreadsheet formulas in names are defused.
 * @throws Forbidden without analytics.export, Invalid, Unavailable
 */
export async function exportTrend(
	ctx: Ctx,
	input: unknown,
	now = new Date()
): Promise<{ name: string; csv: string }> {
	require(ctx, 'analytics.export');
	const query = parse(trendSchema, input);
	const first = await trend(ctx, { ...query, page: 1 }, now);
	const pages: TrendView[] = [first];
	const last = Math.min(100, Math.ceil(first.groupCount / first.pageSize));
	for (let page = 2; page <= last; page++) pages.push(await trend(ctx, { ...query, page }, now));
	const { metric, dimension, unit, currency, period } = first;
	const measured = unit === 'money' ? currency : unit;
	const rows: (string | null)[][] = [
		['from', 'dimension', 'group', 'detail', 'metric', 'unit', 'value', 'previous']
	];
	first.series.forEach((step) =>
		rows.push([step.at, dimension ?? '', 'All', '', metric, measured, step.value, step.previous])
	);
	for (const group of pages.flatMap((page) => page.groups)) {
		group.values.forEach((value, index) =>
			rows.push([
				first.series[index]!.at,
				dimension ?? '',
				guarded(group.label),
				guarded(group.detail ?? group.key),
				metric,
				measured,
				value,
				null
			])
		);
	}
	await inOrganization(ctx.organization.id, (tx) =>
		audit(tx, ctx, 'trend.exported', undefined, { metric, dimension, from: period.from, to: period.to })
	);
	return {
		name: `${metricOf(metric).id}-${period.from}-${period.to}.csv`,
		csv: `\ufeff${stringify(rows, { record_delimiter: 'windows' })}`
	};
}
