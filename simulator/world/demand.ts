import type { Promotion } from './model.ts';
import type { Random } from './random.ts';
import { DAY, localToUtc } from './time.ts';

/** Monday first. */
const WEEK = [1.08, 1.0, 0.96, 0.95, 0.93, 1.0, 1.1];

/** Share of a day's orders by local hour. */
export const HOURS = [
	14, 8, 5, 3, 3, 5, 10, 18, 30, 42, 52, 56, 58, 55, 52, 50, 50, 52, 58, 66, 70, 62, 44, 26
];

/** Demand by month, January first, for the whole shop and for the categories that have a season of their own. */
const YEAR = [0.84, 0.83, 0.88, 0.93, 0.98, 1.0, 0.96, 0.95, 0.97, 1.03, 1.3, 1.42];
const SEASONS: Record<string, readonly number[]> = {
	Outdoor: [0.5, 0.55, 0.8, 1.1, 1.45, 1.7, 1.7, 1.5, 1.1, 0.8, 0.7, 0.8],
	Garden: [0.4, 0.6, 1.3, 1.9, 1.9, 1.5, 1.1, 0.9, 0.8, 0.6, 0.4, 0.5],
	Apparel: [1.2, 1.0, 0.8, 0.7, 0.6, 0.5, 0.5, 0.7, 1.1, 1.4, 1.6, 1.6],
	Cookware: [1.0, 0.9, 0.9, 0.9, 0.9, 0.8, 0.8, 0.8, 1.0, 1.1, 1.4, 1.5],
	Home: [0.9, 0.9, 0.9, 0.9, 0.9, 0.8, 0.8, 0.8, 1.0, 1.1, 1.4, 1.6]
};

/** A curve that is a month's value at its middle and moves evenly between months. */
function monthly(curve: readonly number[], localDay: number): number {
	const date = new Date(localDay);
	const place = date.getUTCMonth() + (date.getUTCDate() - 15) / 30.4;
	const low = Math.floor(place);
	const share = place - low;
	return curve[(low + 12) % 12]! * (1 - share) + curve[(low + 13) % 12]! * share;
}

/** How much a category sells at a time of the year, 1 on average. */
export function seasonOf(type: string, localDay: number): number {
	const curve = SEASONS[type];
	return curve ? monthly(curve, localDay) : 1;
}

/**
 * Relative demand of a local day (milliseconds of its midnight as if UTC): growth over the history, weekday and
 * time of year. `progress` runs from 0 at the start of the history to 1 now.
 */
export function dayDemand(localDay: number, progress: number): number {
	const weekday = (new Date(localDay).getUTCDay() + 6) % 7;
	return (0.78 + 0.38 * progress) * WEEK[weekday]! * monthly(YEAR, localDay);
}

/** One promotion a month on two categories, a summer sale and Black Friday week on the whole shop. */
export function planPromotions(
	random: Random,
	types: readonly string[],
	from: number,
	until: number,
	zone: string
): Promotion[] {
	const promotions: Promotion[] = [];
	const first = new Date(from);
	for (let month = 0; ; month++) {
		const opening = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month, 1);
		if (opening > until) break;
		const date = new Date(opening);
		const name = date.toISOString().slice(5, 7);
		const start = opening + random.int(2, 20) * DAY;
		const percent = random.pick([10, 15, 15, 20]);
		const chosen = [random.pick(types), random.pick(types)];
		const kind = random.chance(0.5) ? 'code' : 'manual';
		const title = kind === 'code' ? `SAVE${percent}-${name}` : `${chosen[0]} offer`;
		promotions.push(span(start, random.int(2, 5), chosen, { kind, title, percent }, 1.22, zone));
		if (date.getUTCMonth() === 6) {
			const summer = { kind: 'manual', title: 'Summer sale', percent: 15 } as const;
			promotions.push(span(opening + 9 * DAY, 5, [], summer, 1.45, zone));
		}
		if (date.getUTCMonth() === 10) {
			// Black Friday is the day after the fourth Thursday.
			const thursday = 1 + ((4 - date.getUTCDay() + 7) % 7) + 21;
			const friday = { kind: 'manual', title: 'Black Friday', percent: 20 } as const;
			promotions.push(span(opening + (thursday - 1) * DAY, 5, [], friday, 2.3, zone));
		}
	}
	return promotions;
}

function span(
	localDay: number,
	days: number,
	types: string[],
	discount: Promotion['discount'],
	boost: number,
	zone: string
): Promotion {
	return {
		from: localToUtc(localDay, zone),
		until: localToUtc(localDay + days * DAY, zone),
		types,
		discount,
		boost
	};
}
