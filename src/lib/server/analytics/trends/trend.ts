import type { Dimension } from '#lib/contracts/metrics/declaration.ts';
import { metricOf } from '#lib/contracts/metrics/index.ts';
import {
	isOfProfit,
	TREND_PAGE,
	trendSchema,
	type TrendGroup,
	type TrendMetric,
	type TrendQuery,
	type TrendView
} from '#lib/contracts/trends.ts';
import { require } from '../../identity/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { Forbidden } from '../../platform/errors.ts';
import { parse } from '../../platform/parse.ts';
import { ask, type Snapshot } from '../ask.ts';
import { money } from '../dashboard.ts';
import { exact } from '../exact.ts';
import type { SummedRow } from '../profit-sums.ts';
import { currencies } from '../queries/options.ts';
import { slots } from '../series.ts';
import { asked, rankedGroups, rowsOf, type Asked, type Row } from './asked.ts';
import { labelsOf } from './labels.ts';
import type { TrendRow } from './questions.ts';
import { percentOf, profitValue, salesValue } from './values.ts';

/** Metrics whose parts add up to the whole, so that a share means something. */
const ADDS_UP: ReadonlySet<TrendMetric> = new Set<TrendMetric>([
	'gross_sales',
	'discounts',
	'refunds',
	'net_sales',
	'units',
	'contribution_margin',
	'cost_of_goods',
	'channel_fees',
	'shipping_income',
	'shipping_cost'
]);
/** Dimensions of which an order stands in one group, so that orders add up too. */
const ONE_GROUP: ReadonlySet<Dimension> = new Set<Dimension>(['channel', 'country', 'region', 'customer']);

/**
 * A metric over time, as one line and by the groups of a dimension (a page of them, by value), beside the period or the year
 * before. Money in the organization's currency. While the range is running, what it is compared with is
 * cut at the same clock time; metrics of profit are in whole days. New and returning customers are hidden from managers with limits.
 * @throws Invalid for a metric that cannot be split or narrowed so; Forbidden without analytics.read; Unavailable
 */
export async function trend(
	ctx: Ctx,
	input: unknown,
	now = new Date(),
	snapshot?: Snapshot
): Promise<TrendView> {
	require(ctx, 'analytics.read');
	const query = parse(trendSchema, input);
	if (query.dimension === 'customer' && ctx.scope) throw new Forbidden();
	const about = await asked(ctx, query, now, snapshot);
	const { period, by, at } = about;
	const comparing = query.compare !== 'none';
	const current = { from: period.from, to: period.to, until: null };
	const before = { from: period.previousFrom, to: period.previousTo, until: period.previousUntil };
	const whole = { timed: true, grouped: false, keys: [] };
	const [alone, sums, earlier, groups, unconverted] = await Promise.all([
		rowsOf(about, { ...current, ...whole }),
		// hours are read from facts, which may be a round ahead: the total is that of the position, as on the rest of a page
		by === 'hour' ? rowsOf(about, { ...current, ...whole, timed: false }) : null,
		comparing ? rowsOf(about, { ...before, ...whole }) : [],
		query.dimension ? groupsOf(about, query.dimension) : { groups: [], count: 0, all: null },
		withoutRate(about)
	]);
	const line = groups.all ?? alone;
	const value = (rows: readonly Row[]) => valueOf(query.metric, rows);
	const total = { value: value(groups.all ?? sums ?? alone), previous: comparing ? value(earlier) : null };
	const here = Map.groupBy(line, (row) => row.at);
	const then = Map.groupBy(earlier, (row) => row.at);
	const counterparts = new Map(
		slots(period.previousFrom, period.previousTo, by, period.timeZone).map((slot) => [slot.place, slot.key])
	);
	const { previousUntil: _cut, ...shownPeriod } = period;
	return {
		position: at.position,
		asOf: now.toISOString(),
		currency: ctx.organization.currency,
		metric: query.metric,
		unit: metricOf(query.metric).unit,
		dimension: query.dimension,
		by,
		period: shownPeriod,
		compare: query.compare,
		total,
		series: slots(period.from, period.to, by, period.timeZone).map(({ at: start, key, place }) => {
			const counterpart = counterparts.get(place);
			return {
				at: start,
				value: value(here.get(key) ?? []),
				previous: comparing && counterpart !== undefined ? value(then.get(counterpart) ?? []) : null
			};
		}),
		groups: groups.groups.map((group) => ({
			...group,
			share: ADDS_UP.has(query.metric) ? shareOf(group.value, total.value) : null
		})),
		groupCount: groups.count,
		page: query.page,
		pageSize: TREND_PAGE,
		unconverted
	};
}

