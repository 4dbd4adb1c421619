import { CHANNELS } from '#lib/contracts/channels.ts';
import {
	customerListSchema,
	CUSTOMERS_A_PAGE,
	type CustomerListQuery,
	type CustomerPage,
	type ListedCustomer
} from '#lib/contracts/customer-list.ts';
import {
	SEGMENTS,
	segmentsQuerySchema,
	type SegmentsQuery,
	type SegmentsView
} from '#lib/contracts/customer-segments.ts';
import { findPeople, namesOf } from '../../customers/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { inOrganization } from '../../platform/db.ts';
import { parse } from '../../platform/parse.ts';
import { ask } from '../ask.ts';
import { average, exact, shown } from '../exact.ts';
import { addMonths } from '../periods.ts';
import { FIRST_AMOUNT } from '../projection/worth.ts';
import { askAbout, within, type Asked } from './asked.ts';
import { leftOut, unconvertedOf } from './identified.ts';
import {
	lastOrders,
	peopleBy,
	peopleCount,
	scoreGrid,
	netLimits,
	amounts,
	amountsAt,
	segmentSums,
	segmentSumsExact,
	type PersonRow
} from './queries/people.ts';
import { codesOf, segmentOf } from './segments.ts';

/** All days that stand for amounts. */
const AMOUNTS = { from: FIRST_AMOUNT, to: '2149-06-06' };

/** Months that the count of orders without a known buyer looks at where a page has no range. */
const SHOWN_MONTHS = 12;

/**
 * RFM segments of all customers as of today: fifths by days since the last order and by money; by number of orders one is the lowest
 * score and the others are fourths of those who ordered again. Ten names by recency and frequency. `channels`: of the first order; scores stay those among
 * all customers.
 * @throws Forbidden without customers.read or with limits, Invalid, Unavailable
 */
export async function customerSegments(
	ctx: Ctx,
	query: SegmentsQuery = {},
	now = new Date()
): Promise<SegmentsView> {
	const { channels } = parse(segmentsQuerySchema, query);
	const asked = await askAbout(ctx, now);
	const { at, shape, today } = asked;
	const params = await limitsOf(asked);
	const [grid, sums, left, unconverted] = await Promise.all([
		ask(ctx, scoreGrid, at, within(channels), shape, params),
		ask(ctx, asked.addedUp ? segmentSums : segmentSumsExact, at, within(channels), shape, params),
		leftOut(asked, addMonths(today, -SHOWN_MONTHS), today, channels),
		unconvertedOf(asked, channels)
	]);
	return {
		position: at.position,
		asOf: now.toISOString(),
		currency: ctx.organization.currency,
		today,
		customers: grid.reduce((sum, row) => sum + row.customers, 0),
		segments: SEGMENTS.flatMap((segment, place) => {
			const row = sums.find((one) => one.place === place);
			if (!row) return [];
			const net = exact(row.net);
			return [
				{
					segment,
					customers: row.customers,
					orders: row.orders,
					net: shown(net),
					average: average(net, row.customers),
					daysSinceLast: row.idle
				}
			];
		}),
		grid: grid
			.map((row) => ({ ...row, segment: segmentOf(row.recency, row.frequency) }))
			.sort((a, b) => b.recency - a.recency || a.frequency - b.frequency),
		limits: {
			recencyDays: params.recencyLimits,
			orders: params.orderLimits,
			net: params.netLimits.map((one) => shown(exact(one)))
		},
		unidentified: left.unidentified,
		unconverted
	};
}

/**
 * A page of customers with scores, by what they spent, ordered, or when. A search looks at names and addresses in PostgreSQL; at most
 * 2,000 rows of them.
 * @throws Forbidden without customers.read or with limits, Invalid, Unavailable
 */
export async function listCustomers(
	ctx: Ctx,
	query: CustomerListQuery = {},
	now = new Date()
): Promise<CustomerPage> {
	const { search, segments, channels, sort, page } = parse(customerListSchema, query);
	const asked = await askAbout(ctx, now);
	const { at, shape, today } = asked;
	const [found, limits, left] = await Promise.all([
		search === ''
			? null
			: inOrganization(ctx.organization.id, (tx) => findPeople(tx, ctx.organization.id, search)),
		limitsOf(asked),
		leftOut(asked, addMonths(today, -SHOWN_MONTHS), today, channels)
	]);
	const params = {
		...limits,
		codes: codesOf(segments),
		found: found?.ids ?? [],
		limit: CUSTOMERS_A_PAGE,
		offset: (page - 1) * CUSTOMERS_A_PAGE
	};
	const nobody = found !== null && found.ids.length === 0;
	const [rows, [count]] = nobody
		? [[], []]
		: await Promise.all([
				ask(ctx, peopleBy(sort), at, within(channels), shape, params),
				ask(ctx, peopleCount, at, within(channels), shape, params)
			]);
	return {
		position: at.position,
		asOf: now.toISOString(),
		currency: ctx.organization.currency,
		customers: await named(ctx, rows),
		count: count?.customers ?? 0,
		page,
		pageSize: CUSTOMERS_A_PAGE,
		searchCut: found?.cut ?? false,
		unidentified: left.unidentified
	};
}

