import { inBackground, processEnds } from '../../platform/background.ts';

/**
 * Does work that holds a place of the queue only as long as it gets on: once it calls `onquiet`, the place is free for another
 * account and the work goes on beside the queue, however long its channel takes to answer. How many do is bounded by what one
 * organization may run at a time. @throws what the work throws while it holds its place; later it is logged
 */
export function givingWay(
	signal: AbortSignal,
	work: (signal: AbortSignal, onquiet: () => void) => Promise<void>
): Promise<void> {
	const own = new AbortController();
	const stop = () => own.abort();
	let beside = false;
	signal.addEventListener('abort', stop, { once: true });
	return new Promise((resolve, reject) => {
		const done: Promise<void> = work(own.signal, () => {
			if (beside) return;
			beside = true;
			// the queue aborts the signal of a job that is over
			signal.removeEventListener('abort', stop);
			processEnds().addEventListener('abort', stop, { once: true });
			inBackground('a sync run that waits for its channel', () =>
				done.finally(() => processEnds().removeEventListener('abort', stop))
			);
			resolve();
		});
		done.then(resolve, reject);
	});
}
