import type { MetricUnit } from '#lib/contracts/metrics/declaration.ts';
import { marginDoubts } from '#lib/contracts/margin-doubts.ts';
import { metricOf } from '#lib/contracts/metrics/index.ts';
import type { Cadence, GoalProgress } from '#lib/contracts/reporting.ts';
import { trendSchema, type TrendMetric, type TrendView } from '#lib/contracts/trends.ts';
import { profit, trend } from '../analytics/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { listGoals } from './goals.ts';
import { reportedDays } from './schedule.ts';

/** A line of a report: a figure beside the one before. */
export interface ReportLine {
	name: string;
	unit: MetricUnit;
	value: string | null;
	previous: string | null;
}

/** What a report says, before it is put into words. */
export interface ReportContent {
	reportId: string;
	name: string;
	cadence: Cadence;
	organization: string;
	currency: string;
	locale: string;
	timeZone: string;
	/** Where the pages are. */
	slug: string;
	from: string;
	to: string;
	asOf: string;
	figures: ReportLine[];
	/** Why the contribution margin may be another one, a sentence each. */
	doubts: string[];
	channels: ReportLine[];
	products: ReportLine[];
	goals: GoalProgress[];
	view: { name: string; metric: string; lines: ReportLine[] } | null;
}

const FIGURES: TrendMetric[] = [
	'net_sales',
	'orders',
	'average_order_value',
	'units',
	'contribution_margin',
	'return_rate'
];
const PRODUCTS = 5;

/** The figures of a report that goes out on `day`, as far as this member may see them. */
export async function contentOf(
	ctx: Ctx,
	report: { id: string; name: string; cadence: Cadence; viewId: string | null },
	day: string,
	now: Date
): Promise<ReportContent> {
	const range = reportedDays(report.cadence, day);
	const asked = (metric: TrendMetric, dimension: 'channel' | 'product' | null = null) =>
		trend(ctx, { metric, dimension, range, by: 'month' }, now);
	const [figures, earned, channels, products, goals, view] = await Promise.all([
		Promise.all(FIGURES.map((metric) => asked(metric))),
		profit(ctx, { range, by: 'month', channels: [], categories: [] }, now),
		asked('net_sales', 'channel'),
		asked('net_sales', 'product'),
		listGoals(ctx, now),
		viewOf(ctx, report.viewId, now)
	]);
	const { name, currency, locale, timeZone, slug } = ctx.organization;
	return {
		reportId: report.id,
		name: report.name,
		cadence: report.cadence,
		organization: name,
		currency,
		locale,
		timeZone,
		slug,
		...range,
		asOf: now.toISOString(),
		figures: figures.map(({ metric, unit, total }) => ({ name: metricOf(metric).name, unit, ...total })),
		doubts: marginDoubts(earned, locale).map(({ text }) => text),
		channels: lines(channels),
		products: lines(products).slice(0, PRODUCTS),
		goals,
		view
	};
}

const lines = ({ groups, unit }: TrendView): ReportLine[] =>
	groups.map(({ label, value, previous }) => ({ name: label, unit, value, previous }));

async function viewOf(ctx: Ctx, viewId: string | null, now: Date): Promise<ReportContent['view']> {
	if (!viewId) return null;
	const [row] = await inOrganization(
		ctx.organization.id,
		({ sql }) => sql<{ name: string; query: string }[]>`
		select name, query from saved_views where organization_id = ${ctx.organization.id} and id = ${viewId} and shared`
	);
	if (!row) return null;
	const read = trendSchema.safeParse(JSON.parse(row.query));
	if (!read.success || (read.data.dimension === 'customer' && ctx.scope)) return null;
	const view = await trend(ctx, { ...read.data, page: 1 }, now);
	const name = metricOf(view.metric).name;
	const total: ReportLine = { name: 'All', unit: view.unit, ...view.total };
	return { name: row.name, metric: name, lines: [...lines(view), total] };
}
