/** The ranges people ask for by name, in the order of the picker. They move with the day; a custom range stands. */
export const presets = {
	today: 'Today',
	yesterday: 'Yesterday',
	'7d': 'Last 7 days',
	'30d': 'Last 30 days',
	'90d': 'Last 90 days',
	month: 'This month',
	'last-month': 'Last month',
	ytd: 'Year to date',
	'12m': 'Last 12 months'
} as const;

export type Preset = keyof typeof presets;

/** Calendar days, both included, as "2026-11-19". */
export type Days = { from: string; to: string };

export type DateRangeValue = { preset: Preset } | Days;

/** The calendar days a value stands for when the organization's day is `today`. */
export function resolveDays(value: DateRangeValue, today: string): Days {
	if (!('preset' in value)) return { from: value.from, to: value.to };
	const [year, month] = today.split('-').map(Number) as [number, number];
	switch (value.preset) {
		case 'today':
			return { from: today, to: today };
		case 'yesterday':
			return { from: addDays(today, -1), to: addDays(today, -1) };
		case '7d':
			return { from: addDays(today, -6), to: today };
		case '30d':
			return { from: addDays(today, -29), to: today };
		case '90d':
			return { from: addDays(today, -89), to: today };
		case 'month':
			return { from: `${today.slice(0, 7)}-01`, to: today };
		case 'last-month':
			return { from: iso(Date.UTC(year, month - 2, 1)), to: iso(Date.UTC(year, month - 1, 0)) };
		case 'ytd':
			return { from: `${today.slice(0, 4)}-01-01`, to: today };
		case '12m':
			// The day after the same date a year ago, so that no date is counted twice; February 29 has the 28th before it, as in the figures.
			return { from: addDays(aYearBefore(year, month, Number(today.slice(8))), 1), to: today };
	}
}

/** How many calendar days a range holds. */
export function countDays({ from, to }: Days): number {
	return Math.round((Date.parse(to) - Date.parse(from)) / dayMs) + 1;
}

const dayMs = 86_400_000;

const iso = (instant: number) => new Date(instant).toISOString().slice(0, 10);

const aYearBefore = (year: number, month: number, date: number) =>
	iso(Date.UTC(year - 1, month - 1, Math.min(date, new Date(Date.UTC(year - 1, month, 0)).getUTCDate())));

const addDays = (day: string, count: number) => iso(Date.parse(day) + count * dayMs);
