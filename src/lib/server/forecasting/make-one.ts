import type { ForecastView, Model } from '#lib/contracts/forecast-views.ts';
import { getProduct } from '../catalog/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { Unavailable } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { OneResult } from './child/protocol.ts';
import { bandsOf } from './intervals.ts';
import type { SeriesState, SetState } from './learned.ts';
import { bandView, pointsOf } from './model-points.ts';
import { readSales, readShop } from './read-sales.ts';
import { calibrationFor } from './refresh-set.ts';
import { ChildFailed, MOST_MB, runChild } from './run-child.ts';
import { SEED } from './runs.ts';
import { HORIZON } from './sales-set.ts';
import { dateOf, dayOf } from './series.ts';

/** A forecast while somebody waits takes a second; this one is lost. */
const PATIENCE_MS = 60_000;
/** Made at the same time in one process: each is a process of its own. */
const MOST_AT_ONCE = 2;
let running = 0;

/** What the last training learned, of the set and of this SKU. */
export interface Learned {
	version: number;
	state: SetState;
	own: SeriesState | null;
}

/**
 * Makes a forecast of one SKU in a process beside the server, by stored weights or, with `retrain`, by weights from its own past.
 * @throws Unavailable when too many are being made or it cannot be made, Conflict where the model says nothing of it
 */
export async function makeOne(
	ctx: Ctx,
	productId: string,
	origin: string,
	model: Model,
	retrain: boolean,
	learned: Learned | null
): Promise<ForecastView> {
	if (running >= MOST_AT_ONCE)
		throw new Unavailable('Other forecasts are being made. Try again in a moment.', 3);
	running++;
	const started = new Date();
	try {
		const set = await readSales(ctx, dayOf(origin), [productId]);
		if (set.skus.length === 0) return withoutSales(ctx, productId, origin, model, learned?.version ?? 0);
		let result: OneResult | null = null;
		const used = await runChild(
			{
				kind: 'one',
				seed: SEED,
				mostMb: MOST_MB,
				set: { ...set, skus: set.skus.slice(0, 1) },
				shop: await readShop(ctx, dayOf(origin)),
				// without anything learned before, this SKU's own past is all there is
				retrain: retrain || !learned?.own,
				state: learned?.state ?? null,
				model: learned?.own ?? null,
				shared: learned && (await sharedModelsOf(ctx, learned.version))
			},
			(told) => {
				if (told.type === 'one') result = told.result;
			},
			AbortSignal.timeout(PATIENCE_MS)
		);
		if (!result) throw new ChildFailed('It ended without an answer.');
		await note(ctx, learned?.version ?? 0, started, used);
		return await viewOfOne(ctx, productId, origin, model, learned?.version ?? 0, result);
	} catch (error) {
		if (error instanceof ChildFailed || (error as Error).name === 'TimeoutError')
			throw new Unavailable(
				'The forecast could not be made. Stored forecasts stay; try again in a moment.',
				5
			);
		throw error;
	} finally {
		running--;
	}
}

async function sharedModelsOf(ctx: Ctx, version: number): Promise<Buffer | null> {
	const [row] = await inOrganization(
		ctx.organization.id,
		({ sql }) => sql<{ network: Buffer | null }[]>`
		select network from forecast_sets where organization_id = ${ctx.organization.id} and version = ${version}`
	);
	return row?.network ?? null;
}

/** A row in the journal of runs: who asks often is seen there. */
async function note(
	ctx: Ctx,
	version: number,
	started: Date,
	used: { cpuSeconds: number; peakMb: number }
): Promise<void> {
	await inOrganization(ctx.organization.id, async ({ sql }) => {
		await sql`
			insert into forecast_runs (id, organization_id, kind, trigger, status, progress, version, seed, started_at, finished_at, cpu_seconds, peak_mb)
			values (${newId()}, ${ctx.organization.id}, 'on-demand', 'person', 'succeeded', ${sql.json({ step: 'done', done: 1, total: 1 })}, ${version}, ${SEED},
				${started}, now(), ${used.cpuSeconds}, ${used.peakMb})`;
		await sql`
			delete from forecast_runs where organization_id = ${ctx.organization.id} and kind = 'on-demand' and finished_at < now() - interval '30 days'`;
	});
}

async function nameOf(ctx: Ctx, productId: string): Promise<ForecastView['series']> {
	const { sku, title, category } = await getProduct(ctx, productId);
	return { level: 'product', productId, sku, title, category, channel: null };
}

async function viewOfOne(
	ctx: Ctx,
	productId: string,
	origin: string,
	model: Model,
	version: number,
	{ forecast, calibrations, own, spread }: OneResult
): Promise<ForecastView> {
	const { point, lo80, hi80, lo95, hi95, sold, weights, byModel: said, notes } = forecast;
	const from = dateOf(dayOf(origin) + 1);
	const view: ForecastView = {
		series: await nameOf(ctx, productId),
		origin,
		madeAt: new Date().toISOString(),
		model,
		version,
		seed: SEED,
		source: 'made',
		band: { from, point, lo80, hi80, lo95, hi95 },
		sold: { from: dateOf(dayOf(origin) - sold.length + 1), units: sold },
		weights,
		byModel: said,
		notes
	};
	if (model === 'ensemble') return view;
	const points = pointsOf(said, model);
	const key = `product:${productId}`;
	const bands = bandsOf(calibrationFor(calibrations[model]!, key, model, { weights: [], own }), {
		key,
		point: points,
		...spread
	});
	return {
		...view,
		band: bandView(from, points, bands)
	};
}

/** Nothing was ever sold: nothing is expected, and there is nothing to learn otherwise from. */
async function withoutSales(
	ctx: Ctx,
	productId: string,
	origin: string,
	model: Model,
	version: number
): Promise<ForecastView> {
	const nothing = new Array<number>(HORIZON).fill(0);
	return {
		series: await nameOf(ctx, productId),
		origin,
		madeAt: new Date().toISOString(),
		model,
		version,
		seed: SEED,
		source: 'made',
		band: {
			from: dateOf(dayOf(origin) + 1),
			point: nothing,
			lo80: nothing,
			hi80: nothing,
			lo95: nothing,
			hi95: nothing
		},
		sold: { from: origin, units: [] },
		weights: {},
		byModel: {},
		notes: ['no_sales']
	};
}
