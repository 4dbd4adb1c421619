import { generateSchema, type ForecastView, type Model } from '#lib/contracts/forecast-views.ts';
import { getProduct } from '../catalog/index.ts';
import { require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization, type Tx } from '../platform/db.ts';
import { Conflict } from '../platform/errors.ts';
import { parse } from '../platform/parse.ts';
import { closedAhead } from './backtest.ts';
import { storedForecast, viewOf } from './get-forecast.ts';
import { bandsOf } from './intervals.ts';
import { makeOne, type Learned } from './make-one.ts';
import { bandView, pointsOf } from './model-points.ts';
import { calibrationFor } from './refresh-set.ts';
import { HORIZON } from './sales-set.ts';
import { dayOf, meanOf } from './series.ts';
import { lastWholeDay } from './when.ts';

/**
 * A forecast of one SKU by a model. A stored one of last night answers at once; where there is none, or with `retrain`, it is made in a process
 * beside the server and is not stored: stored forecasts of all levels sum up, and this one stands alone.
 * @throws NotFound, Conflict where a model cannot say anything of this SKU, Unavailable when too many are being made, Forbidden without forecasts.manage, Invalid
 */
export async function generateForecast(ctx: Ctx, input: unknown, now = new Date()): Promise<ForecastView> {
	require(ctx, 'forecasts.manage');
	const { productId: asked, horizon, model, retrain } = parse(generateSchema, input);
	const { id: productId, components } = await getProduct(ctx, asked);
	if (components.length > 0)
		throw new Conflict(
			'This is a bundle. What it is made of is forecast, since that is what has to be in stock.'
		);
	const origin = lastWholeDay(now, ctx.organization.timeZone);
	const { stored, learned } = await inOrganization(ctx.organization.id, async (tx) => ({
		stored: retrain ? undefined : await storedForecast(tx, ctx, `product:${productId}`),
		learned: await learnedOf(tx, ctx.organization.id, productId)
	}));
	if (stored?.origin === origin) {
		const view = viewOf(stored);
		if (model === 'ensemble') return cut(view, horizon);
		if (learned && learned.version === view.version) return cut(byModel(view, model, learned), horizon);
	}
	return cut(await makeOne(ctx, productId, origin, model, retrain, learned), horizon);
}

async function learnedOf({ sql }: Tx, organizationId: string, productId: string): Promise<Learned | null> {
	const [row] = await sql<Learned[]>`
		select s.version, s.state, m.state as own from forecast_sets s
		left join forecast_models m on m.organization_id = s.organization_id and m.version = s.version and m.series_key = ${`product:${productId}`}
		where s.organization_id = ${organizationId} order by s.version desc limit 1`;
	return row ?? null;
}

/** What one model said, with ranges from its own past errors. */
function byModel(view: ForecastView, model: Model, { state, own }: Learned): ForecastView {
	const key = `product:${view.series.productId}`;
	const units = Float64Array.from(view.sold.units, (value) => value ?? Number.NaN);
	const recent = units.subarray(-180).filter((value) => !Number.isNaN(value));
	const point = pointsOf(view.byModel, model);
	const bands = bandsOf(calibrationFor(state.skus.calibrations[model]!, key, model, own ?? undefined), {
		key,
		point,
		usual: Math.max(meanOf(units, 90), 0.25 * meanOf(units, 730)),
		idle: recent.length === 0 ? 1 : recent.filter((value) => value === 0).length / recent.length,
		closed: closedAhead({ id: key, start: dayOf(view.sold.from), units }, HORIZON)
	});
	return {
		...view,
		model,
		band: bandView(view.band.from, point, bands)
	};
}

function cut(view: ForecastView, horizon: number): ForecastView {
	const { from, point, lo80, hi80, lo95, hi95 } = view.band;
	return {
		...view,
		band: {
			from,
			point: point.slice(0, horizon),
			lo80: lo80.slice(0, horizon),
			hi80: hi80.slice(0, horizon),
			lo95: lo95.slice(0, horizon),
			hi95: hi95.slice(0, horizon)
		}
	};
}
