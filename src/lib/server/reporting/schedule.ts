import type { Cadence } from '#lib/contracts/reporting.ts';
import { addDays, addMonths, instantOf, localTime } from '../analytics/index.ts';

/**
 * The first moment after `after` at which a report goes out: each day, Monday or first of the month at that hour of the zone's clock.
 * An hour that a clock change skips is moved on; one that it repeats counts the first time.
 */
export function nextSending(cadence: Cadence, hour: number, timeZone: string, after: Date): Date {
	const clock = `${String(hour).padStart(2, '0')}:00`;
	const { day: today } = localTime(after, timeZone);
	let day = firstDay(cadence, today);
	for (;;) {
		const at = instantOf(day, clock, timeZone);
		if (at > after) return at;
		day = cadence === 'daily' ? addDays(day, 1) : cadence === 'weekly' ? addDays(day, 7) : addMonths(day, 1);
	}
}

function firstDay(cadence: Cadence, today: string): string {
	if (cadence === 'weekly') return addDays(today, -((new Date(today).getUTCDay() + 6) % 7));
	return cadence === 'monthly' ? `${today.slice(0, 7)}-01` : today;
}

/** The days a report is about that goes out on `day`: the day, week (Monday to Sunday) or month before it. */
export function reportedDays(cadence: Cadence, day: string): { from: string; to: string } {
	const to = addDays(firstDay(cadence, day), -1);
	if (cadence === 'daily') return { from: to, to };
	return cadence === 'weekly' ? { from: addDays(to, -6), to } : { from: `${to.slice(0, 7)}-01`, to };
}