/**
 * The first groups of a metric that adds up, without a course: what a page shows as ranked bars. `total` is the whole they are a share of.
 * The caller has checked the permission, and that the member may see the dimension.
 */
export async function partsOf(
	ctx: Ctx,
	query: TrendQuery & { dimension: Dimension },
	total: string | null,
	at: Snapshot,
	now: Date
): Promise<{ groups: Omit<TrendGroup, 'values'>[]; groupCount: number }> {
	const { groups, count, all } = await groupsOf(await asked(ctx, query, now, at), query.dimension, false);
	const whole = all ? valueOf(query.metric, all) : total;
	return {
		groups: groups.map(({ values: _values, ...group }) => ({ ...group, share: shareOf(group.value, whole) })),
		groupCount: count
	};
}

/**
 * One page of groups with their values, those before and, where `timed`, their course. `all`: the rows of the whole, where the groups come
 * from facts and add up to it. Facts may be a round ahead of the snapshot, so that a whole asked for apart would be another one.
 */
async function groupsOf(
	about: Asked,
	dimension: Dimension,
	timed = true
): Promise<{ groups: Omit<TrendGroup, 'share'>[]; count: number; all: Row[] | null }> {
	const { ctx, query, period, by } = about;
	const offset = (query.page - 1) * TREND_PAGE;
	const ranked = (await rankedGroups(about, TREND_PAGE, offset)) ?? (await rankedHere(about, offset));
	if (ranked.keys.length === 0) return { groups: [], count: ranked.count, all: null };
	const { keys } = ranked;
	const some = { grouped: true, keys };
	const [course, earlier, labels] = await Promise.all([
		rowsOf(about, { from: period.from, to: period.to, until: null, timed, ...some }),
		query.compare === 'none'
			? []
			: rowsOf(about, {
					from: period.previousFrom,
					to: period.previousTo,
					until: period.previousUntil,
					timed: false,
					...some
				}),
		labelsOf(ctx, dimension, keys)
	]);
	const before = Map.groupBy(earlier, (row) => row.key);
	const own = Map.groupBy(course, (row) => row.key);
	const steps = slots(period.from, period.to, by, period.timeZone);
	const fromFacts = dimension === 'customer' || (timed && by === 'hour');
	const addsUp = query.metric === 'orders' ? ONE_GROUP.has(dimension) : ADDS_UP.has(query.metric);
	return {
		count: ranked.count,
		all: fromFacts && addsUp && keys.length === ranked.count ? course : null,
		groups: keys.map((key) => {
			const rows = own.get(key) ?? [];
			const byStep = Map.groupBy(rows, (row) => row.at);
			return {
				key,
				...labels.get(key)!,
				value: valueOf(query.metric, rows),
				previous: query.compare === 'none' ? null : valueOf(query.metric, before.get(key) ?? []),
				values: timed ? steps.map((step) => valueOf(query.metric, byStep.get(step.key) ?? [])) : []
			};
		})
	};
}

/** Ranked from all groups: an average or a share is no sum that the store could order by. */
async function rankedHere(about: Asked, offset: number): Promise<{ keys: string[]; count: number }> {
	const { period, query } = about;
	const rows = await rowsOf(about, {
		from: period.from,
		to: period.to,
		until: null,
		timed: false,
		grouped: true,
		keys: []
	});
	const sign = query.order === 'asc' ? -1n : 1n;
	const found = [...Map.groupBy(rows, (row) => row.key)]
		.map(([key, own]) => ({ key, value: valueOf(query.metric, own) }))
		.filter((group): group is { key: string; value: string } => group.value !== null && group.value !== '0')
		.sort((a, b) => {
			const difference = (exact(b.value) - exact(a.value)) * sign;
			return difference === 0n ? (a.key < b.key ? -1 : 1) : difference > 0n ? 1 : -1;
		});
	return { keys: found.slice(offset, offset + TREND_PAGE).map((group) => group.key), count: found.length };
}

function valueOf(metric: TrendMetric, rows: readonly Row[]): string | null {
	return isOfProfit(metric)
		? profitValue(metric, rows as (Row & SummedRow)[])
		: salesValue(metric, rows as (Row & TrendRow)[]);
}

function shareOf(value: string | null, total: string | null): string | null {
	return value === null || total === null ? null : percentOf(exact(value), exact(total));
}

async function withoutRate({ ctx, at, query, rates, period }: Asked): Promise<string[]> {
	const { channels, categories, countries, regions } = query;
	const found = await ask(
		ctx,
		currencies,
		at,
		{ channels, categories, countries, regions },
		{ converts: rates.converts, granularity: 'day' },
		{ ...money(ctx, rates), from: period.from, to: period.to }
	);
	return found.map((row) => row.currency);
}
