import { expect } from 'vitest';
import type { Channel } from '#lib/contracts/channels.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { inOrganization } from '../../platform/db.ts';
import { customerCohorts, customerSegments, customersOverview, listCustomers } from '../index.ts';

/** What one order moved on one day, as PostgreSQL has it. `net` in 10^-14 of the organization's currency, null without a rate. */
interface Move {
	customer: string | null;
	order: string;
	channel: Channel;
	at: number;
	day: string;
	orderDay: string;
	sold: boolean;
	net: bigint | null;
}
interface Person {
	moves: Move[];
	sales: Move[];
	first: string;
	cohort: string;
	channel: Channel;
	net: bigint;
}

/**
 * Holds all figures about customers against PostgreSQL alone: reads orders and refunds as they stand and adds them up in plain loops
 * that share nothing with the projection or the questions.
 */
export async function compareCustomers(ctx: Ctx, now: Date, where: string): Promise<void> {
	const { moves, people } = await read(ctx);
	const today = dayIn(now.getTime(), ctx.organization.timeZone);
	const all = [...people.values()];
	for (const channels of [[], ['shopify']] as Channel[][]) {
		const some = all.filter((one) => channels.length === 0 || channels.includes(one.channel));
		const at = `${where} customers ${channels.join()}`;
		await compareOverview(ctx, now, channels, some, moves, all, at);
		const cohorts = await customerCohorts(ctx, { months: 24, channels }, now);
		expect(
			cohorts.cohorts.map(({ projectedLtv: _estimate, ...rest }) => rest),
			at
		).toEqual(cohortsOf(some, today, 24));
		const segments = await customerSegments(ctx, { channels }, now);
		const scores = scoresOf(all, today);
		const grid = new Map<string, number>();
		for (const one of some) {
			const { r, f } = scores(one);
			grid.set(`${r} ${f}`, (grid.get(`${r} ${f}`) ?? 0) + 1);
		}
		expect(
			new Map(segments.grid.map((row) => [`${row.recency} ${row.frequency}`, row.customers])),
			at
		).toEqual(grid);
		expect(
			segments.segments.reduce((sum, row) => sum + row.customers, 0),
			at
		).toBe(some.length);
		const list = await listCustomers(ctx, { channels }, now);
		const sorted = some.map((one) => ({
			orders: one.sales.length,
			net: shown(one.net),
			first: one.first,
			m: scores(one).m
		}));
		expect(
			list.customers
				.map((row) => ({ orders: row.orders, net: row.net, first: row.firstDay, m: row.monetary }))
				.sort(byText),
			at
		).toEqual(sorted.sort(byText));
		expect(list.count, at).toBe(some.length);
	}
}

async function compareOverview(
	ctx: Ctx,
	now: Date,
	channels: Channel[],
	some: Person[],
	moves: Move[],
	everybody: Person[],
	where: string
): Promise<void> {
	const range = { from: '2026-03-01', to: '2026-11-20' };
	const view = await customersOverview(ctx, { range, by: 'month', channels }, now);
	const spent = some.reduce((sum, one) => sum + one.net, 0n);
	const repeat = some.filter((one) => one.sales.length > 1);
	const gaps = repeat.map((one) => daysFrom(one.sales[0]!.day, one.sales[1]!.day)).sort((a, b) => a - b);
	const inside = (day: string) => day >= range.from && day <= range.to;
	const flat = some.flatMap((one) =>
		one.moves.filter((move) => inside(move.day)).map((move) => ({ move, one }))
	);
	const sum = (rows: { move: Move }[]) =>
		shown(rows.reduce((total, { move }) => total + (move.net ?? 0n), 0n));
	const known = new Set(everybody.flatMap((one) => one.moves));
	const unknown = moves.filter(
		(move) =>
			!known.has(move) && inside(move.day) && (channels.length === 0 || channels.includes(move.channel))
	);
	const totalOrders = moves.filter(
		(move) => move.sold && inside(move.day) && (channels.length === 0 || channels.includes(move.channel))
	).length;
	expect(
		{
			customers: view.customers,
			repeat: view.repeatCustomers,
			ltv: view.realisedLtv,
			median: view.secondOrder.medianDays,
			seconds: view.secondOrder.buckets.reduce((total, row) => total + row.customers, 0),
			range: view.range,
			orders: view.unidentified
		},
		where
	).toEqual({
		customers: some.length,
		repeat: repeat.length,
		ltv: some.length > 0 ? shown(spent, BigInt(some.length)) : null,
		median: gaps.length === 0 ? null : (gaps[(gaps.length - 1) >> 1]! + gaps[gaps.length >> 1]!) / 2,
		seconds: gaps.length,
		range: {
			newCustomers: some.filter((one) => inside(one.first)).length,
			returningCustomers: some.filter(
				(one) => one.first < range.from && one.sales.some((move) => inside(move.day))
			).length,
			newNet: sum(flat.filter(({ move, one }) => move.orderDay === one.first)),
			returningNet: sum(flat.filter(({ move, one }) => move.orderDay !== one.first)),
			newOrders: flat.filter(({ move, one }) => move.sold && move.day === one.first).length,
			returningOrders: flat.filter(({ move, one }) => move.sold && move.day !== one.first).length,
			unidentifiedNet: sum(unknown.map((move) => ({ move })))
		},
		orders: expect.objectContaining({
			orders: totalOrders,
			unidentified: unknown.filter((move) => move.sold).length
		})
	});
}

