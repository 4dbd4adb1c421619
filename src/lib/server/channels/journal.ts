import { AsyncLocalStorage } from 'node:async_hooks';
import type { RunJournal } from '#lib/contracts/channel-views.ts';

const MOST_KINDS = 40;
const running = new AsyncLocalStorage<RunJournal>();

/** What is kept of an earlier try of the same run, or an empty journal. */
export function openJournal(kept: Partial<RunJournal>): RunJournal {
	return {
		pages: { ...kept.pages },
		waitedMs: kept.waitedMs ?? 0,
		troubles: structuredClone(kept.troubles ?? [])
	};
}

/** Runs `work`; whatever it writes, waits for and is refused is noted in `journal`. */
export function keepingJournal<T>(journal: RunJournal, work: () => Promise<T>): Promise<T> {
	return running.run(journal, work);
}

/** A page (one commit) of a resource was written. */
export function notePage(resource: string): void {
	const journal = running.getStore();
	if (journal) journal.pages[resource] = (journal.pages[resource] ?? 0) + 1;
}

/**
 * The channel let us wait, refused a call, or broke off. The same trouble is one line with its count, so that a bad hour stays
 * readable. `what` is a sentence for people without ids or secrets; `waitMs` how long we wait because of it.
 */
export function noteTrouble(what: string, waitMs = 0): void {
	const journal = running.getStore();
	if (!journal) return;
	journal.waitedMs += waitMs;
	const at = new Date().toISOString();
	const known = journal.troubles.find((one) => one.what === what);
	if (known) {
		known.count++;
		known.waitedMs += waitMs;
		known.lastAt = at;
	} else if (journal.troubles.length < MOST_KINDS) {
		journal.troubles.push({ what, count: 1, waitedMs: waitMs, firstAt: at, lastAt: at });
	}
}
