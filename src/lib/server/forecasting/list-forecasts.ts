import {
	listSchema,
	type ForecastNote,
	type ForecastRow,
	type SeriesName
} from '#lib/contracts/forecast-views.ts';
import { require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { parse } from '../platform/parse.ts';
import { nameColumns, visible } from './series-key.ts';

interface Row extends SeriesName {
	origin: string;
	units30: number;
	units60: number;
	units90: number;
	sold30: number | null;
	wape: number | null;
	skill: number | null;
	notes: ForecastNote[];
	count: number;
}

/**
 * The newest forecasts of one level, those with the most expected units first. `productId` narrows to the channels of one SKU, `category` to
 * its SKUs, `search` to part of a title or the beginning of a SKU.
 * @throws Forbidden without analytics.read, Invalid
 */
export async function listForecasts(
	ctx: Ctx,
	input: unknown
): Promise<{ rows: ForecastRow[]; count: number }> {
	require(ctx, 'analytics.read');
	const { level, productId = null, category = null, search, limit, offset } = parse(listSchema, input);
	const words = search?.toLowerCase() ?? '';
	const begins = `${words.replace(/[\\%_]/g, '\\$&')}%`;
	const rows = await inOrganization(
		ctx.organization.id,
		(tx) => tx.sql<Row[]>`
		select ${nameColumns(tx)}, f.origin, f.units30, f.units60, f.units90, f.sold30, f.notes,
			(a.figures->>'wape')::float8 as wape, (a.figures->>'skill')::float8 as skill, count(*) over () as count
		from forecasts f left join products p on p.id = f.product_id and p.organization_id = f.organization_id
		left join forecast_accuracy a on a.organization_id = f.organization_id and a.series_key = f.series_key
		where f.organization_id = ${ctx.organization.id} and f.is_current and f.level = ${level} and ${visible(tx, ctx)}
			and (${productId}::uuid is null or f.product_id = ${productId}::uuid)
			and (${category}::text is null or coalesce(f.category, '') = ${category}::text)
			and (${words} = '' or position(${words} in lower(p.title)) > 0 or lower(p.sku) like ${begins})
		order by f.units30 desc, f.series_key limit ${limit} offset ${offset}`
	);
	return {
		rows: rows.map(({ count: _count, productId, sku, title, category, channel, level, ...row }) => ({
			series: { level, productId, sku, title, category, channel },
			...row
		})),
		count: rows[0]?.count ?? 0
	};
}
