import type { DashboardView, Filters, Totals } from '#lib/contracts/analytics.ts';
import { CHANNELS, type Channel } from '#lib/contracts/channels.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { Forbidden, Unavailable } from '../platform/errors.ts';
import { ask, snapshotOf, type Narrowing, type Snapshot } from './ask.ts';
import { answered } from './answers.ts';
import { average, exact, shown } from './exact.ts';
import { addDays, daysBetween, localTime, resolvePeriod, type ResolvedPeriod } from './periods.ts';
import { currencies, options } from './queries/options.ts';
import { productSales, productSalesUntil, topProducts } from './queries/products.ts';
import { ratesFor, type Rates } from './rates.ts';
import { salesOf, series, type Sums } from './series.ts';

/** Longest range by hour. */
const HOUR_DAYS = 7;
/** Longest range by day: three years of bars. */
const DAY_DAYS = 1100;
/** How far back the filter menus look at least, in days. */
const OPTION_DAYS = 400;
const TOP = 10;

/**
 * Everything the dashboard shows, as of one outbox position: all questions read the same snapshot. Money in the organization's
 * currency; rows of a currency without a rate count in orders and units, are left out of money and listed in `unconverted`.
 * @throws Forbidden without analytics.read; Unavailable when a store does not answer
 */
export async function dashboard(ctx: Ctx, filters: Filters, now = new Date()): Promise<DashboardView> {
	if (!ctx.permissions.has('analytics.read')) throw new Forbidden();
	const at = await snapshotOf(ctx);
	return answered(ctx, 'dashboard', at, filters, now, () => dashboardAt(ctx, at, filters, now));
}

async function dashboardAt(ctx: Ctx, at: Snapshot, filters: Filters, now: Date): Promise<DashboardView> {
	const { previousUntil, ...period } = resolvePeriod(filters.range, now, at.timeZone);
	const by = granularity(filters.by, daysBetween(period.from, period.to));
	const rates = await ratesFor(
		ctx,
		at,
		period.previousFrom < period.from ? period.previousFrom : period.from,
		period.to
	);
	const narrowing: Narrowing = filters;
	const asked = { ctx, at, narrowing, rates, by };
	const [current, previous, products, unconverted, menu] = await Promise.all([
		salesOf(asked, { from: period.from, to: period.to, until: null }),
		salesOf(asked, { from: period.previousFrom, to: period.previousTo, until: previousUntil }),
		products10(ctx, at, narrowing, rates, { ...period, previousUntil }),
		ask(
			ctx,
			currencies,
			at,
			narrowing,
			{ converts: rates.converts, granularity: by },
			{ from: period.from, to: period.to, ...money(ctx, rates) }
		),
		optionsOf(ctx, at, period)
	]);
	const sums = (rows: readonly Sums[]) => rows.reduce(add, none());
	return {
		position: at.position,
		asOf: now.toISOString(),
		currency: ctx.organization.currency,
		period,
		by,
		totals: totals(sums(current)),
		previous: totals(sums(previous)),
		series: series(period, by, current, previous),
		channels: CHANNELS.map((channel) => ({
			channel,
			now: sums(current.filter(of(channel))),
			before: sums(previous.filter(of(channel)))
		}))
			.filter(({ now, before }) => !isNothing(now) || !isNothing(before))
			.map(({ channel, now, before }) => ({
				channel,
				net: shown(net(now)),
				orders: now.orders,
				previousNet: shown(net(before))
			})),
		products,
		awaitingPrice: sums(current).orders - sums(current).priced,
		unconverted,
		options: menu
	};
}

function granularity(by: Filters['by'], days: number): Filters['by'] {
	if (by === 'hour' && days > HOUR_DAYS) return 'day';
	if (by === 'day' && days > DAY_DAYS) return 'month';
	return by;
}

/** What all questions about money take. */
export function money(ctx: Ctx, { rateCurrencies, rateDays, rates }: Rates) {
	return { currency: ctx.organization.currency, rateCurrencies, rateDays, rates };
}

async function products10(
	ctx: Ctx,
	at: Snapshot,
	narrowing: Narrowing,
	rates: Rates,
	period: ResolvedPeriod
): Promise<DashboardView['products']> {
	const shape = { converts: rates.converts, granularity: 'day' as const };
	const range = { ...money(ctx, rates), from: period.from, to: period.to };
	const found = await ask(ctx, topProducts, at, narrowing, shape, { ...range, limit: TOP });
	if (found.length === 0) return [];
	const earlier = await earlierSales(
		ctx,
		at,
		narrowing,
		rates,
		period,
		found.map((row) => row.productId)
	);
	const names = await inOrganization(
		ctx.organization.id,
		({ sql }) => sql<{ id: string; sku: string; title: string; category: string | null }[]>`
		select id, sku, title, category from products where organization_id = ${ctx.organization.id} and id = any(${found.map((row) => row.productId)}::uuid[])`
	);
	const byId = new Map(names.map((row) => [row.id, row]));
	return found.map((row) => {
		const product = byId.get(row.productId);
		const perChannel = CHANNELS.map((channel) => [channel, shown(exact(row[channel]))] as const).filter(
			([, value]) => value !== '0'
		);
		return {
			productId: row.productId,
			sku: product?.sku ?? '',
			title: product?.title ?? 'Removed product',
			category: product?.category ?? null,
			net: shown(exact(row.net)),
			units: row.units,
			previousNet: shown(earlier.get(row.productId) ?? 0n),
			byChannel: Object.fromEntries(perChannel)
		};
	});
}

