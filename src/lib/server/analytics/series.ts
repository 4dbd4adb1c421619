import type { Bucket, Granularity, Period } from '#lib/contracts/analytics.ts';
import type { Ctx } from '../platform/ctx.ts';
import { ask, type Narrowing, type Snapshot } from './ask.ts';
import { average, exact, shown } from './exact.ts';
import { addDays, bucketStart, bucketStarts, hoursOf } from './periods.ts';
import { ordersByHour, salesByHour } from './queries/hours.ts';
import { ordersByCategory, sales } from './queries/sales.ts';
import type { Rates } from './rates.ts';

/** Sums of one bucket and channel; `at` is the bucket's first day, or the hour's first instant in seconds. */
export interface Sums {
	at: string;
	channel: string;
	gross: bigint;
	discounts: bigint;
	refunds: bigint;
	units: number;
	orders: number;
	priced: number;
	converted: number;
}

interface Asked {
	ctx: Ctx;
	at: Snapshot;
	narrowing: Narrowing;
	rates: Rates;
	by: Granularity;
}

const FOREVER = 4_291_747_200;

/** Sums by bucket and channel from `from` to `to`, cut at the instant `until` on the last day. */
export async function salesOf(
	asked: Asked,
	range: { from: string; to: string; until: Date | null }
): Promise<Sums[]> {
	const until = range.until ? range.until.getTime() / 1000 : FOREVER;
	if (asked.by === 'hour') return hourly(asked, range.from, range.to, until, (row) => row.at);
	if (!range.until) return daily(asked, range.from, range.to);
	// the last day is cut at a clock time, which the facts know and the rollups do not
	const { by } = asked;
	const cut = hourly(asked, range.to, range.to, until, (row) =>
		bucketStart(row.onDay, by as Exclude<Granularity, 'hour'>)
	);
	if (range.from === range.to) return cut;
	return (await Promise.all([daily(asked, range.from, addDays(range.to, -1)), cut])).flat();
}

async function daily({ ctx, at, narrowing, rates, by }: Asked, from: string, to: string): Promise<Sums[]> {
	const shape = { converts: rates.converts, granularity: by };
	const params = {
		from,
		to,
		currency: ctx.organization.currency,
		rateCurrencies: rates.rateCurrencies,
		rateDays: rates.rateDays,
		rates: rates.rates
	};
	const byCategory = narrowing.categories.length > 0 || Boolean(ctx.scope?.categories);
	const [money, orders] = await Promise.all([
		ask(ctx, sales, at, narrowing, shape, params),
		byCategory ? ask(ctx, ordersByCategory, at, narrowing, shape, params) : []
	]);
	return [...money.map(fromMoney), ...orders.map(fromOrders)];
}

async function hourly(
	{ ctx, at, narrowing, rates, by }: Asked,
	from: string,
	to: string,
	until: number,
	label: (row: { at: string; onDay: string }) => string
): Promise<Sums[]> {
	const shape = { converts: rates.converts, granularity: by };
	const params = {
		from,
		to,
		until,
		zone: at.timeZone,
		currency: ctx.organization.currency,
		rateCurrencies: rates.rateCurrencies,
		rateDays: rates.rateDays,
		rates: rates.rates
	};
	const [money, orders] = await Promise.all([
		ask(ctx, salesByHour, at, narrowing, shape, params),
		ask(ctx, ordersByHour, at, narrowing, shape, params)
	]);
	return [
		...money.map((row) => ({ ...fromMoney({ ...row, orders: 0, priced: 0, converted: 0 }), at: label(row) })),
		...orders.map((row) => ({ ...fromOrders(row), at: label(row) }))
	];
}

function fromMoney(row: {
	at: string;
	channel: string;
	gross: string;
	discounts: string;
	refunds: string;
	units: number;
	orders: number;
	priced: number;
	converted: number;
}): Sums {
	return { ...row, gross: exact(row.gross), discounts: exact(row.discounts), refunds: exact(row.refunds) };
}

function fromOrders(row: {
	at: string;
	channel: string;
	orders: number;
	priced: number;
	converted: number;
}): Sums {
	return {
		at: row.at,
		channel: row.channel,
		gross: 0n,
		discounts: 0n,
		refunds: 0n,
		units: 0,
		orders: row.orders,
		priced: row.priced,
		converted: row.converted
	};
}

/** The chart's buckets, empty ones included; the n-th bucket of the period before stands beside the n-th. */
export function series(
	period: Period,
	by: Granularity,
	current: readonly Sums[],
	previous: readonly Sums[]
): Bucket[] {
	const now = slots(period.from, period.to, by, period.timeZone);
	const before = slots(period.previousFrom, period.previousTo, by, period.timeZone);
	const sums = Map.groupBy(current, (row) => row.at);
	const earlier = Map.groupBy(previous, (row) => row.at);
	const netOf = (rows: readonly Sums[]) =>
		rows.reduce((sum, row) => sum + row.gross - row.discounts - row.refunds, 0n);
	const counterparts = new Map(before.map((slot) => [slot.place, slot.key]));
	return now.map(({ at, key, place }): Bucket => {
		const rows = sums.get(key) ?? [];
		const counterpart = counterparts.get(place);
		const perChannel = [...Map.groupBy(rows, (row) => row.channel)]
			.map(([channel, list]) => [channel, shown(netOf(list))] as const)
			.filter(([, value]) => value !== '0');
		const priced = rows.reduce((sum, row) => sum + row.converted, 0);
		return {
			averageOrder:
				priced > 0
					? average(
							rows.reduce((sum, row) => sum + row.gross - row.discounts, 0n),
							priced
						)
					: null,
			at,
			net: shown(netOf(rows)),
			orders: rows.reduce((sum, row) => sum + row.orders, 0),
			units: rows.reduce((sum, row) => sum + row.units, 0),
			byChannel: Object.fromEntries(perChannel),
			previousNet: counterpart === undefined ? null : shown(netOf(earlier.get(counterpart) ?? []))
		};
	});
}

/** Buckets with their key in the answers, and their place by which periods are laid over each other. */
export function slots(
	from: string,
	to: string,
	by: Granularity,
	timeZone: string
): { at: string; key: string; place: string }[] {
	if (by !== 'hour')
		return bucketStarts(from, to, by).map((at, index) => ({ at, key: at, place: String(index) }));
	const days: string[] = [];
	for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
	return days.flatMap((day, index) =>
		hoursOf(day, timeZone).map(({ at, instant }) => ({
			at,
			key: String(instant / 1000),
			place: `${index} ${at.slice(11)}`
		}))
	);
}
