import {
	seriesSchema,
	type AccuracyFigures,
	type AccuracySummary,
	type AccuracyView,
	type SeriesName
} from '#lib/contracts/forecast-views.ts';
import { LEVELS, type Level } from '#lib/contracts/forecasts.ts';
import { require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { NotFound } from '../platform/errors.ts';
import { parse } from '../platform/parse.ts';
import { addedFigures, figuresOf, type FigureSums } from './figures.ts';
import { keyOf, nameColumns, visible } from './series-key.ts';

type Row = SeriesName & Omit<AccuracyView, 'series' | 'trainedAt'> & { trainedAt: Date };

/**
 * How far past forecasts of a series were off, with the forecasts themselves beside what was sold. Judged are the first 30 days after each past
 * origin, by models that knew no later day.
 * @throws NotFound where nothing was judged yet, Forbidden without analytics.read, Invalid
 */
export async function forecastAccuracy(ctx: Ctx, input: unknown): Promise<AccuracyView> {
	require(ctx, 'analytics.read');
	const key = keyOf(parse(seriesSchema, input));
	const [row] = await inOrganization(
		ctx.organization.id,
		(tx) => tx.sql<Row[]>`
		select ${nameColumns(tx)}, f.version, f.trained_at, f.figures, f.by_model, f.winner, f.weights, f.past, f.notes
		from forecast_accuracy f left join products p on p.id = f.product_id and p.organization_id = f.organization_id
		where f.organization_id = ${ctx.organization.id} and f.series_key = ${key} and ${visible(tx, ctx)}`
	);
	if (!row) throw new NotFound('An accuracy of this');
	const { level, productId, sku, title, category, channel, trainedAt, ...rest } = row;
	return {
		series: { level, productId, sku, title, category, channel },
		trainedAt: trainedAt.toISOString(),
		...rest
	};
}

/**
 * Accuracy of each level: errors and units of all its series added up, so that a SKU counts by what it sells.
 * @throws Forbidden without analytics.read
 */
export async function accuracySummary(ctx: Ctx): Promise<AccuracySummary[]> {
	require(ctx, 'analytics.read');
	const rows = await inOrganization(
		ctx.organization.id,
		(tx) => tx.sql<{ level: Level; sums: FigureSums; figures: AccuracyFigures }[]>`
		select f.level, f.sums, f.figures from forecast_accuracy f where f.organization_id = ${ctx.organization.id} and ${visible(tx, ctx)}`
	);
	return LEVELS.flatMap((level) => {
		const own = rows.filter((row) => row.level === level);
		if (own.length === 0) return [];
		return [
			{
				level,
				series: own.length,
				worseThanNaive: own.filter(({ figures }) => figures.skill !== null && figures.skill <= 0).length,
				figures: figuresOf(addedFigures(own.map(({ sums }) => sums)))
			}
		];
	});
}
