import { z } from 'zod';
import type { Question } from '../../ask.ts';
import { segmentSql } from '../segments.ts';
import { decimalText, money, withRate } from '../../queries/parts.ts';
import {
	bought,
	daily,
	FREQUENCY,
	idleSince,
	IN_RANGE,
	moneyParams,
	PEOPLE,
	RECENCY,
	scored,
	scoreParams,
	spentOf,
	spentSum
} from './parts.ts';

const countsParams = z.object({ today: z.iso.date() });
const countsRow = z.object({
	/** Days since the last order, or numbers of orders, from the least; and how many customers have each. */
	idle: z.array(z.coerce.number()),
	idleCustomers: z.array(z.coerce.number()),
	placed: z.array(z.coerce.number()),
	placedCustomers: z.array(z.coerce.number())
});

/** How many customers have which days since the last order, and which number of orders. Asked without narrowing. */
export const lastOrders: Question<typeof countsParams, typeof countsRow> = {
	name: 'customers: last orders',
	tables: ['daily_customers'],
	params: countsParams,
	row: countsRow,
	sql: () => {
		const texts = (list: string) => `arrayMap(x -> toString(x), ${list})`;
		return `select ${texts('i.1')} as idle, ${texts('i.2')} as idleCustomers, ${texts('o.1')} as placed, ${texts('o.2')} as placedCustomers from (
			select sumMap([toUInt32(${idleSince('day')})], [toUInt64(people)]) as i, sumMap([placed], [toUInt64(people)]) as o from ${daily('last')}
		)`;
	}
};

const limitRow = z.object({ net: z.array(decimalText) });

/**
 * The upper ends of the lower four fifths by money, each the value at that rank: of n customers the one at n * k / 5, rounded up. A level
 * a little lower names it, since the function takes the rank n * level, rounded down, from 0. Asked without narrowing, where `amounts` does
 * not hold.
 */
export const netLimits: Question<typeof moneyParams, typeof limitRow> = {
	name: 'customers: fifths of money added up',
	tables: ['customer_cohorts'],
	params: moneyParams,
	row: limitRow,
	sql: (shape) =>
		`select if(count() = 0, [], arrayMap(x -> toString(x), quantilesExact(${[1, 2, 3, 4].map((k) => k / 5 - 1e-9).join(', ')})(${spentOf(shape)}))) as net from ${PEOPLE}`
};

const amountParams = z.object({ from: z.iso.date(), to: z.iso.date() });
const amountRow = z.object({ days: z.array(z.iso.date()), customers: z.array(z.coerce.number()) });

/** How many customers each narrow range of amounts has, from the least: a day stands for each. Asked without narrowing. */
export const amounts: Question<typeof amountParams, typeof amountRow> = {
	name: 'customers: amounts',
	tables: ['daily_customers'],
	params: amountParams,
	row: amountRow,
	sql: () => `select arrayMap(x -> toString(x), groupArray(day)) as days, arrayMap(x -> toString(x), groupArray(people)) as customers
		from (select day, people from ${daily('spent')} and ${IN_RANGE} order by day)`
};

const placeParams = amountParams.extend({ days: z.array(z.iso.date()), places: z.array(z.number().int()) });
const placeRow = z.object({ day: z.iso.date(), net: z.array(decimalText) });

/** For each of some days that stand for amounts, what the customers at some places spent; counted from 1. Asked without narrowing. */
export const amountsAt: Question<typeof placeParams, typeof placeRow> = {
	name: 'customers: fifths of money',
	tables: ['daily_customers'],
	params: placeParams,
	row: placeRow,
	sql: () => `select toString(day) as day, arrayMap(x -> toString(sorted[x]), {places:Array(UInt32)}) as net from (
			select day, arraySort(groupArrayArray(arrayWithConstant(people, worth))) as sorted from ${daily('amounts')} and ${IN_RANGE} and day in {days:Array(Date)} group by day
		)`
};

const gridRow = z.object({
	recency: z.coerce.number(),
	frequency: z.coerce.number(),
	customers: z.coerce.number()
});

/** Customers by recency and frequency score. */
export const scoreGrid: Question<typeof scoreParams, typeof gridRow> = {
	name: 'customers: scores',
	tables: ['daily_customers'],
	params: scoreParams,
	row: gridRow,
	sql: () =>
		`select toString(${RECENCY}) as recency, toString(${FREQUENCY}) as frequency, toString(sum(n)) as customers
		from (select ${idleSince('day')} as idle, placed, sum(people) as n from ${daily('last')} group by idle, placed) group by recency, frequency`
};

const segmentRow = z.object({
	place: z.coerce.number(),
	customers: z.coerce.number(),
	orders: z.coerce.number(),
	net: decimalText,
	idle: z.coerce.number()
});

/** Segments with their customers, orders, money and lower median of days since the last order; `place` is that in `SEGMENTS`. */
export const segmentSums: Question<typeof scoreParams, typeof segmentRow> = {
	name: 'customers: segments',
	tables: ['daily_customers'],
	params: scoreParams,
	row: segmentRow,
	sql: () =>
		segmentsOf(`select ${idleSince('day')} as idle, placed, sum(t.people) as people, sum(worth) as spent
			from (select * from ${daily('last')}) as t group by idle, placed`)
};

