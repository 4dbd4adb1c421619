import {
	accuracyQuerySchema,
	type AccuracyReport,
	type AccuracyRow,
	type AccuracySort
} from '#lib/contracts/forecast-pages.ts';
import type { AccuracyFigures, SeriesName } from '#lib/contracts/forecast-views.ts';
import { require } from '../../identity/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { inOrganization } from '../../platform/db.ts';
import { parse } from '../../platform/parse.ts';
import { addedFigures, figuresOf, type FigureSums } from '../figures.ts';
import { nameColumns, visible } from '../series-key.ts';

/** Series in the picture of ours against the naive one's. */
const DOTS = 500;

type Row = SeriesName & {
	sums: FigureSums;
	figures: AccuracyFigures;
	winner: string | null;
	origins: string[] | null;
	trainedAt: Date;
};

/**
 * How far forecasts of the past were off, series by series of one level and all together. `search` narrows the rows, not the figures of all.
 * @throws Forbidden without analytics.read, Invalid
 */
export async function accuracyReport(ctx: Ctx, input: unknown = {}): Promise<AccuracyReport> {
	require(ctx, 'analytics.read');
	const { level, search, sort, direction, page, limit } = parse(accuracyQuerySchema, input);
	const organizationId = ctx.organization.id;
	const { rows, forecast } = await inOrganization(organizationId, async (tx) => {
		const rows = await tx.sql<Row[]>`
			select ${nameColumns(tx)}, f.sums, f.figures, f.winner, f.trained_at,
				(select array_agg(o->>'origin' order by o->>'origin') from jsonb_array_elements(f.past) o) as origins
			from forecast_accuracy f left join products p on p.id = f.product_id and p.organization_id = f.organization_id
			where f.organization_id = ${organizationId} and f.level = ${level} and p.merged_into is null and ${visible(tx, ctx)}`;
		const [forecast] = await tx.sql<{ count: number }[]>`
			select count(*) as count from forecasts f left join products p on p.id = f.product_id and p.organization_id = f.organization_id
			where f.organization_id = ${organizationId} and f.level = ${level} and f.is_current and p.merged_into is null and ${visible(tx, ctx)}`;
		return { rows, forecast: forecast!.count };
	});
	const judged = rows.filter(({ figures }) => figures.days > 0 && figures.wape !== null);
	const words = search.toLowerCase();
	const found = judged.filter(
		(row) =>
			words === '' ||
			nameOf(row).toLowerCase().includes(words) ||
			(row.sku ?? '').toLowerCase().startsWith(words)
	);
	const sorted = found.toSorted(orderOf(sort, direction === 'asc' ? 1 : -1));
	return {
		rows: sorted.slice((page - 1) * limit, page * limit).map(rowOf),
		count: found.length,
		pageSize: limit,
		pooled: judged.length > 0 ? figuresOf(addedFigures(judged.map(({ sums }) => sums))) : null,
		noBetterThanNaive: judged.filter(({ figures }) => figures.skill !== null && figures.skill <= 0).length,
		unjudged: Math.max(0, forecast - judged.length),
		origins: [...new Set(judged.flatMap(({ origins }) => origins ?? []))].toSorted(),
		judgedAt:
			rows
				.map(({ trainedAt }) => trainedAt.toISOString())
				.toSorted()
				.at(-1) ?? null,
		dots: judged
			.toSorted((a, b) => b.sums.units - a.sums.units)
			.slice(0, DOTS)
			.flatMap((row) => {
				const naive = naiveOf(row.sums);
				return naive === null || row.figures.wape === null
					? []
					: [{ key: row.productId ?? nameOf(row), title: nameOf(row), naive, ours: row.figures.wape }];
			})
	};
}

const nameOf = (row: Row) => row.title ?? row.channel ?? row.category ?? 'The whole shop';
const naiveOf = ({ naiveAbsolute, units }: FigureSums) => (units > 0 ? naiveAbsolute / units : null);

function rowOf(row: Row): AccuracyRow {
	const { level, productId, channel, category, sku, title, figures, winner, sums } = row;
	return {
		level,
		productId,
		channel,
		category,
		sku,
		title,
		units: sums.units,
		figures,
		naiveWape: naiveOf(sums),
		winner
	};
}

/** What has no figure stands last in both directions. Bias counts by how far it leans, either way. */
function orderOf(sort: AccuracySort, sign: 1 | -1) {
	if (sort === 'title') return (a: Row, b: Row) => sign * nameOf(a).localeCompare(nameOf(b));
	const value = ({ sums, figures }: Row) =>
		sort === 'units'
			? sums.units
			: sort === 'bias'
				? figures.bias === null
					? null
					: Math.abs(figures.bias)
				: figures[sort];
	return (a: Row, b: Row) => {
		const [x, y] = [value(a), value(b)];
		if (x === null || y === null) return Number(x === null) - Number(y === null);
		return sign * (x - y) || b.sums.units - a.sums.units;
	};
}
