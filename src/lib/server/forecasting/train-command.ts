import { z } from 'zod';
import { MODELS, type generateSchema, type RunView } from '#lib/contracts/forecast-views.ts';
import { HORIZONS } from '#lib/contracts/forecasts.ts';
import { jobCtx } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { processEnds } from '../platform/background.ts';
import { asSystem } from '../platform/system.ts';
import { generateForecast } from './generate.ts';
import { performRun } from './perform.ts';
import { queueRun, runColumns, runView, type RunRow } from './runs.ts';

const inputSchema = z
	.strictObject({
		organization: z.string().min(1).max(100).optional(),
		allProducts: z.boolean().default(false),
		product: z.string().min(1).max(200).optional(),
		model: z.enum(MODELS, { error: `--model is one of ${MODELS.join(', ')}.` }).default('ensemble'),
		horizon: z
			.union(
				HORIZONS.map((days) => z.literal(days)) as [z.ZodLiteral<30>, z.ZodLiteral<60>, z.ZodLiteral<90>],
				{ error: '--horizon is 30, 60 or 90.' }
			)
			.default(30)
	})
	.refine(({ allProducts, product }) => allProducts !== (product !== undefined), {
		error: 'Say either --all-products or --product SKU.'
	});

export interface TrainedProduct {
	slug: string;
	sku: string;
	model: string;
	from: string;
	horizon: number;
	units: number;
	lo80: number[];
	hi80: number[];
	point: number[];
	milliseconds: number;
}
export interface TrainedAll {
	runs: (RunView & { slug: string; series: number; units: number })[];
	products: TrainedProduct[];
}

/** Waits for a run of another process, at most this long. */
const PATIENCE_MS = 3 * 3_600_000;
const POLL_MS = 1_000;

/**
 * Trains all products of one organization (by its slug) or of every one, or forecasts one SKU by a model, fitted anew. Run by `npm run train`, in the
 * app when it runs.
 * @throws Error in words for the operator: a wrong option, no such organization or SKU, a run that failed
 */
export async function trainCommand(
	input: unknown,
	onProgress: (progress: RunView['progress'] & { slug: string }) => void
): Promise<TrainedAll> {
	const parsed = inputSchema.safeParse(input);
	if (!parsed.success) throw new Error(parsed.error.issues[0]!.message);
	const { organization, product, model, horizon } = parsed.data;
	const found = await asSystem(
		'rebuild: read all organizations',
		({ sql }) => sql<{ id: string; slug: string }[]>`
		select id, slug from organizations where ${organization === undefined ? sql`true` : sql`slug = ${organization}`} order by slug`
	);
	if (organization !== undefined && found.length === 0)
		throw new Error(`There is no organization with the slug ${organization}.`);
	const answer: TrainedAll = { runs: [], products: [] };
	for (const { id } of found) {
		const ctx = await jobCtx(id, 'train');
		if (product === undefined) answer.runs.push(await trainAll(ctx, horizon, onProgress));
		else {
			const one = await trainProduct(ctx, product, model, horizon);
			if (one) answer.products.push(one);
		}
	}
	if (product !== undefined && answer.products.length === 0)
		throw new Error(`There is no product with the SKU ${product}.`);
	return answer;
}

async function trainAll(
	{ organization }: Ctx,
	horizon: number,
	onProgress: (progress: RunView['progress'] & { slug: string }) => void
): Promise<TrainedAll['runs'][number]> {
	const { id, slug } = organization;
	const runId = await inOrganization(id, (tx) => queueRun(tx, id, 'train', 'operator'));
	// the queue or another process may have taken it: then its row is watched
	const ours = await performRun({ organizationId: id, runId }, processEnds(), (progress) =>
		onProgress({ slug, ...progress })
	);
	for (let waited = 0; ; waited += POLL_MS) {
		const view = await readRun(id, runId);
		if (view?.status === 'failed') throw new Error(`${slug}: ${view.error}`);
		if (view?.status === 'succeeded') {
			const [sum] = await inOrganization(
				id,
				({ sql }) => sql<{ series: number; units: number }[]>`
				select count(*) filter (where level = 'product') as series,
					coalesce(sum(case ${horizon}::int when 30 then units30 when 60 then units60 else units90 end) filter (where level = 'shop'), 0) as units
				from forecasts where organization_id = ${id} and is_current`
			);
			return { ...view, slug, series: sum!.series, units: sum!.units };
		}
		if (!view || waited > PATIENCE_MS || (ours && view.status === 'queued'))
			throw new Error(`${slug}: the run was not finished; it goes on with the next start.`);
		onProgress({ slug, ...view.progress });
		await new Promise((go) => setTimeout(go, POLL_MS));
	}
}

async function readRun(organizationId: string, runId: string): Promise<RunView | null> {
	const [row] = await inOrganization(
		organizationId,
		(tx) => tx.sql<RunRow[]>`
		select ${runColumns(tx)} from forecast_runs r where r.organization_id = ${organizationId} and r.id = ${runId}`
	);
	return row ? runView(row) : null;
}

/** Null where the organization has no such SKU. */
async function trainProduct(
	ctx: Ctx,
	sku: string,
	model: z.output<typeof inputSchema>['model'],
	horizon: number
): Promise<TrainedProduct | null> {
	const [found] = await inOrganization(
		ctx.organization.id,
		({ sql }) => sql<{ id: string }[]>`
		select id from products where organization_id = ${ctx.organization.id} and sku = ${sku}`
	);
	if (!found) return null;
	const started = performance.now();
	const input: z.input<typeof generateSchema> = {
		productId: found.id,
		horizon: horizon as 30,
		model,
		retrain: true
	};
	const { band } = await generateForecast(ctx, input);
	return {
		slug: ctx.organization.slug,
		sku,
		model,
		from: band.from,
		horizon,
		units: band.point.reduce((sum, value) => sum + value, 0),
		point: band.point,
		lo80: band.lo80,
		hi80: band.hi80,
		milliseconds: Math.round(performance.now() - started)
	};
}
