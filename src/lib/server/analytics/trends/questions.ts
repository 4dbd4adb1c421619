import { z } from 'zod';
import type { Question, Shape } from '../ask.ts';
import { bucket, counted, decimalText, money, rangeParams, withRate } from '../queries/parts.ts';
import { moneyRows, orderRows, TABLES, type Cut } from './rows.ts';

/** `keys`: these groups only; empty means all. `until`: seconds since 1970 at which the range is cut. */
export const trendParams = rangeParams.extend({
	products: z.array(z.uuid()),
	keys: z.array(z.string()),
	until: z.number().int(),
	zone: z.string(),
	limit: z.number().int(),
	offset: z.number().int()
});
export type TrendParams = z.input<typeof trendParams>;

const rowOf = z.object({
	at: z.string(),
	key: z.string(),
	gross: decimalText,
	discounts: decimalText,
	refunds: decimalText,
	units: z.coerce.number(),
	orders: z.coerce.number(),
	priced: z.coerce.number(),
	converted: z.coerce.number()
});
export type TrendRow = z.output<typeof rowOf>;
type TrendQuestion = Question<typeof trendParams, typeof rowOf>;

const nameOf = (what: string, cut: Cut, timed: boolean) =>
	[
		`trend of ${what} by ${cut.dimension ?? 'nothing'}`,
		cut.byProduct && 'of products',
		cut.exactTime && 'by facts',
		cut.netOnly && 'net only',
		timed && 'over time'
	]
		.filter(Boolean)
		.join(' ');

const time = (shape: Shape, timed: boolean) =>
	!timed
		? `''`
		: shape.granularity === 'hour'
			? 'toString(toUnixTimestamp(toStartOfHour(toTimeZone(s.at, {zone:String}))))'
			: bucket(shape);
const ofKeys = '(empty({keys:Array(String)}) or s.k in {keys:Array(String)})';

/** Money and units by group; `timed` also by bucket, else `at` is empty. */
export function moneyBy(cut: Cut, timed: boolean): TrendQuestion {
	return {
		name: nameOf('money', cut, timed),
		tables: TABLES,
		params: trendParams,
		row: rowOf,
		sql: (shape) => `
			${withRate(shape)} select ${time(shape, timed)} as at, s.k as key, ${money(shape, 'gross')} as gross, ${money(shape, 'discounts')} as discounts,
				${money(shape, 'refunds')} as refunds, toString(sum(s.units)) as units, '0' as orders, '0' as priced, '0' as converted
			from (${moneyRows(shape, cut)}) as s where ${ofKeys} group by at, key`
	};
}

/** Orders by group, each once in a group; `timed` also by bucket. */
export function ordersBy(cut: Cut, timed: boolean): TrendQuestion {
	return {
		name: nameOf('orders', cut, timed),
		tables: TABLES,
		params: trendParams,
		row: rowOf,
		sql: (shape) => `
			${withRate(shape)} select ${time(shape, timed)} as at, s.k as key, '0' as gross, '0' as discounts, '0' as refunds, '0' as units,
				toString(sum(s.orders)) as orders, toString(sum(s.priced)) as priced, toString(sumIf(s.priced, ${counted(shape)})) as converted
			from (${orderRows(shape, cut)}) as s where ${ofKeys} group by at, key`
	};
}

const rankedRow = z.object({ key: z.string(), groups: z.coerce.number() });
const RANKS = {
	gross_sales: 'gross',
	discounts: 'discounts',
	refunds: 'refunds',
	net_sales: 'gross - discounts - refunds'
} as const;
export type Ranked = keyof typeof RANKS | 'units' | 'orders';

/** The groups of a page, by their value; `groups` is how many there are in all. Groups in which nothing happened are left out. */
export function rankedBy(
	cut: Cut,
	metric: Ranked,
	order: 'asc' | 'desc'
): Question<typeof trendParams, typeof rankedRow> {
	return {
		name: `${nameOf(metric, cut, false)} ranked ${order}`,
		tables: TABLES,
		params: trendParams,
		row: rankedRow,
		sql: (shape) => {
			const rank =
				metric === 'orders'
					? 'toDecimal128(sum(s.orders), 14)'
					: metric === 'units'
						? 'toDecimal128(sum(s.units), 14)'
						: `toDecimal128(${money(shape, RANKS[metric])}, 14)`;
			const something =
				metric === 'orders'
					? 'sum(s.orders) != 0'
					: `countIf(s.units != 0 or s.gross != 0 or s.discounts != 0 or s.refunds != 0) > 0`;
			return `
			select g.k as key, toString(count() over ()) as groups from (
				${withRate(shape)} select s.k as k, ${rank} as size from (${(metric === 'orders' ? orderRows : moneyRows)(shape, cut)}) as s
				group by k having ${something}
			) as g order by g.size ${order}, g.k limit {limit:UInt32} offset {offset:UInt32}`;
		}
	};
}
