import type { Channel } from '#lib/contracts/channels.ts';
import {
	customersQuerySchema,
	type CustomersQuery,
	type CustomersView,
	type NewAndReturning
} from '#lib/contracts/customers.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { parse } from '../../platform/parse.ts';
import { ask } from '../ask.ts';
import { average, exact, shown } from '../exact.ts';
import { addMonths, bucketStarts, resolvePeriod } from '../periods.ts';
import { askAbout, within, type Asked } from './asked.ts';
import { cohortRows } from './cohorts.ts';
import { economicsOf } from './economics.ts';
import { leftOut, unconvertedOf } from './identified.ts';
import { projectionOf, trianglesOf } from './projections.ts';
import { newAndReturningSales, newCustomers, returningCustomers } from './queries/range.ts';
import { customerCounts, customerNet, secondOrders } from './queries/totals.ts';
import { percent, perEach } from './ratios.ts';

/** First days of the ranges in which second orders are counted. */
const GAPS = [0, 1, 8, 15, 31, 61, 91, 181, 366];
const LOOK_BACK = 60;

/**
 * Customers over all time (how many, how often they come again, what they have spent) and of a range (new against returning, what a
 * new one cost in ads). A customer is a person over all connections; orders without a known buyer are in no figure but
 * `unidentified`. `channels`: of the first order; for `unidentified` of the order itself. Money: net sales in the organization's
 * currency at the rate of each order's day.
 * @throws Forbidden without customers.read or with limits, Invalid, Unavailable
 */
export async function customersOverview(
	ctx: Ctx,
	query: CustomersQuery = {},
	now = new Date()
): Promise<CustomersView> {
	const { range, by, channels } = parse(customersQuerySchema, query);
	const asked = await askAbout(ctx, now, by);
	const { at, money, shape, today } = asked;
	const { previousUntil: _cut, ...period } = resolvePeriod(range, now, at.timeZone);
	const [counts, net, gaps, current, previous, left, rows, unconverted] = await Promise.all([
		ask(ctx, customerCounts, at, within(channels), shape, {}),
		ask(ctx, customerNet, at, within(channels), shape, money),
		ask(ctx, secondOrders, at, within(channels), shape, {}),
		rangeOf(asked, period.from, period.to, channels),
		rangeOf(asked, period.previousFrom, period.previousTo, channels),
		leftOut(asked, period.from, period.to, channels),
		cohortRows(asked, addMonths(`${today.slice(0, 7)}-01`, 1 - LOOK_BACK), channels),
		unconvertedOf(asked, channels)
	]);
	const customers = counts.reduce((sum, row) => sum + row.customers, 0);
	const repeatCustomers = counts.reduce((sum, row) => sum + row.repeat, 0);
	const spent = net.reduce((sum, row) => sum + exact(row.net), 0n);
	const unknown = [...left.net.values()].reduce((sum, amount) => sum + amount, 0n);
	const economics = await economicsOf(asked, {
		range,
		period,
		channels,
		counts,
		net,
		rows,
		bought: current.customers
	});
	return {
		position: at.position,
		asOf: now.toISOString(),
		currency: ctx.organization.currency,
		period,
		by,
		customers,
		repeatCustomers,
		repeatRate: percent(repeatCustomers, customers),
		realisedLtv: customers > 0 ? average(spent, customers) : null,
		ordersPerCustomer: perEach(
			counts.reduce((sum, row) => sum + row.orders, 0),
			customers
		),
		secondOrder: secondOrderOf(gaps),
		range: { ...current.totals, unidentifiedNet: shown(unknown) },
		previous: {
			newCustomers: previous.totals.newCustomers,
			returningCustomers: previous.totals.returningCustomers,
			newNet: previous.totals.newNet,
			returningNet: previous.totals.returningNet
		},
		series: bucketStarts(period.from, period.to, by).map((start) =>
			bucketOf(start, current, left.net.get(start) ?? 0n)
		),
		...economics,
		projection: projectionOf(trianglesOf(rows, today, null), today),
		unidentified: left.unidentified,
		unconverted
	};
}

type Sold = Awaited<ReturnType<typeof rangeOf>>;

/** What the range brought: rows by bucket, and their sums. */
async function rangeOf(
	{ ctx, at, money, shape }: Asked,
	from: string,
	to: string,
	channels: readonly Channel[]
) {
	const [sales, customers, [returning]] = await Promise.all([
		ask(ctx, newAndReturningSales, at, within(channels), shape, { ...money, from, to }),
		ask(ctx, newCustomers, at, within(channels), shape, { from, to }),
		ask(ctx, returningCustomers, at, within(channels), shape, { from, to })
	]);
	return {
		sales,
		customers,
		totals: { ...sumsOf(sales, customers), returningCustomers: returning?.customers ?? 0 }
	};
}

function sumsOf(
	sales: readonly { newNet: string; returningNet: string; newOrders: number; returningOrders: number }[],
	customers: readonly { customers: number }[]
) {
	return {
		newNet: shown(sales.reduce((sum, row) => sum + exact(row.newNet), 0n)),
		returningNet: shown(sales.reduce((sum, row) => sum + exact(row.returningNet), 0n)),
		newCustomers: customers.reduce((sum, row) => sum + row.customers, 0),
		newOrders: sales.reduce((sum, row) => sum + row.newOrders, 0),
		returningOrders: sales.reduce((sum, row) => sum + row.returningOrders, 0)
	};
}

function bucketOf(start: string, { sales, customers }: Sold, unidentified: bigint): NewAndReturning {
	const here = <T extends { at: string }>(rows: readonly T[]) => rows.filter((row) => row.at === start);
	return { at: start, ...sumsOf(here(sales), here(customers)), unidentifiedNet: shown(unidentified) };
}

/** Exact: every customer with a second order is in one of the rows. */
function secondOrderOf(gaps: readonly { days: number; customers: number }[]): CustomersView['secondOrder'] {
	const total = gaps.reduce((sum, row) => sum + row.customers, 0);
	const nth = (n: number) => {
		let seen = 0;
		return gaps.find((row) => (seen += row.customers) > n)!.days;
	};
	return {
		customers: total,
		medianDays: total === 0 ? null : (nth(Math.floor((total - 1) / 2)) + nth(Math.floor(total / 2))) / 2,
		buckets: GAPS.map((from, index) => {
			const next = GAPS[index + 1];
			return {
				from,
				to: next === undefined ? null : next - 1,
				customers: gaps
					.filter(({ days }) => days >= from && (next === undefined || days < next))
					.reduce((sum, row) => sum + row.customers, 0)
			};
		})
	};
}
