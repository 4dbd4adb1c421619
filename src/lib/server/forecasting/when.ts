import { hourOfDay, localDay, nextNightly, sinceNightly } from '../orders/index.ts';
import { dateOf, dayOf, weekdayOf } from './series.ts';

const TRAIN_HOUR = 3;
const SUNDAY = 6;
const DAY_MINUTES = 1440;

/** What is due at a moment: a training since Sunday 03:00, a refresh since 02:00, by the organization's clock. Ages in minutes; null is never. */
export function dueKind(
	now: Date,
	timeZone: string,
	ages: { train: number | null; refresh: number | null },
	trained: boolean
): 'train' | 'refresh' | null {
	if (ages.train === null || ages.train > sinceTraining(now, timeZone)) return 'train';
	// there was nothing to learn from yet
	if (!trained && ages.train > DAY_MINUTES) return 'train';
	// a training forecasts as well: no refresh in the night in which it ran
	const newest = Math.min(ages.train, ages.refresh ?? Infinity);
	return trained && newest > sinceNightly(now, timeZone) ? 'refresh' : null;
}

/** Minutes since it was last Sunday three o'clock at night. Where the clock skips three, the first instant after; where it comes twice, the first. */
export function sinceTraining(now: Date, timeZone: string): number {
	const today = dayOf(localDay(now.toISOString(), timeZone));
	const sunday = today - ((weekdayOf(today) - SUNDAY + 7) % 7);
	const at = trainingOf(sunday, timeZone);
	return (now.getTime() - (at <= now.getTime() ? at : trainingOf(sunday - 7, timeZone))) / 60_000;
}

/** When the next training and the next refresh are due. */
export function nextRuns(now: Date, timeZone: string): { train: Date; refresh: Date } {
	const today = dayOf(localDay(now.toISOString(), timeZone));
	const sunday = today + ((SUNDAY - weekdayOf(today) + 7) % 7);
	const at = trainingOf(sunday, timeZone);
	return {
		train: new Date(at > now.getTime() ? at : trainingOf(sunday + 7, timeZone)),
		refresh: nextNightly(now, timeZone)
	};
}

/** The last whole day at `now`. */
export function lastWholeDay(now: Date, timeZone: string): string {
	return dateOf(dayOf(localDay(now.toISOString(), timeZone)) - 1);
}

function trainingOf(sunday: number, timeZone: string): number {
	return hourOfDay(dateOf(sunday), TRAIN_HOUR, timeZone);
}
