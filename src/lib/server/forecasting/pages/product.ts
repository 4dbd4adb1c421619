import {
	productForecastSchema,
	type PastView,
	type ProductForecastView
} from '#lib/contracts/forecast-pages.ts';
import type { PastForecast } from '#lib/contracts/forecast-views.ts';
import { dayAfter, daysFrom, spreadOf, totalOver } from '#lib/contracts/scenarios.ts';
import { getProduct } from '../../catalog/index.ts';
import { can, require } from '../../identity/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { inOrganization, type Tx } from '../../platform/db.ts';
import { parse } from '../../platform/parse.ts';
import { visible } from '../series-key.ts';
import { bandOf, productBand, soldBefore, soldOf, type StoredBand } from './stored.ts';

/** Days of the past on the chart: as many as ahead, at least these. */
const SHOWN = 90;

/** A product without a forecast yet: new since the last run. */
export interface Unforecast {
	productId: string;
	sku: string;
	title: string;
	category: string | null;
	/** What it is made of is forecast in its place. */
	isBundle: boolean;
	forecast: null;
}
export type ForecastPage = Omit<Unforecast, 'forecast'> & { forecast: ProductForecastView | null };

/**
 * All that a product's forecast page shows: what was sold, what is expected, what was said before and how it went, and why. The id of a
 * merged product answers the one that took over, under its own id.
 * @throws Forbidden without analytics.read, NotFound, Invalid
 */
export async function productForecast(ctx: Ctx, input: unknown): Promise<ForecastPage> {
	require(ctx, 'analytics.read');
	const wanted = parse(productForecastSchema, input);
	const { id: productId, sku, title, category, components } = await getProduct(ctx, wanted.productId);
	const product = { productId, sku, title, category, isBundle: components.length > 0 };
	return inOrganization(ctx.organization.id, async (tx) => {
		const row = await productBand(tx, ctx, product.productId);
		if (!row) return { ...product, forecast: null };
		const { horizon } = wanted;
		const said = bandOf(row);
		const past = [
			...(await saidBefore(tx, ctx, row)),
			...(row.past ?? []).map((one): Told => ({ ...one, kind: 'replayed' }))
		]
			.map((one) => pastView(one, row))
			.filter(({ sold }) => sold.some((value) => value !== null));
		return {
			...product,
			forecast: {
				...product,
				channel: row.channel,
				horizon,
				origin: row.origin,
				trainedAt: row.trainedAt?.toISOString() ?? null,
				madeAt: row.madeAt.toISOString(),
				sold: soldOf(row, Math.max(SHOWN, horizon)),
				said,
				total: totalOver(said, horizon, spreadOf(past, horizon)),
				before: soldBefore(row, horizon),
				unknownDays: row.sold.slice(-horizon).filter((value) => value === null).length,
				notes: row.notes,
				accuracy: row.figures,
				winner: row.winner,
				models: modelsOf(row.weights, row.byModel ?? {}),
				past,
				stock: await stockOf(tx, ctx, product.productId),
				channels: row.channel === null ? await channelsOf(tx, ctx, product.productId, horizon) : []
			}
		};
	});
}

type Told = PastForecast & { kind: PastView['kind'] };

/** Forecasts that stood on the page at least a week ago, newest first, with what was sold since. */
async function saidBefore(tx: Tx, ctx: Ctx, current: StoredBand): Promise<Told[]> {
	const rows = await tx.sql<StoredBand[]>`
		select f.series_key, f.origin, f.point, f.lo80, f.hi80, f.lo95, f.hi95 from forecasts f
		where f.organization_id = ${ctx.organization.id} and f.series_key = ${current.seriesKey} and not f.is_current
			and f.origin <= ${dayAfter(current.origin, -7)} and ${visible(tx, ctx)}
		order by f.origin desc limit 20`;
	return rows.map((row) => {
		const over = daysFrom(row.origin, current.origin) - 1;
		return {
			kind: 'said',
			origin: row.origin,
			said: bandOf(row, over),
			sold: Array.from({ length: Math.min(over, row.point.length) }, (_, h) =>
				soldOn(current, dayAfter(row.origin, h + 1))
			)
		};
	});
}

/** A day's units from what is kept beside the newest forecast. */
function soldOn({ origin, sold }: StoredBand, day: string): number | null {
	return sold[sold.length - daysFrom(day, origin)] ?? null;
}

function pastView({ kind, origin, said, sold }: Told, current: StoredBand): PastView {
	const naive = said.point.map((_, h) => soldOn(current, dayAfter(origin, (h % 7) - 6)));
	return {
		kind,
		origin,
		said,
		sold: said.point.map((_, h) => sold[h] ?? null),
		naive,
		wape: missOf(sold, said.point),
		naiveWape: missOf(sold, naive)
	};
}

/** Sum of misses over sum of units, of the days on which both are known; null where nothing was sold. */
function missOf(sold: readonly (number | null)[], said: readonly (number | null)[]): number | null {
	let miss = 0;
	let units = 0;
	sold.forEach((value, h) => {
		const point = said[h] ?? null;
		if (value === null || point === null) return;
		miss += Math.abs(value - point);
		units += value;
	});
	return units > 0 ? miss / units : null;
}

function modelsOf(weights: Record<string, number>, byModel: Record<string, number>) {
	const methods = [...new Set([...Object.keys(weights), ...Object.keys(byModel)])];
	return methods.map((method) => ({
		method,
		weight: weights[method] ?? null,
		wape: byModel[method] ?? null
	}));
}

/** Pieces available now, summed over active locations that the member's scope holds; null where no channel tells. */
async function stockOf({ sql }: Tx, ctx: Ctx, productId: string): Promise<number | null> {
	if (!can(ctx, 'inventory.read')) return null;
	const { channels = null, locations = null } = ctx.scope ?? {};
	const [row] = await sql<{ available: number | null }[]>`
		select sum(s.available)::int as available from stock_levels s
		join locations l on l.id = s.location_id and l.organization_id = s.organization_id and l.is_active
		left join connections c on c.id = l.connection_id and c.organization_id = l.organization_id
		where s.organization_id = ${ctx.organization.id} and s.product_id = ${productId}
			and (${locations}::text[] is null or l.id::text = any(${locations}::text[]))
			and (${channels}::text[] is null or c.channel is null or c.channel = any(${channels}::text[]))`;
	return row?.available ?? null;
}

/** The channels a product sells on, with what is expected of each. */
async function channelsOf(tx: Tx, ctx: Ctx, productId: string, horizon: 30 | 60 | 90) {
	const units = { 30: tx.sql`f.units30`, 60: tx.sql`f.units60`, 90: tx.sql`f.units90` }[horizon];
	const rows = await tx.sql<{ channel: string; units: number }[]>`
		select f.channel, ${units} as units from forecasts f
		where f.organization_id = ${ctx.organization.id} and f.product_id = ${productId} and f.is_current and f.level = 'product_channel' and ${visible(tx, ctx)}
		order by 2 desc`;
	return [...rows];
}
