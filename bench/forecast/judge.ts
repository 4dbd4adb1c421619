import {
	accuracyOf,
	added,
	naiveScale,
	sumsOf,
	type Accuracy,
	type Sums
} from '#lib/server/forecasting/metrics.ts';
import { seeded } from '#lib/server/forecasting/random.ts';
import { cleaned, dayOf, until, type Series } from '#lib/server/forecasting/series.ts';
import type { Row } from './rows.ts';

const DRAWS = 1000;

/** The table of methods, best daily WAPE first, and the ensemble against each other method with intervals from a bootstrap over series. */
export function judge(series: readonly Series[], rows: readonly Row[], horizon: number): string {
	const byId = new Map(series.map((one) => [one.id, one]));
	const scales = new Map<string, number>();
	// method -> "series origin" -> sums
	const sums = new Map<string, Map<string, Sums>>();
	for (const row of rows) {
		const one = byId.get(row.series_id);
		if (!one) continue;
		const origin = dayOf(row.origin);
		const known = until(one, origin).units;
		const key = `${row.series_id}\u0000${row.origin}`;
		if (!scales.has(key)) scales.set(key, naiveScale(cleaned(known)));
		const actual = cleaned(one.units.subarray(known.length, known.length + horizon));
		const of = sums.get(row.method) ?? new Map<string, Sums>();
		sums.set(row.method, of);
		of.set(key, sumsOf({ ...row, actual, naiveScale: scales.get(key)! }));
	}
	// Only what every method answered is compared, such as when peers ran on a part.
	const keys = [...new Set([...sums.values()].flatMap((of) => [...of.keys()]))].filter((key) =>
		[...sums.values()].every((of) => of.has(key))
	);
	const figures = [...sums].map(([method, of]) => ({
		method,
		accuracy: accuracyOf(added(keys.map((key) => of.get(key)!))),
		worse: worseThanNaive(keys, of, sums.get('seasonal-naive'))
	}));
	figures.sort((a, b) => a.accuracy.wapeDay - b.accuracy.wapeDay);
	const naive = figures.find(({ method }) => method === 'seasonal-naive')?.accuracy;
	const lines = [
		[
			'method',
			'WAPE day',
			'WAPE week',
			'pinball',
			'80% covers',
			'95% covers',
			'bias',
			'MAE',
			'MASE',
			'skill',
			'worse than naive'
		],
		...figures.map(({ method, accuracy: a, worse }) => [
			method,
			figure(a.wapeDay),
			figure(a.wapeWeek),
			figure(a.pinball),
			thirds(a.cover80, a.cover80Thirds),
			thirds(a.cover95, a.cover95Thirds),
			(a.bias > 0 ? '+' : '') + figure(a.bias),
			Number.isFinite(a.mae) ? a.mae.toFixed(2) : '-',
			figure(a.mase),
			naive ? figure(1 - a.wapeDay / naive.wapeDay) : '-',
			worse === null ? '-' : `${(100 * worse).toFixed(1)}%`
		])
	];
	const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
	const table = lines.map((line) =>
		line.map((cell, c) => (c === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[c]!))).join('  ')
	);
	return [...table, '', ...against(keys, sums)].join('\n');
}

function figure(value: number): string {
	return Number.isFinite(value) ? value.toFixed(3).replace(/^(-?)0\./, '$1.') : '-';
}

const thirds = (all: number, parts: number[]) =>
	`${figure(all)} (${parts.map((part) => figure(part).slice(0, 3)).join(' ')})`;

/** Share of series whose error, all origins together, is above the seasonal naive's. */
function worseThanNaive(
	keys: string[],
	of: Map<string, Sums>,
	naive: Map<string, Sums> | undefined
): number | null {
	if (!naive) return null;
	const difference = new Map<string, number>();
	for (const key of keys) {
		const id = key.split('\u0000')[0]!;
		difference.set(id, (difference.get(id) ?? 0) + of.get(key)!.absolute - naive.get(key)!.absolute);
	}
	return [...difference.values()].filter((value) => value > 1e-9).length / difference.size;
}

/** What the ensemble gains on each other method, with a 95% interval: series are drawn again, all their origins together. */
function against(keys: string[], sums: Map<string, Map<string, Sums>>): string[] {
	const mine = sums.get('ensemble');
	if (!mine) return [];
	const bySeries = new Map<string, string[]>();
	for (const key of keys) {
		const id = key.split('\u0000')[0]!;
		bySeries.set(id, [...(bySeries.get(id) ?? []), key]);
	}
	const groups = [...bySeries.values()];
	const perSeries = (of: Map<string, Sums>) => groups.map((group) => added(group.map((key) => of.get(key)!)));
	const own = perSeries(mine);
	return [...sums]
		.filter(([method]) => method !== 'ensemble')
		.map(([method, of]) => {
			const other = perSeries(of);
			const gain = (name: 'wapeDay' | 'wapeWeek' | 'pinball') => {
				const at = (picked: number[]) => ratio(name, picked, own, other);
				const whole = at([...groups.keys()]);
				const random = seeded(7);
				const draws = Float64Array.from({ length: DRAWS }, () =>
					at(groups.map(() => Math.floor(random() * groups.length)))
				).sort();
				const percent = (value: number) => `${value > 0 ? '+' : ''}${(100 * value).toFixed(1)}%`;
				return `${percent(whole)} [${percent(draws[Math.floor(0.025 * DRAWS)]!)}, ${percent(draws[Math.floor(0.975 * DRAWS)]!)}]`;
			};
			return `ensemble against ${method}: day ${gain('wapeDay')}, week ${gain('wapeWeek')}, pinball ${gain('pinball')}`;
		});
}

/** By how much less `own` errs than `other`, as a share. Units are the same on both sides and cancel out. */
function ratio(name: keyof Accuracy, picked: number[], own: Sums[], other: Sums[]): number {
	const field = ({ wapeDay: 'absolute', wapeWeek: 'weekAbsolute', pinball: 'pinball' } as const)[
		name as 'wapeDay'
	];
	let a = 0;
	let b = 0;
	for (const i of picked) {
		a += own[i]![field];
		b += other[i]![field];
	}
	return b > 0 ? 1 - a / b : 0;
}
