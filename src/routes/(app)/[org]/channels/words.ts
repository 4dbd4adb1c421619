import type { RunView } from '#lib/contracts/channel-views.ts';

/** "340 ms", "2.4 s", "1 min 20 s", "3 h 5 min". */
export function span(ms: number): string {
	if (ms < 1000) return `${Math.round(ms)} ms`;
	const seconds = ms / 1000;
	if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return `${minutes} min${seconds % 60 >= 1 ? ` ${Math.floor(seconds % 60)} s` : ''}`;
	return `${Math.floor(minutes / 60)} h${minutes % 60 > 0 ? ` ${minutes % 60} min` : ''}`;
}

/** By how much something is behind now: "2 min", "3 h", "12 days". */
export function behind(instant: string, now: string): string {
	const minutes = Math.max(0, Date.parse(now) - Date.parse(instant)) / 60_000;
	if (minutes < 1) return 'under a minute';
	if (minutes < 90) return `${Math.round(minutes)} min`;
	if (minutes < 48 * 60) return `${Math.round(minutes / 60)} h`;
	return `${Math.round(minutes / 1440)} days`;
}

/** How often something comes: "every 15 min", "every 6 h", "nightly at 2:00". */
export function everySo(minutes: number | null): string {
	if (minutes === null) return 'nightly at 2:00';
	return minutes % 60 === 0
		? `every ${minutes === 60 ? 'hour' : `${minutes / 60} h`}`
		: `every ${minutes} min`;
}

/** Adds up the parts of a run. */
export function sumOf(
	run: Pick<RunView, 'progress'>,
	field: 'done' | 'written' | 'unchanged' | 'dead'
): number {
	return Object.values(run.progress).reduce((total, part) => total + part[field], 0);
}

/** How long a run took, or takes so far; null before it begins. */
export function tookMs(run: Pick<RunView, 'startedAt' | 'finishedAt'>, now: string): number | null {
	return run.startedAt ? Math.max(0, Date.parse(run.finishedAt ?? now) - Date.parse(run.startedAt)) : null;
}
