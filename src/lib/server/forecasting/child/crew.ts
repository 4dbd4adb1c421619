import os from 'node:os';
import { Worker } from 'node:worker_threads';
import type { FitAnswer, FitData, FitTask } from './fit-worker.ts';

/** A fit takes a tenth of a second; one that takes this long hangs. */
const PATIENCE_MS = 120_000;
/** Longest lists of a thread's own heap; wasm memory is watched as a whole by the child. */
const HEAP_MB = 384;

/**
 * Fits the series of `todo` on threads, one fewer than the machine has cores, and tells each answer. A thread that dies or hangs is made anew and
 * the series it died on is fitted by plain engines.
 * @throws Error when a series takes its thread with it twice
 */
export async function fitAll(
	data: FitData,
	todo: readonly number[],
	told: (answer: FitAnswer) => void
): Promise<void> {
	const tasks: FitTask[] = todo.map((index) => ({ index, safe: false }));
	const threads = Math.max(1, Math.min(tasks.length, os.availableParallelism() - 1));
	await Promise.all(Array.from({ length: threads }, () => work()));

	async function work(): Promise<void> {
		for (let lost: FitTask | null = null; tasks.length > 0 || lost;) {
			const left: FitTask | null = await oneThread(lost);
			if (!left) return;
			if (left.safe) throw new Error('One of the series could not be fitted by any engine.');
			lost = { ...left, safe: true };
		}
	}

	/** Runs a thread until the work is done, or answers the task on which it was lost. */
	function oneThread(first: FitTask | null): Promise<FitTask | null> {
		return new Promise((resolve) => {
			const worker = new Worker(new URL('./fit-worker.ts', import.meta.url), {
				workerData: data,
				resourceLimits: { maxOldGenerationSizeMb: HEAP_MB }
			});
			let at: FitTask | null = null;
			let timer: NodeJS.Timeout | undefined;
			const end = (left: FitTask | null) => {
				clearTimeout(timer);
				worker.removeAllListeners();
				worker.on('error', () => {}); // ended by us
				void worker.terminate().then(() => resolve(left));
			};
			const next = (task: FitTask | undefined | null) => {
				clearTimeout(timer);
				if (!task) return end(null);
				at = task;
				timer = setTimeout(() => end(task), PATIENCE_MS);
				worker.postMessage(task);
			};
			worker.on('message', (answer: FitAnswer) => {
				told(answer);
				next(tasks.shift());
			});
			worker.once('error', () => end(at));
			worker.once('exit', () => end(at));
			next(first ?? tasks.shift());
		});
	}
}
