import { z } from 'zod';
import type { Question } from '../../ask.ts';
import { segmentSql } from '../segments.ts';
import { decimalText, money, withRate } from '../../queries/parts.ts';
import { bought, moneyParams, scored, scoreParams, spenders } from './parts.ts';

const limitParams = moneyParams.extend({ today: z.iso.date() });
const limitRow = z.object({
	customers: z.coerce.number(),
	recency: z.array(z.coerce.number()),
	orders: z.array(z.coerce.number()),
	net: z.array(decimalText)
});

/**
 * The upper ends of the lower four scores. By days since the last order and by money these are the lower four fifths of all customers;
 * by orders the lowest score is one order, and the others are the fourths of those who ordered again: where most order once, fifths
 * would tell nobody apart. Each end is the value at that rank, so that equal customers have equal scores. Asked without narrowing.
 */
export const scoreLimits: Question<typeof limitParams, typeof limitRow> = {
	name: 'customers: fifths',
	tables: ['customer_cohorts'],
	params: limitParams,
	row: limitRow,
	sql: (shape) => {
		const ends = (value: string) =>
			`arrayMap(k -> toString(arraySort(groupArray(${value}))[intDiv(count() * k + 4, 5)]), if(count() = 0, [], [1, 2, 3, 4]))`;
		const again = `arrayMap(k -> toString(arraySort(groupArrayIf(p.placed, p.placed > 1))[intDiv(countIf(p.placed > 1) * k + 3, 4)]), [1, 2, 3])`;
		return `select toString(count()) as customers, ${ends(`greatest(dateDiff('day', p.last_day, {today:Date}), 0)`)} as recency,
			if(count() = 0, [], arrayConcat(['1'], if(countIf(p.placed > 1) = 0, ['1', '1', '1'], ${again}))) as orders, ${ends('p.spent')} as net from ${spenders(shape)} as p`;
	}
};

const gridRow = z.object({
	recency: z.coerce.number(),
	frequency: z.coerce.number(),
	customers: z.coerce.number()
});

/** Customers by recency and frequency score. */
export const scoreGrid: Question<typeof scoreParams, typeof gridRow> = {
	name: 'customers: scores',
	tables: ['customer_cohorts'],
	params: scoreParams,
	row: gridRow,
	sql: (shape) =>
		`select toString(r) as recency, toString(f) as frequency, toString(count()) as customers from ${scored(shape)} group by r, f`
};

const segmentRow = z.object({
	place: z.coerce.number(),
	customers: z.coerce.number(),
	orders: z.coerce.number(),
	net: decimalText,
	idle: z.coerce.number()
});

/** Segments with their customers, orders, money and median days since the last order; `place` is that in `SEGMENTS`. */
export const segmentSums: Question<typeof scoreParams, typeof segmentRow> = {
	name: 'customers: segments',
	tables: ['customer_cohorts'],
	params: scoreParams,
	row: segmentRow,
	sql: (shape) => `
		select ${segmentSql('r * 10 + f')} as place, toString(count()) as customers, toString(sum(p.placed)) as orders, toString(sum(p.spent)) as net,
			toString(quantileExactLow(0.5)(p.idle)) as idle
		from ${scored(shape)} as p group by place`
};

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
