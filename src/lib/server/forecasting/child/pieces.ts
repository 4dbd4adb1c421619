import { serialize } from 'node:v8';
import type { SeriesState } from '../learned.ts';
import type { AccuracyResult, ForecastResult } from '../results.ts';
import type { Job } from './protocol.ts';

/** Entries of one message: a message is taken in one go, so that none may hold up whoever takes it. */
const JOB_PIECE = 50;
const RESULT_PIECE = 20;

/** What a run has to say of one series. */
export interface Result {
	forecast: ForecastResult;
	/** Of a training. */
	model: SeriesState | null;
	accuracy: AccuracyResult | null;
}

/** A job without its long lists, a piece of one of them, or that it is complete. */
export type JobPart =
	{ head: Job } | { list: 'skus' | 'parts' | 'models' | 'judged'; entries: unknown[] } | { complete: true };

/** A job in parts that `assemble` puts together again. */
export function* partsOfJob(job: Job): Generator<JobPart> {
	const maps: ['parts' | 'models' | 'judged', Map<string, unknown>][] =
		job.kind === 'one'
			? []
			: job.kind === 'train'
				? [['parts', job.parts]]
				: [
						['parts', job.parts],
						['models', job.models],
						['judged', job.judged]
					];
	yield {
		head: {
			...job,
			set: { ...job.set, skus: [] },
			...Object.fromEntries(maps.map(([name]) => [name, new Map()]))
		} as Job
	};
	const lists = [['skus', job.set.skus] as const, ...maps.map(([name, map]) => [name, [...map]] as const)];
	for (const [list, entries] of lists)
		for (let at = 0; at < entries.length; at += JOB_PIECE)
			yield { list, entries: entries.slice(at, at + JOB_PIECE) };
	yield { complete: true };
}

/** Takes parts in their order; answers the job with the last one, null before. */
export function assembler(): (part: JobPart) => Job | null {
	let job: Job | null = null;
	return (part) => {
		if ('head' in part) job = part.head;
		else if ('complete' in part) return job;
		else if (part.list === 'skus') job!.set.skus.push(...(part.entries as Job['set']['skus']));
		else {
			const map = (job as unknown as Record<string, Map<string, unknown>>)[part.list]!;
			for (const [key, value] of part.entries as [string, unknown][]) map.set(key, value);
		}
		return null;
	};
}

/** Results in pieces, packed: whoever takes them unpacks one after the other. */
export function* packed(results: readonly Result[]): Generator<Uint8Array> {
	for (let at = 0; at < results.length; at += RESULT_PIECE)
		yield serialize(results.slice(at, at + RESULT_PIECE));
}
