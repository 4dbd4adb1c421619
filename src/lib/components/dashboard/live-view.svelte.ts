import type { DashboardView, Filters } from '#lib/contracts/analytics.ts';
import type { LiveEvent } from '#lib/contracts/live.ts';
import { applyEvent } from './apply.ts';

/** At most one question a second, and never more than a fifth of the time spent on asking: a slow server is left in peace. */
const LEAST_MS = 1000;
const SHARE = 5;
const RETRY_MS = 5000;
/** Events on top of the server's figures; past this many it is cheaper to wait for those. */
const MOST_PENDING = 500;

interface Rendered {
	view: DashboardView;
	filters: Filters;
	/** Answers the whole view for these filters. */
	ask(): Promise<DashboardView>;
	/** Local start of the hour of an instant, as buckets name it. */
	localHour(instant: string): string;
}

/**
 * The figures on screen for one rendering of the page: what the server told, plus the events it did not know yet. An event is
 * on screen with the next frame; the server's own figures replace the sum soon after, matched by position, so that nothing
 * counts twice or goes missing.
 */
export function liveView({ view, filters, ask, localHour }: Rendered) {
	let shown = $state.raw(view);
	let failed = $state(false);
	let told = view;
	let pending: LiveEvent[] = [];
	let arrived: LiveEvent[] = [];
	/** The last event taken: a stream that is joined again repeats some. */
	let taken = view.position;
	/** Until the server's figures include this position there is something to ask for. */
	let wanted = 0;
	let askOnce = false;
	/** Events up to here were too many to keep: the figures stand still until the server's include them. */
	let lostTo = 0;
	let frame = 0;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let asking = false;
	let closed = false;
	let earliest = 0;

	const apply = (from: DashboardView, events: readonly LiveEvent[]) =>
		events.reduce((figures, event) => {
			const result = applyEvent(figures, filters, event, localHour);
			if (result.ask) wanted = Math.max(wanted, event.position);
			return result.view;
		}, from);

	function keep(events: readonly LiveEvent[]): void {
		pending.push(...events);
		const last = pending.at(-1);
		if (pending.length <= MOST_PENDING || !last) return;
		wanted = lostTo = last.position;
		pending = [];
	}
	function flush(): void {
		frame = 0;
		const fresh = arrived.filter(({ position }) => position > told.position);
		arrived = [];
		keep(fresh);
		if (lostTo <= told.position) shown = apply(shown, fresh);
		schedule();
	}
	function schedule(): void {
		if (closed || timer || asking || document.hidden || !(askOnce || wanted > told.position)) return;
		timer = setTimeout(() => void question(), Math.max(0, earliest - performance.now()));
	}
	async function question(): Promise<void> {
		timer = undefined;
		asking = true;
		askOnce = false;
		const began = performance.now();
		try {
			const answer = await ask();
			failed = false;
			if (closed) return;
			told = answer;
			pending = pending.filter(({ position }) => position > answer.position);
			shown = lostTo <= told.position ? apply(answer, pending) : answer;
		} catch {
			askOnce = failed = true; // the figures stay, with their own time
		} finally {
			asking = false;
			const took = performance.now() - began;
			earliest = began + (failed ? RETRY_MS : Math.max(LEAST_MS, took * SHARE));
		}
		schedule();
	}

	return {
		get view(): DashboardView {
			return shown;
		},
		/** The last question was not answered: what the events do not carry may be older than it looks. */
		get failed(): boolean {
			return failed;
		},
		/** Takes an event of the stream. */
		take(event: LiveEvent): void {
			if (event.position <= taken) return;
			taken = event.position;
			arrived.push(event);
			if (document.hidden) {
				if (arrived.length > MOST_PENDING) keep(arrived.splice(0));
			} else if (!frame) {
				frame = requestAnimationFrame(flush);
			}
		},
		/** Asks for the figures whatever happened, until they include `position`: after a reset, or while streams are blocked. */
		refresh(position = 0): void {
			askOnce = true;
			wanted = Math.max(wanted, position);
			schedule();
		},
		/** The page is looked at again: what waited meanwhile is applied. */
		wake(): void {
			if (!document.hidden) flush();
		},
		close(): void {
			closed = true;
			cancelAnimationFrame(frame);
			clearTimeout(timer);
		}
	};
}
