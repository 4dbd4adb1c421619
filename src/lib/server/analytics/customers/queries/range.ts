import { z } from 'zod';
import type { Question } from '../../ask.ts';
import { decimalText, money, rangeParams, withRate } from '../../queries/parts.ts';
import { bucketOf, daily, IN_RANGE } from './parts.ts';

const bucketRow = z.object({
	at: z.string(),
	channel: z.string(),
	newNet: decimalText,
	returningNet: decimalText,
	newOrders: z.coerce.number(),
	returningOrders: z.coerce.number()
});

/**
 * What new and returning customers spent, by bucket and channel of the order. New: orders of the day of the first order, and their
 * refunds; a refund without an order that we know is of a returning customer.
 */
export const newAndReturningSales: Question<typeof rangeParams, typeof bucketRow> = {
	name: 'customers: new and returning sales',
	tables: ['daily_customers'],
	params: rangeParams,
	row: bucketRow,
	sql: (shape) => `
		${withRate(shape)} select ${bucketOf(shape, 's.day')} as at, s.source as channel,
			${money(shape, 's.net', 's.is_new = 1')} as newNet, ${money(shape, 's.net', 's.is_new = 0')} as returningNet,
			toString(sumIf(s.sold, s.is_new = 1)) as newOrders, toString(sumIf(s.sold, s.is_new = 0)) as returningOrders
		from (select * from ${daily('sales')} and ${IN_RANGE}) as s group by at, channel`
};

const daysParams = rangeParams.pick({ from: true, to: true });
const newRow = z.object({ at: z.string(), channel: z.string(), customers: z.coerce.number() });

/** Customers whose first order is in the range, by bucket and channel of that order. */
export const newCustomers: Question<typeof daysParams, typeof newRow> = {
	name: 'customers: new',
	tables: ['daily_customers'],
	params: daysParams,
	row: newRow,
	sql: (shape) =>
		`select ${bucketOf(shape, 's.day')} as at, s.acquired as channel, toString(sum(s.customers)) as customers
		from (select * from ${daily('people')} and ${IN_RANGE} and customers > 0) as s group by at, channel`
};

const returningRow = z.object({ customers: z.coerce.number() });

/** Customers with an order in the range whose first one was before it: each has one day in the range whose day before is not. */
export const returningCustomers: Question<typeof daysParams, typeof returningRow> = {
	name: 'customers: returning',
	tables: ['daily_customers'],
	params: daysParams,
	row: returningRow,
	sql: () =>
		`select toString(sum(people)) as customers from ${daily('returning')} and ${IN_RANGE} and previous < {from:Date}`
};

const knownRow = z.object({
	at: z.string(),
	channel: z.string(),
	orders: z.coerce.number(),
	net: decimalText
});

/** Orders and net sales of all known customers, by bucket and channel of the order. Asked without narrowing. */
export const identified: Question<typeof rangeParams, typeof knownRow> = {
	name: 'customers: identified sales',
	tables: ['daily_customers'],
	params: rangeParams,
	row: knownRow,
	sql: (shape) => `
		${withRate(shape)} select ${bucketOf(shape, 's.day')} as at, s.source as channel, toString(sum(s.sold)) as orders, ${money(shape, 's.net')} as net
		from (select * from ${daily('sales')} and ${IN_RANGE}) as s group by at, channel`
};
