import { setTimeout as sleep } from 'node:timers/promises';

/** How a batch that is written beside the one before keeps out of its way. */
export interface Turn {
	/** To be called when the batch has taken every lock that another one may want as well: from then on the next one begins. */
	locked(): void;
	/** Resolves when the batch before is committed; asked before the own commit. @throws when it is not: this one is to roll back */
	before(): Promise<void>;
}

/** A batch waits that long for the commit before its own: PostgreSQL sees no circle of locks that leads through this process. */
const PATIENCE_MS = 10_000;

interface UnderWay<Batch> {
	batch: Batch;
	/** Resolves when the next one may begin. */
	open: Promise<unknown>;
	/** Whether it was committed. */
	ended: Promise<boolean>;
}

/**
 * Writes batches in their order, two at a time, each in a transaction of its own, while the one after them is made. A batch begins
 * once the one before takes no more locks that it may hold itself, so that none waits for its successor, and commits after it. Where
 * a batch fails it is written again with nothing beside it, and so is the one after it, which is rolled back.
 * @param write writes a batch; without a turn there is no other under way, and what it throws ends the whole
 */
export async function writeInTurn<Batch>(
	batches: AsyncGenerator<Batch>,
	write: (batch: Batch, turn?: Turn) => Promise<void>
): Promise<void> {
	let before: UnderWay<Batch> | null = null;
	try {
		for await (const batch of ahead(batches)) {
			await before?.open;
			const own: UnderWay<Batch> = begin(batch, before, write);
			if (!before || (await before.ended)) {
				before = own;
				continue;
			}
			await own.ended;
			const failed = before.batch;
			before = null;
			await write(failed);
			await write(batch);
		}
		if (before && !(await before.ended)) await write(before.batch);
	} finally {
		await before?.ended;
	}
}

function begin<Batch>(
	batch: Batch,
	before: UnderWay<Batch> | null,
	write: (batch: Batch, turn: Turn) => Promise<void>
): UnderWay<Batch> {
	const { promise: locked, resolve } = Promise.withResolvers<void>();
	const turn: Turn = {
		locked: resolve,
		async before() {
			const waited = sleep(PATIENCE_MS, false, { ref: false });
			if (before && !(await Promise.race([before.ended, waited])))
				throw new Error('The batch before this one was not committed.');
		}
	};
	const ended = write(batch, turn).then(
		() => true,
		() => false // written again alone, which tells why
	);
	return { batch, open: Promise.race([locked, ended]), ended };
}

/** Makes the next batch while the present one is written. */
async function* ahead<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
	let next = source.next();
	next.catch(() => {}); // its error is thrown when its turn comes
	try {
		for (;;) {
			const { value, done } = await next;
			if (done) return;
			next = source.next();
			next.catch(() => {});
			yield value;
		}
	} finally {
		await source.return(undefined);
	}
}
