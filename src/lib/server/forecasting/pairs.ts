import { closedAhead } from './backtest.ts';
import { seasonalNaive } from './engines/seasonal-naive.ts';
import type { Outcome } from './intervals.ts';
import type { LevelPoints } from './learned.ts';
import type { SalesSet } from './sales-set.ts';
import { cleaned, meanOf } from './series.ts';

/** One SKU on one channel at an origin. It has no engines of its own: it takes its share of the SKU, and ranges from its own past errors. */
export interface Pair extends Outcome {
	/** Up to the origin; unknown days are those of the SKU. */
	units: Float64Array;
	naive: Float64Array;
}

/** The pairs that ever sold up to the origin. */
export function pairsOf(set: SalesSet, { at, pairs }: LevelPoints): Pair[] {
	const byKey = new Map(set.skus.map((sku) => [`product:${sku.id}`, sku]));
	return at.skus.flatMap((one, i) => {
		const sku = byKey.get(one.series.id)!;
		return set.channels.flatMap((channel, k): Pair[] => {
			const sold = sku.byChannel[k];
			if (!sold) return [];
			const whole = sold.map((value, d) => (Number.isNaN(sku.units[d]!) ? Number.NaN : value));
			const units = cleaned(whole.subarray(0, Math.max(0, at.origin - sku.start + 1)));
			if (!units.some((value) => value > 0)) return [];
			const point = pairs[i]![k]!;
			const actual = new Float64Array(point.length).fill(Number.NaN);
			actual.set(cleaned(whole.subarray(units.length, units.length + point.length)));
			const recent = units.subarray(-180).filter((value) => !Number.isNaN(value));
			const series = { id: '', start: sku.start, units };
			return [
				{
					key: `product:${sku.id}:${channel}`,
					origin: at.origin,
					point,
					actual,
					units,
					usual: Math.max(meanOf(units, 90), 0.25 * meanOf(units, 730)),
					idle: recent.length === 0 ? 1 : recent.filter((value) => value === 0).length / recent.length,
					closed: closedAhead(series, point.length),
					naive: seasonalNaive.fit(series, FLAT).forecast(point.length)
				}
			];
		});
	});
}

const FLAT = { factor: () => 1, lift: () => 1 };