/**
 * The upper ends of the lower four scores, with what else scores need. By days since the last order and by money these are the lower four
 * fifths of all customers; by orders the lowest score is one order, and the others are the fourths of those who ordered again: where most
 * order once, fifths would tell nobody apart. Each end is the value at that rank, so that equal customers have equal scores.
 */
export async function limitsOf(asked: Asked) {
	const { ctx, at, shape, money, today } = asked;
	const [[counts], net] = await Promise.all([
		ask(ctx, lastOrders, at, within([]), shape, { today }),
		moneyLimits(asked)
	]);
	const idle = ranked(counts?.idle ?? [], counts?.idleCustomers ?? []);
	const orders = ranked(counts?.placed ?? [], counts?.placedCustomers ?? []);
	const again = orders.filter(({ value }) => value > 1);
	return {
		...money,
		today,
		recencyLimits: ends(idle, 5),
		orderLimits: orders.length === 0 ? [] : [1, ...(again.length === 0 ? [1, 1, 1] : ends(again, 4))],
		netLimits: net
	};
}

/** The ends by money: which customers these are tell the sums by amount, and what they spent the row that holds them. */
async function moneyLimits({ ctx, at, shape, money, addedUp }: Asked): Promise<string[]> {
	if (!addedUp) return (await ask(ctx, netLimits, at, within([]), shape, money))[0]?.net ?? [];
	const [found] = await ask(ctx, amounts, at, within([]), shape, AMOUNTS);
	const { days = [], customers = [] } = found ?? {};
	const total = customers.reduce((sum, one) => sum + one, 0);
	if (total === 0) return [];
	const ends = [1, 2, 3, 4].map((k) => {
		let place = Math.ceil((total * k) / 5);
		const index = customers.findIndex((one) => place <= one || ((place -= one), false));
		return { day: days[index]!, place };
	});
	const rows = await ask(ctx, amountsAt, at, within([]), shape, {
		...AMOUNTS,
		days: ends.map(({ day }) => day),
		places: ends.map(({ place }) => place)
	});
	return ends.map(({ day }, index) => rows.find((row) => row.day === day)!.net[index]!);
}

interface Ranked {
	value: number;
	customers: number;
}

const ranked = (values: readonly number[], customers: readonly number[]): Ranked[] =>
	values.map((value, index) => ({ value, customers: customers[index]! }));
const sizeOf = (rows: readonly Ranked[]) => rows.reduce((sum, row) => sum + row.customers, 0);

/** The upper ends of all parts but the highest, of `parts` equal ones. */
function ends(rows: readonly Ranked[], parts: number): number[] {
	const total = sizeOf(rows);
	if (total === 0) return [];
	return Array.from({ length: parts - 1 }, (_, index) => {
		const rank = Math.ceil((total * (index + 1)) / parts);
		let seen = 0;
		return rows.find((row) => (seen += row.customers) >= rank)!.value;
	});
}

/** Rows with the names that PostgreSQL has today. */
export async function named(ctx: Ctx, rows: readonly PersonRow[]): Promise<ListedCustomer[]> {
	const names = await inOrganization(ctx.organization.id, (tx) =>
		namesOf(
			tx,
			ctx.organization.id,
			rows.flatMap((row) => row.customers)
		)
	);
	return rows.map((row) => {
		const known = row.customers.flatMap((id) => names.get(id) ?? []);
		const first = <T>(of: (one: (typeof known)[number]) => T | null) =>
			known.map(of).find((value) => value !== null) ?? null;
		return {
			id: row.id,
			name: first((one) => one.name),
			email: first((one) => one.email),
			country: first((one) => one.country),
			channels: CHANNELS.filter((channel) => row.channels.includes(channel)),
			orders: row.orders,
			net: shown(exact(row.net)),
			firstDay: row.firstDay,
			lastDay: row.lastDay,
			recency: row.r,
			frequency: row.f,
			monetary: row.m,
			segment: segmentOf(row.r, row.f)
		};
	});
}
