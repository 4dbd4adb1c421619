// A process of its own, so that no fit ever blocks, bloats or breaks the server: takes one job over IPC, answers, ends.
import os from 'node:os';
import { deserialize, serialize } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { OriginCases } from '../learned.ts';
import { refreshSet } from '../refresh-set.ts';
import { pastOrigins, seriesOf, type SetSeries } from '../sales-set.ts';
import type { Day } from '../series.ts';
import { trainSet } from '../train-set.ts';
import { fitAll } from './crew.ts';
import { caseFrom, type Said, type SharedSaid } from './fit.ts';
import { forecastOne } from './one.ts';
import { assembler, packed, type JobPart, type Result } from './pieces.ts';
import type { Job, Told } from './protocol.ts';
import type { SharedData, SharedPart } from './shared-worker.ts';
import { packModels, unpackModels, type StoredModels } from './stored-models.ts';

const NICE_LOWEST = 19;
/** Somebody waits for this one. */
const NICE_ONE = 5;
const WATCH_MS = 1_000;

let peakMb = 0;
let backend: string | null = null;

process.once('disconnect', () => process.exit(0)); // the server is gone
const assemble = assembler();
process.on('message', (part: JobPart) => {
	const job = assemble(part);
	if (job) begin(job);
});

function begin(job: Job): void {
	os.setPriority(job.kind === 'one' ? NICE_ONE : NICE_LOWEST);
	watch(job.mostMb);
	perform(job)
		.catch((error: unknown) => tell({ type: 'failed', message: (error as Error).message }))
		.then(async () => {
			const { user, system } = process.cpuUsage();
			weigh();
			await tell({ type: 'used', cpuSeconds: (user + system) / 1e6, peakMb, backend });
			process.exit(0);
		})
		.catch(() => process.exit(1));
}

function tell(message: Told): Promise<void> {
	return new Promise((resolve, reject) =>
		process.send!(message, undefined, {}, (error) => (error ? reject(error) : resolve()))
	);
}

function weigh(): number {
	const mb = Math.round(process.memoryUsage.rss() / 1024 / 1024);
	peakMb = Math.max(peakMb, mb);
	return mb;
}

function watch(mostMb: number): void {
	const check = () => {
		if (weigh() <= mostMb) return;
		void tell({ type: 'failed', message: `It needed more than ${mostMb} MB of memory.` }).finally(() =>
			process.exit(1)
		);
	};
	check(); // a small job ends before the first look of the timer
	setInterval(check, WATCH_MS).unref();
}

async function perform(job: Job): Promise<void> {
	if (job.kind === 'one') return tell({ type: 'one', result: await forecastOne(job) });
	const series = seriesOf(job.set);
	const origins = job.kind === 'train' ? [...pastOrigins(job.set.origin), job.set.origin] : [job.set.origin];
	const { said, shared, models } = await everything(job, series, origins);
	const at = (origin: Day): OriginCases => {
		const o = origins.indexOf(origin);
		const all = [...series.skus, ...series.sums];
		const cases = all.map((one, i) => {
			const own = said.get(i)?.[o];
			return own ? caseFrom(one, origin, own, shared.get(origin)?.[i] ?? []) : null;
		});
		const begun = (from: number, to: number) => cases.slice(from, to).filter((one) => one !== null);
		return { origin, skus: begun(0, series.skus.length), sums: begun(series.skus.length, all.length) };
	};
	if (job.kind === 'refresh') {
		const forecasts = refreshSet(job.set, series, at(job.set.origin), job.state, job.models, job.judged);
		return tellResults(
			forecasts.map((forecast) => ({ forecast, model: null, accuracy: null })),
			null
		);
	}
	const past = pastOrigins(job.set.origin)
		.map(at)
		.filter(({ skus }) => skus.length > 0);
	const trained = trainSet(job.set, series, past, at(job.set.origin), (done, total) => {
		void tell({ type: 'progress', progress: { step: 'finish', done, total } });
	});
	const accuracy = new Map(trained.accuracy.map((one) => [one.key, one]));
	await tellResults(
		trained.forecasts.map((forecast) => ({
			forecast,
			model: trained.models.get(forecast.key) ?? null,
			accuracy: accuracy.get(forecast.key) ?? null
		})),
		{ state: trained.set, shared: models && packModels(models) }
	);
}

async function tellResults(
	results: readonly Result[],
	trained: Extract<Told, { type: 'complete' }>['trained']
): Promise<void> {
	for (const data of packed(results)) await tell({ type: 'results', data });
	await tell({ type: 'complete', keys: results.map(({ forecast }) => forecast.key), trained });
}

/** What every engine and the models of all SKUs say about every series at every origin; told part by part, so that a later try goes on from there. */
async function everything(job: Exclude<Job, { kind: 'one' }>, series: SetSeries, origins: Day[]) {
	const all = [...series.skus, ...series.sums];
	const said = new Map<number, (Said | null)[]>();
	const trainings = job.kind === 'train' ? origins.length : 0;
	const shared = new Map<Day, SharedSaid[]>();
	const kept = new Map<Day, Uint8Array>();
	let models: StoredModels | null = null;
	const takeShared = (origin: Day, data: Uint8Array) => {
		const part = deserialize(data) as SharedPart;
		shared.set(origin, part.said);
		models = part.models;
	};
	const positions = new Map(all.map(({ id }, i) => [id, i]));
	for (const [part, data] of [...job.parts].sort(([a], [b]) => (a < b ? -1 : 1))) {
		const [kind, name] = [part.slice(0, part.indexOf(' ')), part.slice(part.indexOf(' ') + 1)];
		const index = positions.get(name);
		if (kind === 'series' && index !== undefined) said.set(index, deserialize(data) as (Said | null)[]);
		if (kind === 'shared') {
			kept.set(Number(name), data);
			takeShared(Number(name), data);
		}
	}
	const total = all.length + trainings;
	const report = () =>
		void tell({
			type: 'progress',
			progress: { step: 'series', done: said.size + (trainings && shared.size), total }
		});
	report();
	await Promise.all([
		sharedModels(
			{
				series: all,
				skus: series.skus.length,
				seed: job.seed,
				mostRounds: job.mostRounds ?? Infinity,
				origins,
				trained: job.kind === 'refresh' && job.shared ? unpackModels(job.shared) : null,
				done: kept
			},
			(origin, data) => {
				takeShared(origin, data);
				if (trainings) void tell({ type: 'part', part: `shared ${origin}`, data });
				report();
			},
			job.kind === 'refresh' && !job.shared
		),
		fitAll(
			{ series: all, skus: series.skus.length, origins },
			[...all.keys()].filter((i) => !said.has(i)),
			(answer) => {
				said.set(answer.index, answer.said);
				void tell({ type: 'part', part: `series ${all[answer.index]!.id}`, data: serialize(answer.said) });
				report();
			}
		)
	]);
	return { said, shared, models: models as StoredModels | null };
}

/** The models of all SKUs on a thread of their own. Where there are none to ask, they say nothing. */
function sharedModels(
	data: SharedData,
	told: (origin: Day, data: Uint8Array) => void,
	none: boolean
): Promise<void> {
	if (none) return Promise.resolve();
	return new Promise((resolve, reject) => {
		const worker = new Worker(new URL('./shared-worker.ts', import.meta.url), { workerData: data });
		worker.on('message', (one: { origin: Day; data: Uint8Array; backend: string }) => {
			backend = one.backend;
			told(one.origin, one.data);
		});
		worker.once('error', reject);
		worker.once('exit', (code) =>
			code === 0 ? resolve() : reject(new Error('The training of the models of all products broke off.'))
		);
	});
}
