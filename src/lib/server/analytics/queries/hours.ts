import { z } from 'zod';
import type { Question, Shape } from '../ask.ts';
import { counted, money, narrowed, rangeParams, withRate } from './parts.ts';
import { salesRow } from './sales.ts';

/** `until`: seconds since 1970 at which the range is cut; hours start in `zone`. */
export const hourParams = rangeParams.extend({ until: z.number().int(), zone: z.string() });

/** `onDay`: the day. */
const moneyRow = salesRow
	.pick({ at: true, channel: true, gross: true, discounts: true, refunds: true, units: true })
	.extend({ onDay: z.string() });
const ordersRow = salesRow
	.pick({ at: true, channel: true, orders: true, priced: true, converted: true })
	.extend({ onDay: z.string() });

const facts = (shape: Shape) =>
	`sales_facts final where ${narrowed(shape)} and generation = {generation:UInt32}`;
const hour = (instant: string) =>
	`toString(toUnixTimestamp(toStartOfHour(toTimeZone(${instant}, {zone:String}))))`;

/**
 * Money and units by hour and channel, from the facts of the days asked. `at` is the hour's first instant in seconds since 1970.
 * Facts may be a batch ahead of the snapshot for a moment; the rollups never are.
 */
export const salesByHour: Question<typeof hourParams, typeof moneyRow> = {
	name: 'sales by hour',
	tables: ['sales_facts'],
	params: hourParams,
	row: moneyRow,
	sql: (shape) => `
		${withRate(shape)} select ${hour('l.at')} as at, channel, toString(day) as onDay, ${money(shape, 'l.gross')} as gross, ${money(shape, 'l.discounts')} as discounts,
			${money(shape, 'l.refunds')} as refunds, toString(sum(l.units)) as units
		from (select day, order_day as rate_day, channel, currency, l from ${facts(shape).replace(' where ', ' array join lines as l where ')}
			and l.at < toDateTime({until:UInt32}, 'UTC') ${shape.byCategory ? 'and l.category in {categories:Array(String)}' : ''}
		) as s
		group by at, channel, onDay`
};

/** Orders by hour and channel, each counted once, also when it holds several of the categories. */
export const ordersByHour: Question<typeof hourParams, typeof ordersRow> = {
	name: 'orders by hour',
	tables: ['sales_facts'],
	params: hourParams,
	row: ordersRow,
	sql: (shape) => `
		${withRate(shape)} select ${hour('sold_at')} as at, channel, toString(day) as onDay, toString(sum(s.orders)) as orders, toString(sum(s.priced)) as priced,
			toString(sumIf(s.priced, ${counted(shape)})) as converted
		from (select day, order_day as rate_day, channel, currency, orders, priced, sold_at from ${facts(shape)} and orders = 1 and sold_at < toDateTime({until:UInt32}, 'UTC')
			${shape.byCategory ? 'and hasAny(categories, {categories:Array(String)})' : ''}
		) as s
		group by at, channel, onDay`
};
