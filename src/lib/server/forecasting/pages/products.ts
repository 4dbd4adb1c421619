import {
	productListSchema,
	type ListedForecast,
	type ProductListInput
} from '#lib/contracts/forecast-pages.ts';
import type { Horizon } from '#lib/contracts/forecasts.ts';
import { spreadOf, totalOver, withOverrides } from '#lib/contracts/scenarios.ts';
import { require } from '../../identity/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { inOrganization, type Tx } from '../../platform/db.ts';
import { parse } from '../../platform/parse.ts';
import { activeOverrides, type ActiveOverride } from '../overrides.ts';
import { visible } from '../series-key.ts';
import {
	accuracyColumns,
	accuracyJoin,
	bandColumns,
	bandOf,
	productLevel,
	soldBefore,
	type StoredAccuracy,
	type StoredBand
} from './stored.ts';

/** Products of one page. */
export const FORECAST_PAGE = 50;

export type ProductRow = StoredBand &
	StoredAccuracy & { sku: string; title: string; productCategory: string | null };

/**
 * A page of products with what is expected of each over the horizon, how its past was off, and what people set. `search` finds part of a
 * title or the beginning of a SKU.
 * @throws Forbidden without analytics.read, Invalid
 */
export async function forecastProducts(
	ctx: Ctx,
	input: unknown = {}
): Promise<{ products: ListedForecast[]; count: number; pageSize: number }> {
	require(ctx, 'analytics.read');
	const wanted = parse(productListSchema, input);
	return inOrganization(ctx.organization.id, async (tx) => {
		const { rows, count } = await readProducts(
			tx,
			ctx,
			wanted,
			FORECAST_PAGE,
			(wanted.page - 1) * FORECAST_PAGE
		);
		const set = await overridesOf(tx, ctx, rows);
		return {
			products: rows.map((row) => listed(row, wanted.horizon, set.get(row.productId!) ?? [])),
			count,
			pageSize: FORECAST_PAGE
		};
	});
}

/** What people set of these products; of nothing where the member sees only a part of the channels. */
export async function overridesOf(
	tx: Tx,
	ctx: Ctx,
	rows: readonly StoredBand[]
): Promise<Map<string, ActiveOverride[]>> {
	const whole = rows.filter(({ channel }) => channel === null);
	if (whole.length === 0) return new Map();
	const first = whole.map(({ origin }) => origin).toSorted()[0]!;
	return activeOverrides(
		tx,
		ctx.organization.id,
		whole.map(({ productId }) => productId!),
		first
	);
}

/** Rows of one page in the order asked for, and how many there are in all. */
export async function readProducts(
	tx: Tx,
	ctx: Ctx,
	{ search, sort, direction, horizon }: Omit<ProductListInput, 'page'>,
	limit: number,
	offset: number
): Promise<{ rows: ProductRow[]; count: number }> {
	const { sql } = tx;
	const words = search.toLowerCase();
	const begins = `${words.replace(/[\\%_]/g, '\\$&')}%`;
	const units = { 30: sql`f.units30`, 60: sql`f.units60`, 90: sql`f.units90` }[horizon];
	const by = {
		units,
		title: sql`lower(p.title)`,
		wape: sql`(a.figures->>'wape')::float8`,
		skill: sql`(a.figures->>'skill')::float8`,
		trend: sql`f.units30 / nullif(f.sold30, 0)`
	}[sort];
	const rows = await sql<(ProductRow & { count: number })[]>`
		select ${bandColumns(tx)}, ${accuracyColumns(tx)}, p.sku, p.title, p.category as product_category, count(*) over () as count
		from forecasts f join products p on p.id = f.product_id and p.organization_id = f.organization_id and p.merged_into is null ${accuracyJoin(tx)}
		where f.organization_id = ${ctx.organization.id} and f.is_current and f.level = ${productLevel(ctx)} and ${visible(tx, ctx)}
			and (${words} = '' or position(${words} in lower(p.title)) > 0 or lower(p.sku) like ${begins})
		order by ${by} ${direction === 'asc' ? sql`asc` : sql`desc`} nulls last, ${units} desc, f.series_key limit ${limit} offset ${offset}`;
	return { rows, count: rows[0]?.count ?? 0 };
}

/** A line of the list. */
export function listed(row: ProductRow, horizon: Horizon, set: readonly ActiveOverride[]): ListedForecast {
	const said = bandOf(row);
	const { units, lo80, hi80 } = totalOver(said, horizon, spreadOf(row.past ?? [], horizon));
	return {
		productId: row.productId!,
		channel: row.channel,
		sku: row.sku,
		title: row.title,
		category: row.productCategory,
		units,
		lo80,
		hi80,
		planned:
			set.length > 0
				? withOverrides(said, set)
						.point.slice(0, horizon)
						.reduce((sum, value) => sum + value, 0)
				: null,
		before: soldBefore(row, horizon),
		weeks: weeksOf(row.sold, 12),
		wape: row.figures?.wape ?? null,
		skill: row.figures?.skill ?? null,
		notes: row.notes
	};
}

/** Sums of the last `count` weeks, oldest first; null where a day is unknown. */
function weeksOf(sold: readonly (number | null)[], count: number): (number | null)[] {
	return Array.from({ length: count }, (_, index) => {
		const end = sold.length - 7 * (count - 1 - index);
		const week = end >= 7 ? sold.slice(end - 7, end) : [null];
		return week.reduce<number | null>(
			(sum, value) => (sum === null || value === null ? null : sum + value),
			0
		);
	});
}
