import { day as written } from '#lib/components/format/date.ts';
import type { BandView } from '#lib/contracts/forecasts.ts';

/** One day of a chart of units. Null is what is not known (out of stock, not yet, nobody said), never zero. */
export interface ChartDay {
	day: string;
	/** "Nov 19" and "Thu, Nov 19". */
	label: string;
	title: string;
	sold: number | null;
	/** The day is over and yet nothing is known of it. */
	missing: boolean;
	said: { point: number; lo80: number; hi80: number; lo95: number; hi95: number } | null;
	/** The same weekday of the week before, repeated. */
	naive: number | null;
	/** What a person put beside the model's figure. */
	set: number | null;
	setBy: string | null;
}

export interface DaysOf {
	sold: { from: string; units: readonly (number | null)[] };
	said: BandView | null;
	naive?: { from: string; units: readonly (number | null)[] } | null;
	/** By day. */
	set?: ReadonlyMap<string, { units: number; by: string }>;
	locale: string;
	thisYear: number;
}

/** The days of sold and forecast in one row, from the first to the last of either. */
export function chartDays({ sold, said, naive, set, locale, thisYear }: DaysOf): ChartDay[] {
	const reaches = [
		{ from: sold.from, count: sold.units.length },
		...(said ? [{ from: said.from, count: said.point.length }] : [])
	].filter(({ count }) => count > 0);
	if (reaches.length === 0) return [];
	const first = Math.min(...reaches.map(({ from }) => number(from)));
	const last = Math.max(...reaches.map(({ from, count }) => number(from) + count - 1));
	return Array.from({ length: last - first + 1 }, (_, index) => {
		const at = first + index;
		const day = new Date(at * DAY_MS).toISOString().slice(0, 10);
		const s = at - number(sold.from);
		const units = sold.units[s] ?? null;
		const f = said ? at - number(said.from) : -1;
		const own = set?.get(day);
		return {
			day,
			label: written(day, locale, { thisYear }),
			title: written(day, locale, { thisYear, weekday: true }),
			sold: units,
			missing: s >= 0 && s < sold.units.length && units === null,
			said:
				said && f >= 0 && f < said.point.length
					? {
							point: said.point[f]!,
							lo80: said.lo80[f]!,
							hi80: said.hi80[f]!,
							lo95: said.lo95[f]!,
							hi95: said.hi95[f]!
						}
					: null,
			naive: naive ? (naive.units[at - number(naive.from)] ?? null) : null,
			set: own?.units ?? null,
			setBy: own?.by ?? null
		};
	});
}

const DAY_MS = 86_400_000;
const number = (day: string) => Math.round(Date.parse(`${day}T00:00:00Z`) / DAY_MS);

/** Units of a day as a person reads them: whole where many, one decimal below ten. */
export function units(value: number, locale: string): string {
	const digits = Math.abs(value) < 10 && !Number.isInteger(value) ? 1 : 0;
	return new Intl.NumberFormat(locale, {
		minimumFractionDigits: digits,
		maximumFractionDigits: digits
	}).format(value);
}
