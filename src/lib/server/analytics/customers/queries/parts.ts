import { z } from 'zod';
import type { Shape } from '../../ask.ts';
import { CURRENT_BUILDS, rangeParams, rateOf } from '../../queries/parts.ts';

/** What every question about money of all time takes. */
export const moneyParams = rangeParams.omit({ from: true, to: true });

/** People of the organization by the channel of their first order, as `from` takes them. */
export const PEOPLE = `customer_cohorts as t final where organization_id = {organization:UUID} and generation = {generation:UInt32}
	and (empty({channels:Array(String)}) or channel in {channels:Array(String)})`;

/** Sums by day, of people by the channel of their first order. Grains: what daily_customers says. */
export function daily(
	grain: 'sales' | 'people' | 'second' | 'returning' | 'last' | 'cohorts' | 'spent' | 'amounts'
): string {
	return `daily_customers where organization_id = {organization:UUID} and grain = '${grain}' and ${CURRENT_BUILDS}
		and (empty({channels:Array(String)}) or acquired in {channels:Array(String)})`;
}

export const IN_RANGE = 'day between {from:Date} and {to:Date}';

/** All that people bought, a row for each day, channel and currency: `columns` of the person beside them. */
export function bought(columns: string, condition = '1'): string {
	return `(select ${columns}, d.1 as day, d.2 as rate_day, toString(d.3) as source, toString(d.4) as currency, d.5 as sold, d.6 as net
		from ${PEOPLE.replace(' where ', ' array join days as d where ')} and (${condition})) as s`;
}

/** The bucket that holds a day, as text. */
export function bucketOf(shape: Pick<Shape, 'granularity'>, day: string): string {
	if (shape.granularity === 'month') return `toString(toStartOfMonth(${day}))`;
	if (shape.granularity === 'week') return `toString(toMonday(${day}))`;
	return `toString(${day})`;
}

/** People with all they spent, in the organization's currency, as `from` takes them. `spent` has 14 decimals. */
export function spenders(shape: Pick<Shape, 'converts'>): string {
	return `(select person_id, t.customers as members, channels, t.orders as placed, first_day, last_day, ${spentOf(shape)} as spent from ${PEOPLE})`;
}

const FOREIGN = `arraySum((day, code, net) -> net * ${rateOf('code', 'day')}, t.foreign.rate_day, t.foreign.currency, t.foreign.net)`;

/** What a person of `PEOPLE` spent, in the organization's currency, with 14 decimals. */
export function spentOf(shape: Pick<Shape, 'converts'>): string {
	return `toDecimal128(t.spent, 14)${shape.converts ? ` + ${FOREIGN}` : ''}`;
}

/** What people of `PEOPLE` spent together. The own currency's money is added up as it stands: that is most of it. */
export function spentSum(shape: Pick<Shape, 'converts'>): string {
	return `toDecimal128(sum(t.spent), 14)${shape.converts ? ` + sum(${FOREIGN})` : ''}`;
}

/** What scores need: today, and the upper ends of the lower four fifths. */
export const scoreParams = moneyParams.extend({
	today: z.iso.date(),
	recencyLimits: z.array(z.number().int()),
	orderLimits: z.array(z.number().int()),
	netLimits: z.array(z.string())
});

/** Days since the last order on `day`. */
export const idleSince = (day: string) => `greatest(dateDiff('day', ${day}, {today:Date}), 0)`;
/** Scores from 1 (worst) to 5 of the days `idle` and of the orders `placed`. */
export const RECENCY = `5 - arrayCount(x -> idle > x, {recencyLimits:Array(Int64)})`;
export const FREQUENCY = `1 + arrayCount(x -> placed > x, {orderLimits:Array(UInt64)})`;

/** People with their scores: `r` and `f` from 1 (worst) to 5, `m` alike, `idle` days since the last order. */
export function scored(shape: Pick<Shape, 'converts'>): string {
	return `(select person_id, members, channels, placed, first_day, last_day, spent, ${idleSince('last_day')} as idle, ${RECENCY} as r, ${FREQUENCY} as f,
			1 + arrayCount(x -> spent > toDecimal128(x, 14), {netLimits:Array(String)}) as m
		from ${spenders(shape)})`;
}
