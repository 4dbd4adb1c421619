import {
	seriesSchema,
	type ForecastNote,
	type ForecastView,
	type SeriesName
} from '#lib/contracts/forecast-views.ts';
import { require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization, type Tx } from '../platform/db.ts';
import { NotFound } from '../platform/errors.ts';
import { parse } from '../platform/parse.ts';
import { dateOf, dayOf } from './series.ts';
import { keyOf, nameColumns, visible } from './series-key.ts';

interface Stored extends SeriesName {
	origin: string;
	version: number;
	seed: number;
	madeAt: Date;
	point: number[];
	lo80: number[];
	hi80: number[];
	lo95: number[];
	hi95: number[];
	sold: (number | null)[];
	byModel: Record<string, number[]>;
	weights: Record<string, number>;
	notes: ForecastNote[];
}

/**
 * The newest forecast of a series: 90 days of units with ranges, from the day after the last one it knew. Organization's zone.
 * @throws NotFound where there is none yet, or the member's scope does not show it; Forbidden without analytics.read; Invalid
 */
export async function getForecast(ctx: Ctx, input: unknown): Promise<ForecastView> {
	require(ctx, 'analytics.read');
	const wanted = parse(seriesSchema, input);
	const row = await inOrganization(ctx.organization.id, (tx) => storedForecast(tx, ctx, keyOf(wanted)));
	if (!row) throw new NotFound('A forecast of this');
	return viewOf(row);
}

/** The stored row, or nothing where the scope hides it. */
export async function storedForecast(tx: Tx, ctx: Ctx, key: string): Promise<Stored | undefined> {
	const [row] = await tx.sql<Stored[]>`
		select ${nameColumns(tx)}, f.origin, f.version, coalesce(s.seed, 0) as seed, f.made_at, f.point, f.lo80, f.hi80, f.lo95, f.hi95, f.sold, f.by_model, f.weights, f.notes
		from forecasts f left join products p on p.id = f.product_id and p.organization_id = f.organization_id
		left join forecast_sets s on s.organization_id = f.organization_id and s.version = f.version
		where f.organization_id = ${ctx.organization.id} and f.series_key = ${key} and f.is_current and ${visible(tx, ctx)}`;
	return row;
}

export function viewOf(row: Stored): ForecastView {
	const { level, productId, sku, title, category, channel, origin, version, seed, weights, notes } = row;
	const { point, lo80, hi80, lo95, hi95 } = row;
	return {
		series: { level, productId, sku, title, category, channel },
		origin,
		madeAt: row.madeAt.toISOString(),
		model: 'ensemble',
		version,
		seed,
		source: 'stored',
		band: { from: dateOf(dayOf(origin) + 1), point, lo80, hi80, lo95, hi95 },
		sold: { from: dateOf(dayOf(origin) - row.sold.length + 1), units: row.sold },
		weights,
		byModel: row.byModel,
		notes
	};
}
