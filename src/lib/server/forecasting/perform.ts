import type { AccuracyFigures, RunView } from '#lib/contracts/forecast-views.ts';
import { jobCtx } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { NotFound, Unavailable } from '../platform/errors.ts';
import { addToTrace, log } from '../platform/log.ts';
import type { Job, Told } from './child/protocol.ts';
import type { SeriesState, SetState } from './learned.ts';
import { readSales } from './read-sales.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { factsAreCurrent } from '../analytics/index.ts';
import { ChildFailed, MOST_MB, runChild } from './run-child.ts';
import {
	beat,
	failRun,
	finishRun,
	MOST_ATTEMPTS,
	noteUse,
	releaseRun,
	takeRun,
	type TakenRun
} from './runs.ts';
import type { SalesSet } from './sales-set.ts';
import { dayOf } from './series.ts';
import { storeResults, type Written } from './store-results.ts';
import { lastWholeDay } from './when.ts';

const BEAT_MS = 15_000;
/** How long facts are waited for: a rebuild takes minutes, a seller without a pause never ends. */
const PATIENCE_MS = 300_000;
const POLL_MS = 1_000;
/** Parts that are written together. */
const PARTS = 20;
const PARTS_MS = 3_000;

/** Less than a run may use: for tests. */
export type Limits = Partial<Pick<Job, 'mostMb' | 'mostRounds'>>;

/** Thrown inside a run whose row another process took over, or that was removed with its organization. */
class TakenOver extends Error {}

/**
 * Does a run that waits, or goes on with one whose process was lost, from the series it had done. The forecasts of before stay until all new ones
 * are written in one transaction. What goes wrong is kept on the row in words for people. `signal` fires when the process stops: the run is
 * handed back. Answers false when there was nothing to do.
 */
export async function performRun(
	target: { organizationId: string; runId: string },
	signal: AbortSignal,
	report: (progress: RunView['progress']) => void = () => {},
	limits: Limits = {}
): Promise<boolean> {
	const { organizationId } = target;
	const run = await takeRun(organizationId, target.runId);
	if (!run) return false;
	addToTrace({ organizationId });
	const stop = new AbortController();
	const aborted = AbortSignal.any([signal, stop.signal]);
	let progress: RunView['progress'] = { step: 'reading', done: 0, total: 0 };
	const alive = () => {
		report(progress);
		void beat(organizationId, run.id, progress).then(
			(ours) => ours || stop.abort(new TakenOver('The run is somebody else’s.')),
			() => {} // the store is away for a moment
		);
	};
	const timer = setInterval(alive, BEAT_MS);
	try {
		if (run.attempts >= MOST_ATTEMPTS) throw new ChildFailed(`its process was lost ${run.attempts} times.`);
		const ctx = await jobCtx(organizationId, 'forecast');
		await work(ctx, run, limits, aborted, (next) => {
			const turn = next.step !== progress.step;
			progress = next;
			if (turn) alive();
			else report(progress);
		});
	} catch (error) {
		if (error instanceof TakenOver || error instanceof NotFound) return true;
		if (signal.aborted || error instanceof Unavailable) await releaseRun(organizationId, run.id);
		else {
			log.error({ err: error, runId: run.id }, 'a forecast run failed');
			await failRun(organizationId, run.id, sentence(error));
		}
	} finally {
		clearInterval(timer);
	}
	return true;
}

function sentence(error: unknown): string {
	const why = error instanceof ChildFailed ? `: ${error.message}` : '.';
	return `The run stopped at something Tidemark did not expect${why} The forecasts of before stay; the next run tries again.`;
}