function cohortsOf(people: Person[], today: string, months: number) {
	const number = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
	return [...Map.groupBy(people, (one) => one.cohort)]
		.filter(([cohort]) => number(cohort) > number(today) - months)
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([month, own]) => {
			const size = BigInt(own.length);
			let running = 0n;
			const cells = [];
			for (let after = 0; number(month) + after <= number(today); after++) {
				const at = number(month) + after;
				const revenue = own
					.flatMap((one) => one.moves)
					.filter((move) => number(move.day) === at || (after === 0 && number(move.day) < at))
					.reduce((total, move) => total + (move.net ?? 0n), 0n);
				running += revenue;
				const active = own.filter((one) => one.sales.some((move) => number(move.day) === at)).length;
				cells.push({
					month: after,
					active,
					retention: percentOf(active, own.length),
					revenue: shown(revenue),
					cumulative: shown(running, size),
					running: at === number(today)
				});
			}
			return {
				month,
				customers: own.length,
				revenue: shown(running),
				ltv: shown(running, size),
				repeatRate: percentOf(own.filter((one) => one.sales.length > 1).length, own.length),
				cells
			};
		});
}

/** Fifths by rank, ties together; by orders one is the lowest, and fourths of those who ordered again. */
function scoresOf(people: Person[], today: string) {
	const idle = (one: Person) => Math.max(0, daysFrom(one.sales.at(-1)!.day, today));
	const ends = <T>(values: T[], compare: (a: T, b: T) => number, parts = 5) => {
		const sorted = [...values].sort(compare);
		return [1, 2, 3, 4]
			.slice(5 - parts)
			.map((_, k) => sorted[Math.ceil((sorted.length * (k + 1)) / parts) - 1]!);
	};
	const again = people.map((one) => one.sales.length).filter((count) => count > 1);
	const [days, counts, sums] = [
		ends(people.map(idle), (a, b) => a - b),
		[1, ...(again.length === 0 ? [1, 1, 1] : ends(again, (a, b) => a - b, 4))],
		ends(
			people.map((one) => one.net),
			(a, b) => (a < b ? -1 : a > b ? 1 : 0)
		)
	];
	return (one: Person) => ({
		r: 5 - days.filter((end) => idle(one) > end).length,
		f: 1 + counts.filter((end) => one.sales.length > end).length,
		m: 1 + sums.filter((end) => one.net > end).length
	});
}

