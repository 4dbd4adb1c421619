import { Unavailable } from '../../platform/errors.ts';

interface Waiting<Item, Result> {
	item: Item;
	bytes: number;
	resolve(result: Result): void;
	reject(error: unknown): void;
}

export interface GroupCommitOptions<Item, Result> {
	/** Most items in one commit. */
	batch: number;
	/** Most items and bytes that wait; beyond it callers are told to come back. */
	waiting: number;
	bytes: number;
	/**
	 * Longest wait for a commit, ms. A connection that went silent would hold up everybody behind it: its callers are told to come
	 * back, and the next group goes. It may still be committed, so an item that comes twice must have one effect.
	 */
	patience: number;
	/** Answers one result per item, in order; a throw refuses the whole group. */
	commit(items: readonly Item[]): Promise<Result[]>;
}

/**
 * Lets callers that come at the same time share a commit: what arrives while one runs waits and goes together in the next. An
 * idle queue commits at once, so nobody waits for company.
 */
export function groupCommit<Item, Result>(
	options: GroupCommitOptions<Item, Result>
): { submit(item: Item, bytes: number): Promise<Result>; readonly size: number } {
	let queue: Waiting<Item, Result>[] = [];
	let bytes = 0;
	let running = false;

	const run = async () => {
		running = true;
		// let everything that has already arrived on the sockets join this commit
		await new Promise<void>((resolve) => setImmediate(resolve));
		while (queue.length > 0) {
			const group = queue.length > options.batch ? queue.splice(0, options.batch) : queue;
			if (group === queue) queue = [];
			for (const one of group) bytes -= one.bytes;
			try {
				const results = await within(options.patience, options.commit(group.map((one) => one.item)));
				group.forEach((one, index) => one.resolve(results[index]!));
			} catch (error) {
				for (const one of group) one.reject(error);
			}
		}
		running = false;
	};

	return {
		get size() {
			return queue.length;
		},
		submit(item, size) {
			if (queue.length >= options.waiting || bytes + size > options.bytes) {
				return Promise.reject(new Unavailable('Too much is arriving at once. Send it again in a moment.', 1));
			}
			bytes += size;
			return new Promise<Result>((resolve, reject) => {
				queue.push({ item, bytes: size, resolve, reject });
				if (!running) void run();
			});
		}
	};
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
	return new Promise<T>((resolve, reject) => {
		const late = setTimeout(
			() => reject(new Unavailable('The database did not answer in time. Send it again.', 1)),
			ms
		);
		work.then(resolve, reject).finally(() => clearTimeout(late));
	});
}
