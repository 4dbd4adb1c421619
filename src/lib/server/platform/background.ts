import { log } from './log.ts';

const running = new Set<Promise<void>>();
let ending = new AbortController();

/** Runs short work after the answer is given. Its failure is logged under `name`, never thrown: nobody waits for it. */
export function inBackground(name: string, work: () => Promise<unknown>): void {
	const promise = work().then(
		() => {},
		(error: unknown) => log.error({ err: error }, `${name} failed`)
	);
	running.add(promise);
	void promise.then(() => running.delete(promise));
}

/** Fires when the process ends: long work in the background listens to it. */
export function processEnds(): AbortSignal {
	return ending.signal;
}

/** Tells the work in the background that the process ends, and waits for it. */
export async function endBackground(): Promise<void> {
	ending.abort();
	ending = new AbortController();
	await backgroundDone();
}

/** Resolves when nothing runs any more, or after `timeout` ms: for an ordered stop, and for tests. */
export async function backgroundDone(timeout = 10_000): Promise<void> {
	const deadline = Date.now() + timeout;
	while (running.size > 0 && Date.now() < deadline) {
		await Promise.race([
			...running,
			new Promise((resolve) => setTimeout(resolve, deadline - Date.now()).unref())
		]);
	}
}
