import { cleaned, dayOf, type Series } from '#lib/server/forecasting/series.ts';
import type { Row } from './rows.ts';

/** A file of so few series is taken for one of shops, channels or categories: of SKUs a MAPE means nothing. */
const MOST_SERIES = 20;

/** Units said and sold of one sum of series, at one origin, over some days. */
interface Total {
	said: number;
	sold: number;
}

/**
 * How far each method is off on sums of series: all together over the whole horizon, and each category (of two or more) by the week. These are
 * sums of forecasts; forecasts of sums are judged series by series in a file of few of them.
 */
export function judgeLevels(series: readonly Series[], rows: readonly Row[], horizon: number): string {
	const byId = new Map(series.map((one) => [one.id, one]));
	const methods = [...new Set(rows.map(({ method }) => method))];
	const answered = new Map<string, number>();
	for (const row of rows) answered.set(keyOf(row), (answered.get(keyOf(row)) ?? 0) + 1);
	// Only what every method answered is compared.
	const shared = rows.filter((row) => byId.has(row.series_id) && answered.get(keyOf(row)) === methods.length);
	const categories = new Set(series.flatMap(({ category }) => (category ? [category] : [])));
	const lines: string[] = [];
	const add = (title: string, groupOf: (one: Series) => string | null, days: number) => {
		const off = methods
			.map((method) => ({ method, totals: totalsOf(shared, method, byId, groupOf, days, horizon) }))
			.map(({ method, totals }) => ({ method, mape: mapeOf(totals), count: totals.length }))
			.filter(({ count }) => count > 0)
			.sort((a, b) => a.mape - b.mape);
		if (off.length > 0)
			lines.push(
				`${title} (${off[0]!.count}), MAPE: ${off.map(({ method, mape }) => `${method} ${(100 * mape).toFixed(1)}%`).join(', ')}`
			);
	};
	const count = new Set(shared.map((row) => row.series_id)).size;
	if (count <= MOST_SERIES) add(`each series, ${horizon} days`, ({ id }) => id, horizon);
	if (count > 1) add(`all series together, ${horizon} days`, () => 'all', horizon);
	if (categories.size > 1 && horizon >= 7)
		add('categories by the week', ({ category }) => category || null, 7);
	return lines.join('\n');
}

function keyOf({ series_id, origin }: Row): string {
	return `${series_id}\u0000${origin}`;
}

function totalsOf(
	rows: readonly Row[],
	method: string,
	byId: ReadonlyMap<string, Series>,
	groupOf: (one: Series) => string | null,
	days: number,
	horizon: number
): Total[] {
	const totals = new Map<string, Total>();
	for (const row of rows) {
		if (row.method !== method) continue;
		const one = byId.get(row.series_id)!;
		const group = groupOf(one);
		if (group === null) continue;
		const from = dayOf(row.origin) + 1 - one.start;
		const actual = cleaned(one.units.subarray(from, from + horizon));
		for (let h = 0; h < horizon - (horizon % days); h++) {
			const key = `${group}\u0000${row.origin}\u0000${Math.floor(h / days)}`;
			const total = totals.get(key) ?? { said: 0, sold: 0 };
			totals.set(key, total);
			// an unknown day says nothing of the forecast
			if (!(actual[h]! >= 0)) continue;
			total.said += row.point[h]!;
			total.sold += actual[h]!;
		}
	}
	return [...totals.values()].filter(({ sold }) => sold > 0);
}

function mapeOf(totals: readonly Total[]): number {
	return totals.reduce((sum, { said, sold }) => sum + Math.abs(said - sold) / sold, 0) / totals.length;
}