/** Net sales of products in the period before; its last day is cut at the clock time while the period is running. */
async function earlierSales(
	ctx: Ctx,
	at: Snapshot,
	narrowing: Narrowing,
	rates: Rates,
	{ previousFrom, previousTo, previousUntil }: ResolvedPeriod,
	products: string[]
): Promise<Map<string, bigint>> {
	const shape = { converts: rates.converts, granularity: 'day' as const };
	const params = { ...money(ctx, rates), products };
	const wholeTo = previousUntil ? addDays(previousTo, -1) : previousTo;
	const parts = await Promise.all([
		previousFrom <= wholeTo
			? ask(ctx, productSales, at, narrowing, shape, { ...params, from: previousFrom, to: wholeTo })
			: [],
		previousUntil
			? ask(ctx, productSalesUntil, at, narrowing, shape, {
					...params,
					from: previousTo,
					to: previousTo,
					until: previousUntil.getTime() / 1000
				})
			: []
	]);
	const sums = new Map<string, bigint>();
	for (const row of parts.flat()) sums.set(row.productId, (sums.get(row.productId) ?? 0n) + exact(row.net));
	return sums;
}

/**
 * Channels, categories and places present in the data of the last 400 days, for filter menus of other pages. Empty while the figures
 * cannot be had: a list of PostgreSQL stands without them.
 * @throws Forbidden without analytics.read
 */
export async function filterOptions(ctx: Ctx, now = new Date()): Promise<DashboardView['options']> {
	if (!ctx.permissions.has('analytics.read')) throw new Forbidden();
	const today = localTime(now, ctx.organization.timeZone).day;
	try {
		return await optionsOf(ctx, await snapshotOf(ctx), { from: today, to: today });
	} catch (error) {
		if (!(error instanceof Unavailable)) throw error;
		return { channels: [], categories: [], countries: [], regions: [] };
	}
}

async function optionsOf(
	ctx: Ctx,
	at: Snapshot,
	{ from, to }: { from: string; to: string }
): Promise<DashboardView['options']> {
	const usual = addDays(to, -OPTION_DAYS);
	const everything: Narrowing = { channels: [], categories: [], countries: [], regions: [] };
	const found = await ask(
		ctx,
		options,
		at,
		everything,
		{ converts: false, granularity: 'day' },
		{
			from: from < usual ? from : usual, // whatever the range holds can be picked
			to,
			currency: ctx.organization.currency,
			rateCurrencies: [],
			rateDays: [],
			rates: []
		}
	);
	const values = (what: string) =>
		found
			.filter((row) => row.what === what)
			.map((row) => row.value)
			.sort();
	return {
		channels: CHANNELS.filter((channel) => values('channel').includes(channel)),
		categories: values('category'),
		countries: values('country'),
		regions: values('region')
	};
}

const of = (channel: Channel) => (row: Sums) => row.channel === channel;
const net = (sums: Sums) => sums.gross - sums.discounts - sums.refunds;
const none = (): Sums => ({
	at: '',
	channel: '',
	gross: 0n,
	discounts: 0n,
	refunds: 0n,
	units: 0,
	orders: 0,
	priced: 0,
	converted: 0
});
const isNothing = (sums: Sums) =>
	sums.orders === 0 && sums.units === 0 && sums.gross === 0n && sums.discounts === 0n && sums.refunds === 0n;

function add(a: Sums, b: Sums): Sums {
	return {
		at: '',
		channel: '',
		gross: a.gross + b.gross,
		discounts: a.discounts + b.discounts,
		refunds: a.refunds + b.refunds,
		units: a.units + b.units,
		orders: a.orders + b.orders,
		priced: a.priced + b.priced,
		converted: a.converted + b.converted
	};
}

function totals(sums: Sums): Totals {
	return {
		gross: shown(sums.gross),
		discounts: shown(sums.discounts),
		refunds: shown(sums.refunds),
		net: shown(net(sums)),
		orders: sums.orders,
		units: sums.units,
		averageOrder: sums.converted > 0 ? average(sums.gross - sums.discounts, sums.converted) : null
	};
}
