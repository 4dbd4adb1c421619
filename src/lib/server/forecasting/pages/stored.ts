import type { AccuracyFigures, ForecastNote, PastForecast } from '#lib/contracts/forecast-views.ts';
import type { BandView, Level, SoldView } from '#lib/contracts/forecasts.ts';
import { dayAfter } from '#lib/contracts/scenarios.ts';
import type { Ctx } from '../../platform/ctx.ts';
import type { Tx } from '../../platform/db.ts';
import { visible } from '../series-key.ts';

/** The newest forecast of a series as it is stored; `sold` ends at `origin`. */
export interface StoredBand {
	seriesKey: string;
	level: Level;
	productId: string | null;
	channel: string | null;
	category: string | null;
	origin: string;
	madeAt: Date;
	point: number[];
	lo80: number[];
	hi80: number[];
	lo95: number[];
	hi95: number[];
	sold: (number | null)[];
	notes: ForecastNote[];
	weights: Record<string, number>;
}

/** How far its past was off; all null before the first training judged it. */
export interface StoredAccuracy {
	trainedAt: Date | null;
	figures: AccuracyFigures | null;
	byModel: Record<string, number> | null;
	winner: string | null;
	past: PastForecast[] | null;
}

/** Columns of a `StoredBand`, from the forecast `f`. */
export function bandColumns({ sql }: Tx) {
	return sql`f.series_key, f.level, f.product_id, f.channel, f.category, f.origin, f.made_at, f.point, f.lo80, f.hi80, f.lo95, f.hi95, f.sold, f.notes, f.weights`;
}

/** Columns of a `StoredAccuracy`, from `accuracyJoin`. */
export function accuracyColumns({ sql }: Tx) {
	return sql`a.trained_at, a.figures, a.by_model, a.winner, a.past`;
}

export function accuracyJoin({ sql }: Tx) {
	return sql`left join forecast_accuracy a on a.organization_id = f.organization_id and a.series_key = f.series_key`;
}

/** The level at which a member sees products: whoever is limited to channels sees each product on them alone. */
export function productLevel({ scope }: Ctx): 'product' | 'product_channel' {
	return scope?.channels ? 'product_channel' : 'product';
}

/**
 * The newest forecast of a product as the member may see it: of all channels, or of the one of theirs on which it sells most. Nothing
 * where there is none.
 */
export async function productBand(
	tx: Tx,
	ctx: Ctx,
	productId: string
): Promise<(StoredBand & StoredAccuracy) | undefined> {
	const [row] = await tx.sql<(StoredBand & StoredAccuracy)[]>`
		select ${bandColumns(tx)}, ${accuracyColumns(tx)} from forecasts f ${accuracyJoin(tx)}
		where f.organization_id = ${ctx.organization.id} and f.product_id = ${productId} and f.is_current and f.level = ${productLevel(ctx)} and ${visible(tx, ctx)}
		order by f.units90 desc, f.series_key limit 1`;
	return row;
}

/** The first `days` days of a stored forecast; all 90 unless told. */
export function bandOf(row: StoredBand, days = row.point.length): BandView {
	const cut = (values: number[]) => values.slice(0, days);
	return {
		from: dayAfter(row.origin, 1),
		point: cut(row.point),
		lo80: cut(row.lo80),
		hi80: cut(row.hi80),
		lo95: cut(row.lo95),
		hi95: cut(row.hi95)
	};
}

/** The last `days` days known. */
export function soldOf({ origin, sold }: StoredBand, days: number): SoldView {
	const units = sold.slice(-days);
	return { from: dayAfter(origin, 1 - units.length), units };
}

/** Units of the last `days` days, unknown ones counted like the others; null where more than half are unknown. */
export function soldBefore({ sold }: StoredBand, days: number): number | null {
	const known = sold.slice(-days).filter((value) => value !== null);
	if (known.length < days / 2) return null;
	return (known.reduce((sum, value) => sum + value, 0) / known.length) * days;
}
