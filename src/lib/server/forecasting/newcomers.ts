import { meanOf, type Series } from './series.ts';

/** A SKU with fewer known days than this borrows. */
export const NEW_DAYS = 28;
/** Days of its own sales that weigh as much as those of others. */
const TRUST_DAYS = 14;
/** What others sold in so many days from their first sale is what a new one is expected to. */
const FIRST_DAYS = 60;

/**
 * Units a day that a new SKU of each category usually sells: the median over its SKUs of their first 60 days. A category with fewer than three
 * such SKUs takes that of all; 0 where there are none.
 */
export function usualStart(set: readonly Series[]): (series: Series) => number {
	const rates = set
		.filter(({ units }) => units.length >= FIRST_DAYS)
		.map(({ category, units }) => ({ category, rate: meanOf(units.subarray(0, FIRST_DAYS)) }));
	const whole = median(rates.map(({ rate }) => rate));
	const own = new Map<string | undefined, number>();
	for (const category of new Set(rates.map((one) => one.category))) {
		const members = rates.filter((one) => one.category === category);
		if (members.length >= 3) own.set(category, median(members.map(({ rate }) => rate)));
	}
	return ({ category }) => own.get(category) ?? whole;
}

/** The points of a new SKU, drawn to the level others of its category had when they were new; those of any other as they are. */
export function borrowed(points: Float64Array, known: Float64Array, usual: number): Float64Array {
	if (known.length >= NEW_DAYS) return points;
	const said = points.reduce((sum, value) => sum + value, 0) / points.length;
	const own = meanOf(known);
	const level = (known.length * own + TRUST_DAYS * usual) / (known.length + TRUST_DAYS);
	return said > 0 ? points.map((value) => (value * level) / said) : points.map(() => level);
}

function median(values: number[]): number {
	if (values.length === 0) return 0;
	const sorted = values.toSorted((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
