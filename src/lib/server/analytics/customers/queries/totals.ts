import { z } from 'zod';
import type { Question } from '../../ask.ts';
import { decimalText, money, rateOf } from '../../queries/parts.ts';
import { bought, moneyParams, PEOPLE } from './parts.ts';

const none = z.object({});
const countRow = z.object({
	channel: z.string(),
	customers: z.coerce.number(),
	repeat: z.coerce.number(),
	orders: z.coerce.number()
});

/** Customers of all time by the channel of their first order; `repeat`: with at least two orders. */
export const customerCounts: Question<typeof none, typeof countRow> = {
	name: 'customers',
	tables: ['customer_cohorts'],
	params: none,
	row: countRow,
	sql: () => `select channel, toString(count()) as customers, toString(countIf(t.orders > 1)) as repeat, toString(sum(t.orders)) as orders
		from ${PEOPLE} group by channel`
};

const netRow = z.object({ channel: z.string(), net: decimalText });

/** What all customers ever spent, by the channel of their first order. */
export const customerNet: Question<typeof moneyParams, typeof netRow> = {
	name: 'customers: net sales',
	tables: ['customer_cohorts'],
	params: moneyParams,
	row: netRow,
	sql: (shape) =>
		`select toString(s.acquired) as channel, ${money(shape, 's.net')} as net from ${bought('channel as acquired')} group by s.acquired`
};

const gapRow = z.object({ days: z.coerce.number(), customers: z.coerce.number() });

/** Customers by the days from their first to their second order. */
export const secondOrders: Question<typeof none, typeof gapRow> = {
	name: 'customers: second order',
	tables: ['customer_cohorts'],
	params: none,
	row: gapRow,
	sql: () =>
		`select toString(second_after) as days, toString(count()) as customers from ${PEOPLE} and second_after >= 0 group by second_after order by second_after`
};

const leftOutRow = z.object({ currency: z.string(), net: decimalText });

/** Money of customers without a rate, in its own currency. */
export const customersUnconverted: Question<typeof moneyParams, typeof leftOutRow> = {
	name: 'customers: without a rate',
	tables: ['customer_cohorts'],
	params: moneyParams,
	row: leftOutRow,
	sql: (
		shape
	) => `select s.currency as currency, toString(sum(s.net)) as net from ${bought('channel as acquired')}
		where s.currency != {currency:String} ${shape.converts ? `and ${rateOf()} = 0` : ''} and s.net != 0 group by s.currency order by currency`
};
