import { z } from 'zod';
import type { Question } from '../../ask.ts';
import { decimalText, money, rangeParams } from '../../queries/parts.ts';
import { bought, bucketOf, PEOPLE } from './parts.ts';

const IN_RANGE = 'd.1 between {from:Date} and {to:Date}';

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
	tables: ['customer_cohorts'],
	params: rangeParams,
	row: bucketRow,
	sql: (shape) => `
		select ${bucketOf(shape, 's.day')} as at, s.source as channel,
			${money(shape, 's.net', 's.rate_day = s.first_day')} as newNet, ${money(shape, 's.net', 's.rate_day != s.first_day')} as returningNet,
			toString(sumIf(s.sold, s.day = s.first_day)) as newOrders, toString(sumIf(s.sold, s.day != s.first_day)) as returningOrders
		from ${bought('first_day', IN_RANGE)} group by at, channel`
};

const daysParams = rangeParams.pick({ from: true, to: true });
const newRow = z.object({ at: z.string(), channel: z.string(), customers: z.coerce.number() });

/** Customers whose first order is in the range, by bucket and channel of that order. */
export const newCustomers: Question<typeof daysParams, typeof newRow> = {
	name: 'customers: new',
	tables: ['customer_cohorts'],
	params: daysParams,
	row: newRow,
	sql: (shape) =>
		`select ${bucketOf(shape, 'first_day')} as at, channel, toString(count()) as customers from ${PEOPLE} and first_day between {from:Date} and {to:Date} group by at, channel`
};

const returningRow = z.object({ customers: z.coerce.number() });

/** Customers with an order in the range whose first one was before it. */
export const returningCustomers: Question<typeof daysParams, typeof returningRow> = {
	name: 'customers: returning',
	tables: ['customer_cohorts'],
	params: daysParams,
	row: returningRow,
	sql: () => `select toString(count()) as customers from ${PEOPLE} and first_day < {from:Date} and last_day >= {from:Date}
		and arrayExists(d -> ${IN_RANGE} and d.5 > 0, days)`
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
	tables: ['customer_cohorts'],
	params: rangeParams,
	row: knownRow,
	sql: (shape) => `
		select ${bucketOf(shape, 's.day')} as at, s.source as channel, toString(sum(s.sold)) as orders, ${money(shape, 's.net')} as net
		from ${bought('first_day', IN_RANGE)} group by at, channel`
};