async function read(ctx: Ctx): Promise<{ moves: Move[]; people: Map<string, Person> }> {
	const { id, currency, timeZone: zone } = ctx.organization;
	return inOrganization(id, async ({ sql }) => {
		const rows = await sql<(Omit<Move, 'net'> & { net: string | null })[]>`
			with every as (
				select o.id as order, o.customer_id as customer, o.channel, o.currency, o.placed_at, o.placed_at as moved_at, true as sold,
					case when o.gross is null then 0 else coalesce((select sum(coalesce(l.gross, 0) - l.discount) from order_lines l where l.order_id = o.id and not l.is_gift_card), 0) end as net
				from orders o where o.kind = 'sale'
				union all
				select o.id, o.customer_id, o.channel, o.currency, o.placed_at, r.refunded_at, false, -f.amount
				from refund_lines f join refunds r on r.id = f.refund_id join orders o on o.id = r.order_id left join order_lines l on l.id = f.order_line_id
				where o.kind in ('sale', 'refund_only') and f.kind in ('item', 'adjustment') and (f.kind = 'adjustment' or l.is_gift_card is not true)
			)
			select e.order, customer, channel, floor(extract(epoch from placed_at))::float8 as at, to_char(moved_at at time zone ${zone}, 'YYYY-MM-DD') as day,
				to_char(placed_at at time zone ${zone}, 'YYYY-MM-DD') as order_day, sold,
				(net * case when currency = ${currency} then 1 else (select rate from exchange_rates x where x.currency = e.currency
					and x.day <= (placed_at at time zone ${zone})::date order by x.day desc limit 1) end)::text as net
			from every e`;
		const customers = await sql<{ id: string; externalId: string; email: string | null }[]>`
			select id, external_id, email from customers where organization_id = ${id}`;
		const moves = rows.map((row) => ({ ...row, net: row.net === null ? null : units(row.net) }));
		const personOf = new Map<string, string>();
		for (const { id: customer, externalId, email } of customers) {
			const known = email !== null && !email.endsWith('@relay.walmart.com');
			if (known) personOf.set(customer, email.trim().toLowerCase());
			else if (!externalId.includes('@')) personOf.set(customer, customer);
		}
		const people = new Map<string, Person>();
		const identified = moves.filter((move) => move.customer !== null && personOf.has(move.customer));
		for (const [key, own] of Map.groupBy(identified, (move) => personOf.get(move.customer!)!)) {
			const sales = own
				.filter((move) => move.sold)
				.sort(
					(a, b) =>
						a.at - b.at || (a.day < b.day ? -1 : a.day > b.day ? 1 : 0) || (a.channel < b.channel ? -1 : 1)
				);
			if (sales.length === 0) continue;
			people.set(key, {
				moves: own,
				sales,
				first: sales[0]!.day,
				cohort: `${sales[0]!.day.slice(0, 7)}-01`,
				channel: sales[0]!.channel,
				net: own.reduce((sum, move) => sum + (move.net ?? 0n), 0n)
			});
		}
		return { moves, people };
	});
}

const SCALE = 10n ** 14n;

function units(value: string): bigint {
	const negative = value.startsWith('-');
	const [whole, fraction = ''] = value.replace('-', '').split('.') as [string, string?];
	const size = BigInt(whole + fraction.padEnd(14, '0'));
	return negative ? -size : size;
}

/** value / by, rounded half away from zero to four decimals, the shortest writing. */
function shown(value: bigint, by = 1n): string {
	const step = (SCALE / 10_000n) * by;
	const size = value < 0n ? -value : value;
	const rounded = (size * 2n + step) / (step * 2n);
	return `${value < 0n && rounded > 0n ? '-' : ''}${text(rounded * (SCALE / 10_000n))}`;
}

function text(value: bigint): string {
	return `${value / SCALE}.${(value % SCALE).toString().padStart(14, '0')}`.replace(/\.?0+$/, '');
}

function percentOf(part: number, whole: number): string {
	return (Math.floor((part * 2000 + whole) / (2 * whole)) / 10).toFixed(1);
}

function daysFrom(a: string, b: string): number {
	return (Date.parse(b) - Date.parse(a)) / 86_400_000;
}

function dayIn(instant: number, timeZone: string): string {
	return new Intl.DateTimeFormat('en-CA', {
		timeZone,
		year: 'numeric',
		month: '2-digit',
		day: '2-digit'
	}).format(instant);
}

const byText = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
