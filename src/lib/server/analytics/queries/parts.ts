import { z } from 'zod';
import type { Shape } from '../ask.ts';

/** What every question about a range of days takes. Days in the organization's zone; rates: per currency from a day on, as decimals. */
export const rangeParams = z.object({
	from: z.iso.date(),
	to: z.iso.date(),
	/** The organization's currency. */
	currency: z.string().regex(/^[A-Z]{3}$/),
	rateCurrencies: z.array(z.string()),
	rateDays: z.array(z.iso.date()),
	rates: z.array(z.string())
});
export type RangeParams = z.output<typeof rangeParams>;

/** Exact decimal as text, of any scale. */
export const decimalText = z.string().regex(/^-?\d+(\.\d+)?$/);

/** The build of each day that the snapshot sees; `ask` fills the lists for the days from `from` to `to`. */
export const CURRENT_BUILDS = `(build in {builds:Array(UInt64)}
	and (empty({dead:Array(Tuple(Date, UInt64))}) or not has({dead:Array(Tuple(Date, UInt64))}, (day, build))))`;

/** Conditions on the columns that every sales table has. */
export function narrowed(shape: Pick<Shape, 'byPlace'>): string {
	const places = `and (empty({countries:Array(String)}) or country in {countries:Array(String)}) and (empty({regions:Array(String)}) or region in {regions:Array(String)})`;
	return `organization_id = {organization:UUID} and day between {from:Date} and {to:Date}
		and (empty({channels:Array(String)}) or channel in {channels:Array(String)}) ${shape.byPlace ? places : ''}`;
}

/**
 * Rates to join on currency and the order's day (`rate_day`): the last one on or before it; own currency included at 1. Amounts without
 * a rate come out as 0 and are told apart.
 */
export function ratesJoin(shape: Pick<Shape, 'converts'>): string {
	if (!shape.converts) return '';
	return `asof left join (
		select r.1 as rate_currency, r.2 as rate_from, toDecimal128(r.3, 10) as rate
		from (select arrayJoin(arrayZip({rateCurrencies:Array(String)}, {rateDays:Array(Date)}, {rates:Array(String)})) as r)
	) as x on s.currency = x.rate_currency and s.rate_day >= x.rate_from`;
}

/** A sum of money in the organization's currency, as text. `given` narrows it further. */
export function money(shape: Pick<Shape, 'converts'>, amount: string, given = '1'): string {
	return shape.converts
		? `toString(sumIf((${amount}) * rate, ${given}))`
		: `toString(sumIf(${amount}, currency = {currency:String} and (${given})))`;
}

/** Condition: this row's money is in the sums. */
export function counted(shape: Pick<Shape, 'converts'>): string {
	return shape.converts ? 'rate > 0' : 'currency = {currency:String}';
}

/** Start of the day's bucket as text. */
export function bucket(shape: Pick<Shape, 'granularity'>): string {
	if (shape.granularity === 'month') return 'toString(toStartOfMonth(day))';
	if (shape.granularity === 'week') return 'toString(toMonday(day))';
	return 'toString(day)';
}
