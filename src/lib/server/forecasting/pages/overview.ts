import { overviewSchema, type LevelView, type OverviewView } from '#lib/contracts/forecast-pages.ts';
import type { AccuracyFigures, PastForecast } from '#lib/contracts/forecast-views.ts';
import { spreadOf, totalOver } from '#lib/contracts/scenarios.ts';
import { require } from '../../identity/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { inOrganization } from '../../platform/db.ts';
import { parse } from '../../platform/parse.ts';
import { visible } from '../series-key.ts';
import {
	accuracyJoin,
	bandColumns,
	bandOf,
	productLevel,
	soldBefore,
	soldOf,
	type StoredBand
} from './stored.ts';

/** Channels and categories listed, those with the most expected units. */
const MOST = 200;
/** Days of the past on the chart. */
const SHOWN = 120;

/**
 * The shop, its channels and categories with what is expected of each over the horizon, one of them drawn. A member who is limited to
 * channels or categories sees those.
 * @throws Forbidden without analytics.read, Invalid
 */
export async function forecastOverview(ctx: Ctx, input: unknown = {}): Promise<OverviewView> {
	require(ctx, 'analytics.read');
	const { level, key, horizon } = parse(overviewSchema, input);
	const organizationId = ctx.organization.id;
	return inOrganization(organizationId, async (tx) => {
		const { sql } = tx;
		const rows = await sql<(StoredBand & { figures: AccuracyFigures | null; trainedAt: Date | null })[]>`
			select ${bandColumns(tx)}, a.figures, a.trained_at from forecasts f ${accuracyJoin(tx)}
			where f.organization_id = ${organizationId} and f.is_current and f.level in ('shop', 'channel', 'category') and ${visible(tx, ctx)}
			order by array_position(array['shop', 'channel', 'category'], f.level), f.units90 desc, f.series_key limit ${MOST}`;
		const [products] = await sql<
			{ count: number; poor: number; origin: string | null; madeAt: Date | null; trainedAt: Date | null }[]
		>`
			select count(*) as count, count(*) filter (where (a.figures->>'skill')::float8 <= 0) as poor, max(f.origin) as origin,
				max(f.made_at) as made_at, max(a.trained_at) as trained_at
			from forecasts f ${accuracyJoin(tx)} join products p on p.id = f.product_id and p.organization_id = f.organization_id and p.merged_into is null
			where f.organization_id = ${organizationId} and f.is_current and f.level = ${productLevel(ctx)} and ${visible(tx, ctx)}`;
		const view = (row: (typeof rows)[number]): LevelView => ({
			level: row.level,
			key: row.channel ?? row.category ?? '',
			units: sum(row.point.slice(0, horizon)),
			before: soldBefore(row, horizon),
			accuracy: row.figures
		});
		const drawn =
			rows.find((row) => row.level === level && (row.channel ?? row.category ?? '') === key) ?? rows[0];
		const past = drawn ? await pastOf(drawn.seriesKey) : [];
		return {
			horizon,
			origin: rows[0]?.origin ?? products!.origin,
			madeAt: (rows[0]?.madeAt ?? products!.madeAt)?.toISOString() ?? null,
			trainedAt: (rows[0]?.trainedAt ?? products!.trainedAt)?.toISOString() ?? null,
			levels: rows.map(view),
			chosen: drawn
				? {
						...view(drawn),
						total: totalOver(bandOf(drawn), horizon, spreadOf(past, horizon)),
						sold: soldOf(drawn, SHOWN),
						said: bandOf(drawn, horizon)
					}
				: null,
			products: products!.count,
			noBetterThanNaive: products!.poor
		};

		async function pastOf(seriesKey: string): Promise<PastForecast[]> {
			const [row] = await sql<{ past: PastForecast[] }[]>`
				select past from forecast_accuracy where organization_id = ${organizationId} and series_key = ${seriesKey}`;
			return row?.past ?? [];
		}
	});
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
