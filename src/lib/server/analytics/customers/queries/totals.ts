import { z } from 'zod';
import type { Question } from '../../ask.ts';
import { decimalText, money, withRate } from '../../queries/parts.ts';
import { daily, moneyParams } from './parts.ts';

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
	tables: ['daily_customers'],
	params: none,
	row: countRow,
	sql: () => `select acquired as channel, toString(sum(s.customers)) as customers, toString(sum(s.repeat)) as repeat, toString(sum(s.sold)) as orders
		from (select * from ${daily('people')}) as s group by acquired`
};

const netRow = z.object({ channel: z.string(), net: decimalText });

/** What all customers ever spent, by the channel of their first order. */
export const customerNet: Question<typeof moneyParams, typeof netRow> = {
	name: 'customers: net sales',
	tables: ['daily_customers'],
	params: moneyParams,
	row: netRow,
	sql: (shape) =>
		`${withRate(shape)} select s.acquired as channel, ${money(shape, 's.net')} as net from (select * from ${daily('sales')}) as s group by s.acquired`
};

const gapRow = z.object({ days: z.coerce.number(), customers: z.coerce.number() });

/** Customers by the days from their first to their second order. */
export const secondOrders: Question<typeof none, typeof gapRow> = {
	name: 'customers: second order',
	tables: ['daily_customers'],
	params: none,
	row: gapRow,
	sql: () =>
		`select toString(second_after) as days, toString(sum(people)) as customers from ${daily('second')} group by second_after order by second_after`
};

const leftOutRow = z.object({ currency: z.string(), net: decimalText });

/** Money of customers without a rate, in its own currency. */
export const customersUnconverted: Question<typeof moneyParams, typeof leftOutRow> = {
	name: 'customers: without a rate',
	tables: ['daily_customers'],
	params: moneyParams,
	row: leftOutRow,
	sql: (
		shape
	) => `${withRate(shape)} select s.currency as currency, toString(sum(s.net)) as net from (select * from ${daily('sales')} and currency != {currency:String}) as s
		where s.net != 0 ${shape.converts ? 'and rate = 0' : ''} group by s.currency order by currency`
};
