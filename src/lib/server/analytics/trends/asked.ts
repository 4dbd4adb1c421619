import type { Granularity } from '#lib/contracts/analytics.ts';
import { isOfProfit, type TrendQuery } from '#lib/contracts/trends.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { ask, snapshotOf, type Narrowing, type Snapshot } from '../ask.ts';
import { money } from '../dashboard.ts';
import { addDays, daysBetween, resolvePeriod, type ResolvedPeriod } from '../periods.ts';
import { methodOf } from '../profit.ts';
import type { SummedRow } from '../profit-sums.ts';
import { profitBy } from '../queries/profit.ts';
import { adsOf } from '../ads.ts';
import { ratesFor, type Rates } from '../rates.ts';
import { moneyBy, ordersBy, rankedBy, type Ranked, type TrendRow } from './questions.ts';
import type { Cut } from './rows.ts';

/** Longest ranges by hour, day and week: what a chart can show. */
const LONGEST = { hour: 7, day: 400, week: 1500 };
const FOREVER = 4_291_747_200;
/** Groups of a metric that is no plain sum, which are ranked here and not in the store. */
const MOST_GROUPS = 5_000;

/** A trend on its way to the store: what is asked, at which snapshot, in which steps. */
export interface Asked {
	ctx: Ctx;
	query: TrendQuery;
	at: Snapshot;
	period: ResolvedPeriod;
	by: Granularity;
	rates: Rates;
	fifo: boolean;
}

export type Row = { at: string; key: string } & (TrendRow | SummedRow);
/** Which rows: days, cut at an instant on the last one; by bucket or not; some groups only. */
interface Wanted {
	from: string;
	to: string;
	until: Date | null;
	timed: boolean;
	grouped: boolean;
	keys: readonly string[];
}

/** Settles what a query means at `now`; several of one answer share a snapshot. */
export async function asked(ctx: Ctx, query: TrendQuery, now: Date, snapshot?: Snapshot): Promise<Asked> {
	const at = snapshot ?? (await snapshotOf(ctx));
	const against = query.compare === 'year' ? 'year' : 'previous';
	const period = resolvePeriod(query.range, now, at.timeZone, against);
	const first = period.previousFrom < period.from ? period.previousFrom : period.from;
	const [rates, method] = await Promise.all([ratesFor(ctx, at, first, period.to), methodOf(ctx)]);
	const by = stepOf(query, daysBetween(period.from, period.to));
	return { ctx, query, at, period, by, rates, fifo: method === 'fifo' };
}

function stepOf(query: TrendQuery, days: number): Granularity {
	let by = query.by;
	if (by === 'hour' && (days > LONGEST.hour || isOfProfit(query.metric))) by = 'day';
	if (by === 'day' && days > LONGEST.day) by = 'week';
	if (by === 'week' && days > LONGEST.week) by = 'month';
	return by;
}

/** Rows of the metric's kind. A day that is cut at a clock time is read from the facts; profit is in whole days. */
export async function rowsOf(asked: Asked, wanted: Wanted): Promise<Row[]> {
	const { from, to, until } = wanted;
	if (isOfProfit(asked.query.metric)) return profitRows(asked, wanted);
	if (!until || asked.by === 'hour') return salesRows(asked, wanted, from, to, until);
	const parts = await Promise.all([
		from < to ? salesRows(asked, wanted, from, addDays(to, -1), null) : [],
		salesRows(asked, wanted, to, to, until)
	]);
	return parts.flat();
}

async function salesRows(
	asked: Asked,
	{ timed, grouped, keys }: Wanted,
	from: string,
	to: string,
	until: Date | null
): Promise<Row[]> {
	const { ctx, query, at } = asked;
	const cut: Cut = {
		dimension: grouped ? query.dimension : null,
		byProduct: query.products.length > 0,
		exactTime: until !== null || (timed && asked.by === 'hour'),
		netOnly: isNetOnly(query)
	};
	const params = { ...paramsOf(asked, from, to, until), keys: [...keys] };
	const questions = [
		...(query.metric === 'orders' ? [] : [moneyBy(cut, timed)]),
		...(query.metric === 'orders' || query.metric === 'average_order_value' ? [ordersBy(cut, timed)] : [])
	];
	const found = await Promise.all(
		questions.map((question) => ask(ctx, question, at, narrowingOf(query), shapeOf(asked), params))
	);
	return found.flat();
}

async function profitRows(asked: Asked, { from, to, timed, grouped, keys }: Wanted): Promise<Row[]> {
	const { ctx, query, at } = asked;
	const dimension = grouped && isProfitDimension(query.dimension) ? query.dimension : 'none';
	const params = { ...money(ctx, asked.rates), from, to, products: query.products };
	const by = asked.by === 'hour' ? 'day' : asked.by;
	const [earned, spent] = await Promise.all([
		ask(
			ctx,
			profitBy(dimension, timed, query.products.length > 0),
			at,
			narrowingOf(query),
			shapeOf(asked),
			params
		),
		dimension === 'none' || dimension === 'channel' ? adsOf(ctx, query, from, to, by) : null
	]);
	const ads = (spent?.rows ?? []).map((row) => ({
		...row,
		at: timed ? row.at : '',
		key: dimension === 'channel' ? row.channel : ''
	}));
	const rows = [...earned, ...ads];
	return keys.length === 0 ? rows : rows.filter((row) => keys.includes(row.key));
}

const isNetOnly = ({ metric }: TrendQuery) => metric === 'net_sales' || metric === 'orders';
const isProfitDimension = (dimension: string | null): dimension is 'channel' | 'category' | 'product' =>
	dimension === 'channel' || dimension === 'category' || dimension === 'product';

const RANKED: ReadonlySet<string> = new Set<Ranked>([
	'gross_sales',
	'discounts',
	'refunds',
	'net_sales',
	'units',
	'orders'
]);

/** The groups of one page and how many there are; null for a metric that is ranked from all its groups. */
export async function rankedGroups(
	asked: Asked,
	limit: number,
	offset: number
): Promise<{ keys: string[]; count: number } | null> {
	const { ctx, query, at, period } = asked;
	if (!RANKED.has(query.metric)) return null;
	const cut: Cut = {
		dimension: query.dimension,
		byProduct: query.products.length > 0,
		// from what the hours are read from: a group that the rollups do not know yet would be in the whole alone
		exactTime: asked.by === 'hour',
		netOnly: isNetOnly(query)
	};
	const question = rankedBy(cut, query.metric as Ranked, query.order);
	const params = { ...paramsOf(asked, period.from, period.to, null), limit, offset };
	const found = await ask(ctx, question, at, narrowingOf(query), shapeOf(asked), params);
	if (found.length === 0 && offset > 0) {
		const [first] = await ask(ctx, question, at, narrowingOf(query), shapeOf(asked), {
			...params,
			limit: 1,
			offset: 0
		});
		return { keys: [], count: first?.groups ?? 0 };
	}
	return { keys: found.map((row) => row.key), count: found[0]?.groups ?? 0 };
}

function paramsOf(asked: Asked, from: string, to: string, until: Date | null) {
	return {
		...money(asked.ctx, asked.rates),
		from,
		to,
		until: until ? until.getTime() / 1000 : FOREVER,
		zone: asked.at.timeZone,
		products: asked.query.products,
		keys: [] as string[],
		limit: MOST_GROUPS,
		offset: 0
	};
}

const narrowingOf = ({ channels, categories, countries, regions }: TrendQuery): Narrowing => ({
	channels,
	categories,
	countries,
	regions
});
const shapeOf = ({ rates, by, fifo }: Asked) => ({ converts: rates.converts, granularity: by, fifo });
