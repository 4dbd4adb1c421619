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
	and (empty({dead:Array(Tuple(Date, UInt64))}) or (day, build) not in {dead:Array(Tuple(Date, UInt64))}))`;

/** Conditions on the columns that every sales table has. */
export function narrowed(shape: Pick<Shape, 'byPlace'>): string {
	const places = `and (empty({countries:Array(String)}) or country in {countries:Array(String)}) and (empty({regions:Array(String)}) or region in {regions:Array(String)})`;
	return `organization_id = {organization:UUID} and day between {from:Date} and {to:Date}
		and (empty({channels:Array(String)}) or channel in {channels:Array(String)}) ${shape.byPlace ? places : ''}`;
}

/**
 * The rate of a row's money: the last one on or before the order's day (`rate_day`); own currency at 1, 0 where there is none. `ask` binds
 * the table that `rateTable` makes: looking a row up by its place there costs a tenth of a join.
 */
export function rateOf(currency = 's.currency', day = 's.rate_day'): string {
	return `arrayElement({rateTable:Array(Decimal(38, 10))},
		transform(${currency}, {tableCurrencies:Array(String)}, {tableStarts:Array(UInt32)}, 1) + greatest(0, least(${day} - {tableFrom:Date}, {tableDays:UInt32})))`;
}

/** `rate`, of rows `s`: before the select that sums money. Named once, it is read and planned once. */
export function withRate(shape: Pick<Shape, 'converts'>): string {
	return shape.converts ? `with ${rateOf()} as rate` : '';
}

/**
 * Rates by place: a block for each currency, of one for the time before any rate and one for each day from the first day of any. The first
 * block is of currencies that have none (all 0), the second the own currency's (all 1): a lookup that is the same for all takes fewer
 * functions, each of which costs a small question more than its rows do. `given` are sorted by currency and day.
 */
export function rateTable(given: Pick<RangeParams, 'currency' | 'rateCurrencies' | 'rateDays' | 'rates'>) {
	const number = (date: string) => Date.parse(date) / 86_400_000;
	const rows = given.rates
		.map((rate, at) => ({ rate, currency: given.rateCurrencies[at]!, day: number(given.rateDays[at]!) }))
		.filter(({ currency }) => currency !== given.currency);
	const from = rows.reduce((least, { day }) => Math.min(least, day), Infinity);
	const days = rows.reduce((most, { day }) => Math.max(most, day - from + 1), 1);
	const currencies = Map.groupBy(rows, (row) => row.currency);
	const table = [...Array<string>(days + 1).fill('0'), ...Array<string>(days + 1).fill('1')];
	for (const own of currencies.values()) {
		table.push('0');
		let next = 0;
		for (let day = from; day < from + days; day++) {
			while (next < own.length && own[next]!.day <= day) next++;
			table.push(next === 0 ? '0' : own[next - 1]!.rate);
		}
	}
	return {
		tableCurrencies: [given.currency, ...currencies.keys()],
		tableStarts: [given.currency, ...currencies.keys()].map((_, index) => (index + 1) * (days + 1) + 1),
		/** The day before the first. */
		tableFrom: new Date((rows.length === 0 ? 0 : from - 1) * 86_400_000).toISOString().slice(0, 10),
		tableDays: days,
		rateTable: `[${table.join(',')}]`
	};
}

/** A sum of money in the organization's currency, as text; beside `withRate`. `given` narrows it further. */
export function money(shape: Pick<Shape, 'converts'>, amount: string, given = ''): string {
	if (!shape.converts)
		return `toString(sumIf(${amount}, s.currency = {currency:String}${given && ` and (${given})`}))`;
	return given ? `toString(sumIf((${amount}) * rate, ${given}))` : `toString(sum((${amount}) * rate))`;
}

/** A row's money in the organization's currency, 0 without a rate; beside `withRate`. */
export function worth(shape: Pick<Shape, 'converts'>, amount: string): string {
	return shape.converts ? `(${amount}) * rate` : `if(s.currency = {currency:String}, ${amount}, 0)`;
}

/** Condition: this row's money is in the sums; beside `withRate`. */
export function counted(shape: Pick<Shape, 'converts'>): string {
	return shape.converts ? 'rate > 0' : 's.currency = {currency:String}';
}

/** Start of the day's bucket. */
export function dayOf(shape: Pick<Shape, 'granularity'>): string {
	if (shape.granularity === 'month') return 'toStartOfMonth(day)';
	return shape.granularity === 'week' ? 'toMonday(day)' : 'day';
}

/** Start of the day's bucket as text. */
export function bucket(shape: Pick<Shape, 'granularity'>): string {
	return `toString(${dayOf(shape)})`;
}
