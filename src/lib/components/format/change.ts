import { percent } from './number.ts';

/** A change against an earlier figure, ready to be shown by `delta.svelte`. The text carries no sign. */
export type Change = { direction: 'up' | 'down' | 'none' | 'new' | 'unknown'; text: string };

type Figure = string | number | null | undefined;

/**
 * The change in percent from `previous` to `current`. From zero there is no percent: it says "new" (or "no
 * change" where both are zero). Figures on both sides of zero have none either: their difference is no share.
 */
export function change(current: Figure, previous: Figure, locale = 'en-US'): Change {
	const now = figure(current);
	const before = figure(previous);
	if (now === null || before === null) return { direction: 'unknown', text: 'unknown' };
	if (before === 0) return now === 0 ? none : { direction: 'new', text: 'new' };
	const ratio = (now - before) / Math.abs(before);
	if (Math.abs(ratio) < 0.0005) return none;
	const direction = ratio > 0 ? 'up' : 'down';
	if (before < 0 !== now < 0) return { direction, text: before < 0 ? 'from below zero' : 'below zero' };
	return { direction, text: percent(Math.abs(ratio), locale, Math.abs(ratio) >= 10 ? 0 : 1) };
}

/** The change between two shares, in percentage points: 0.031 after 0.035 is down "0.4 pt". */
export function points(current: Figure, previous: Figure, locale = 'en-US'): Change {
	const now = figure(current);
	const before = figure(previous);
	if (now === null || before === null) return { direction: 'unknown', text: 'unknown' };
	const difference = (now - before) * 100;
	if (Math.abs(difference) < 0.05) return none;
	const text = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(
		Math.abs(difference)
	);
	return { direction: difference > 0 ? 'up' : 'down', text: `${text} pt` };
}

const none: Change = { direction: 'none', text: 'no change' };

function figure(value: Figure): number | null {
	if (value === null || value === undefined || value === '') return null;
	const number = Number(value);
	return Number.isFinite(number) ? number : null;
}