async function work(
	ctx: Ctx,
	run: TakenRun,
	limits: Limits,
	signal: AbortSignal,
	report: (progress: RunView['progress']) => void
): Promise<void> {
	const organizationId = ctx.organization.id;
	const origin =
		run.origin ??
		(await fixOrigin(run.id, organizationId, lastWholeDay(new Date(), ctx.organization.timeZone)));
	report({ step: 'reading', done: 0, total: 0 });
	// the first training comes right after the first sync: its orders have to be in the facts
	for (let waited = 0; waited < PATIENCE_MS && !(await factsAreCurrent(ctx)); waited += POLL_MS)
		await sleep(POLL_MS, undefined, { signal });
	const set = await readSales(ctx, dayOf(origin));
	const written: Written = {
		organizationId,
		runId: run.id,
		version: run.version,
		seed: run.seed,
		origin,
		categoryOf: categories(set)
	};
	if (set.skus.length === 0) {
		await inOrganization(organizationId, async (tx) => {
			if (!(await finishRun(tx, organizationId, run.id, 0))) throw new TakenOver();
			await storeResults(tx, written, { keys: [], pieces: [], trained: null });
		});
		return;
	}
	const parts = partsOfRun(organizationId, run.id);
	const pieces: Uint8Array[] = [];
	let finished = false;
	const told = async (message: Told) => {
		if (message.type === 'progress') report(message.progress);
		else if (message.type === 'part') await parts.add(message.part, message.data);
		else if (message.type === 'results') pieces.push(message.data);
		else if (message.type === 'complete') {
			await inOrganization(organizationId, async (tx) => {
				if (!(await finishRun(tx, organizationId, run.id, message.keys.length))) throw new TakenOver();
				await storeResults(tx, written, { ...message, pieces });
			});
			finished = true;
		}
	};
	const used = await runChild(
		{ ...(await jobOf(run, set, organizationId, await parts.read())), ...limits },
		told,
		signal
	).catch(async (error: unknown) => {
		await parts.flush();
		throw error;
	});
	await noteUse(organizationId, run.id, used);
	if (!finished) throw new ChildFailed('it ended without an answer.');
	log.info({ kind: run.kind, series: set.skus.length, ...used }, 'forecasts made');
}

/** The days of a run stay those it began with, also when another process goes on tomorrow. */
async function fixOrigin(runId: string, organizationId: string, origin: string): Promise<string> {
	await inOrganization(
		organizationId,
		({ sql }) =>
			sql`update forecast_runs set origin = ${origin}::date where organization_id = ${organizationId} and id = ${runId}`
	);
	return origin;
}

async function jobOf(
	run: TakenRun,
	set: SalesSet,
	organizationId: string,
	parts: Map<string, Uint8Array>
): Promise<Job> {
	const base = { seed: run.seed, set, mostMb: MOST_MB, parts };
	if (run.kind === 'train') return { ...base, kind: 'train' };
	return inOrganization(organizationId, async ({ sql }) => {
		const [learned] = await sql<{ state: SetState; network: Buffer | null }[]>`
			select state, network from forecast_sets where organization_id = ${organizationId} and version = ${run.version}`;
		if (!learned) throw new ChildFailed('what it should use has been replaced.');
		const models = await sql<{ seriesKey: string; state: SeriesState }[]>`
			select series_key, state from forecast_models where organization_id = ${organizationId} and version = ${run.version}`;
		const judged = await sql<{ seriesKey: string; figures: AccuracyFigures }[]>`
			select series_key, figures from forecast_accuracy where organization_id = ${organizationId}`;
		return {
			...base,
			kind: 'refresh' as const,
			state: learned.state,
			shared: learned.network,
			models: new Map(models.map(({ seriesKey, state }) => [seriesKey, state])),
			judged: new Map(judged.map(({ seriesKey, figures }) => [seriesKey, figures]))
		};
	});
}

function categories({ skus }: SalesSet): (productId: string) => string | null {
	const byId = new Map(skus.map(({ id, category }) => [id, category]));
	return (id) => byId.get(id) || null;
}

/** What a run has done is written in small batches: a kill loses seconds of work. */
function partsOfRun(organizationId: string, runId: string) {
	let waiting: { part: string; data: Uint8Array }[] = [];
	let since = Date.now();
	return {
		async read(): Promise<Map<string, Uint8Array>> {
			const rows = await inOrganization(
				organizationId,
				({ sql }) => sql<{ part: string; data: Buffer }[]>`
				select part, data from forecast_parts where organization_id = ${organizationId} and run_id = ${runId}`
			);
			return new Map(rows.map(({ part, data }) => [part, data]));
		},
		async add(part: string, data: Uint8Array): Promise<void> {
			waiting.push({ part, data });
			if (waiting.length >= PARTS || Date.now() - since >= PARTS_MS) await flush();
		},
		flush
	};

	async function flush(): Promise<void> {
		const batch = waiting;
		waiting = [];
		since = Date.now();
		if (batch.length === 0) return;
		await inOrganization(
			organizationId,
			({ sql }) => sql`
			insert into forecast_parts (organization_id, run_id, part, data)
			select ${organizationId}, ${runId}, part, decode(data, 'base64')
			from unnest(${batch.map((one) => one.part)}::text[], ${batch.map((one) => Buffer.from(one.data).toString('base64'))}::text[]) as t (part, data)
			on conflict do nothing`
		);
	}
}