/** The same from people themselves, where what they spent was added up with other rates. */
export const segmentSumsExact: Question<typeof scoreParams, typeof segmentRow> = {
	name: 'customers: segments added up',
	tables: ['customer_cohorts'],
	params: scoreParams,
	row: segmentRow,
	sql: (shape) =>
		segmentsOf(`select ${idleSince('last_day')} as idle, t.orders as placed, count() as people, ${spentSum(shape)} as spent
			from ${PEOPLE} group by idle, placed`)
};

function segmentsOf(groups: string): string {
	return `
		select p.place as place, toString(sum(p.people)) as customers, toString(sum(p.placed * p.people)) as orders, toString(sum(p.spent)) as net,
			toString(quantileExactWeighted(0.5)(p.idle, p.people)) as idle
		from (select *, ${segmentSql(`(${RECENCY}) * 10 + ${FREQUENCY}`)} as place from (${groups})) as p group by p.place`;
}

const listParams = scoreParams.extend({
	/** Codes of the segments asked for; empty means all. */
	codes: z.array(z.number().int()),
	/** Rows of customers found by a search; empty means all. */
	found: z.array(z.uuid()),
	limit: z.number().int(),
	offset: z.number().int()
});
const personRow = z.object({
	id: z.uuid(),
	customers: z.array(z.uuid()),
	channels: z.array(z.string()),
	orders: z.coerce.number(),
	net: decimalText,
	firstDay: z.iso.date(),
	lastDay: z.iso.date(),
	idle: z.coerce.number(),
	r: z.coerce.number(),
	f: z.coerce.number(),
	m: z.coerce.number()
});
export type PersonRow = z.output<typeof personRow>;

const LISTED = `(empty({codes:Array(UInt16)}) or r * 10 + f in {codes:Array(UInt16)}) and (empty({found:Array(UUID)}) or hasAny(members, {found:Array(UUID)}))`;
const PERSON = `toString(p.person_id) as id, arrayMap(c -> toString(c), p.members) as customers, p.channels as channels, toString(p.placed) as orders, toString(p.spent) as net,
	toString(p.first_day) as firstDay, toString(p.last_day) as lastDay, toString(p.idle) as idle, toString(p.r) as r, toString(p.f) as f, toString(p.m) as m`;
const SORTS = {
	spent: 'p.spent desc',
	orders: 'p.placed desc',
	last: 'p.last_day desc',
	first: 'p.first_day desc'
} as const;

/** A page of customers with their scores, by one of four orders. */
export const peopleBy = (sort: keyof typeof SORTS): Question<typeof listParams, typeof personRow> => ({
	name: `customers by ${sort}`,
	tables: ['customer_cohorts'],
	params: listParams,
	row: personRow,
	sql: (shape) => `select ${PERSON} from (select * from ${scored(shape)} where ${LISTED}) as p
		order by ${SORTS[sort]}, p.person_id limit {limit:UInt32} offset {offset:UInt32}`
});

const countRow = z.object({ customers: z.coerce.number() });

/** How many customers such a list has. */
export const peopleCount: Question<typeof listParams, typeof countRow> = {
	name: 'customers: count',
	tables: ['customer_cohorts'],
	params: listParams,
	row: countRow,
	sql: (shape) => `select toString(count()) as customers from ${scored(shape)} where ${LISTED}`
};

const monthParams = moneyParams.extend({ person: z.uuid() });
const monthRow = z.object({
	month: z.iso.date(),
	channel: z.string(),
	orders: z.coerce.number(),
	net: decimalText,
	secondAfter: z.coerce.number()
});

/** What one person bought, by month and channel. Asked without narrowing. */
export const personMonths: Question<typeof monthParams, typeof monthRow> = {
	name: 'a customer',
	tables: ['customer_cohorts'],
	params: monthParams,
	row: monthRow,
	sql: (shape) => `
		${withRate(shape)} select toString(toStartOfMonth(s.day)) as month, s.source as channel, toString(sum(s.sold)) as orders, ${money(shape, 's.net')} as net, any(s.second_after) as secondAfter
		from ${bought('second_after', 'person_id = {person:UUID}')} group by month, channel order by month, channel`
};

const leftParams = monthParams;
const leftRow = z.object({ currency: z.string(), net: decimalText });

/** Money of one person without a rate, in its own currency. */
export const personUnconverted: Question<typeof leftParams, typeof leftRow> = {
	name: 'a customer: without a rate',
	tables: ['customer_cohorts'],
	params: leftParams,
	row: leftRow,
	sql: (shape) => `
		${withRate(shape)} select s.currency as currency, toString(sum(s.net)) as net from ${bought('second_after', 'person_id = {person:UUID}')}
		where s.currency != {currency:String} ${shape.converts ? 'and rate = 0' : ''} and s.net != 0 group by s.currency order by currency`
};
