import type { Filters, Granularity } from '#lib/contracts/analytics.ts';
import { CHANNELS } from '#lib/contracts/channels.ts';
import type { OrderProfit, ProfitOfProduct, ProfitView } from '#lib/contracts/profit.ts';
import { require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { ask, snapshotOf, type Narrowing, type Snapshot } from './ask.ts';
import { money } from './dashboard.ts';
import { shown } from './exact.ts';
import { bucketStarts, daysBetween, localTime, resolvePeriod } from './periods.ts';
import { adsOf } from './ads.ts';
import { profitByProduct, profitOfOrder, profitOverTime, profitUnconverted } from './queries/profit.ts';
import { add, isNothing, marginOf, netOf, shownSums, type Sums } from './profit-sums.ts';
import { ratesFor } from './rates.ts';

/** Longest range by day and by week: what a chart can show. */
const DAY_DAYS = 120;
const WEEK_DAYS = 800;
const LISTED = 200;
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** What profit is asked for: the dashboard's filters without places, and single products. */
export type ProfitFilters = Pick<Filters, 'range' | 'by' | 'channels' | 'categories'> & {
	products?: readonly string[];
};

/**
 * From gross to contribution margin, by bucket, channel and product, as of one outbox position. Money in the organization's currency
 * at the rate of each order's day; costs of goods are those of the order's day. What has no rate is in no sum and listed in its own
 * currency; pieces without a cost are counted. The previous period is in whole days.
 * Verbs of which profit is a part give the snapshot that all their parts share.
 * @throws Forbidden without analytics.read; Unavailable when a store does not answer
 */
export async function profit(
	ctx: Ctx,
	filters: ProfitFilters,
	now = new Date(),
	snapshot?: Snapshot
): Promise<ProfitView> {
	require(ctx, 'analytics.read');
	const at = snapshot ?? (await snapshotOf(ctx));
	const { previousUntil: _cut, ...period } = resolvePeriod(filters.range, now, at.timeZone);
	const by = granularity(filters.by, daysBetween(period.from, period.to));
	const first = period.previousFrom < period.from ? period.previousFrom : period.from;
	const [rates, costMethod] = await Promise.all([ratesFor(ctx, at, first, period.to), methodOf(ctx)]);
	const narrowing: Narrowing = { ...filters, countries: [], regions: [] };
	const shape = { converts: rates.converts, granularity: by, fifo: costMethod === 'fifo' };
	const common = { ...money(ctx, rates), products: [...(filters.products ?? [])] };
	const range = { ...common, from: period.from, to: period.to };
	const byProduct = (filters.products?.length ?? 0) > 0;
	const [current, previous, products, unconverted, spent, spentBefore] = await Promise.all([
		ask(ctx, profitOverTime(byProduct), at, narrowing, shape, range),
		ask(ctx, profitOverTime(byProduct), at, narrowing, shape, {
			...common,
			from: period.previousFrom,
			to: period.previousTo
		}),
		ask(ctx, profitByProduct, at, narrowing, shape, { ...range, limit: LISTED }),
		ask(ctx, profitUnconverted(byProduct), at, narrowing, shape, range),
		adsOf(ctx, filters, period.from, period.to, by),
		adsOf(ctx, filters, period.previousFrom, period.previousTo, by)
	]);
	const all = [...current, ...spent.rows];
	return {
		position: at.position,
		asOf: now.toISOString(),
		currency: ctx.organization.currency,
		period,
		by,
		totals: shownSums(add(all)),
		previous: shownSums(add([...previous, ...spentBefore.rows])),
		series: bucketStarts(period.from, period.to, by).map((start) => {
			const sums = add(all.filter((row) => row.at === start));
			return { at: start, net: shown(netOf(sums)), margin: shown(marginOf(sums)) };
		}),
		channels: CHANNELS.map((channel) => ({
			channel,
			sums: add(all.filter((row) => row.channel === channel))
		}))
			.filter(({ sums }) => !isNothing(sums))
			.map(({ channel, sums }) => ({ channel, ...shownSums(sums) })),
		products: await named(
			ctx,
			products.map((row) => ({ productId: row.productId, sums: add([row]) }))
		),
		moreProducts: (products[0]?.products ?? 0) - products.length,
		rates: rates.used,
		unconverted,
		unconvertedAds: spent.unconverted,
		unitsWithUnconvertedCost: current.reduce((sum, row) => sum + row.costUnconverted, 0),
		costMethod
	};
}

/**
 * What one order leaves over, in the organization's currency at the rate and the costs of its day; null while it is in no figure: not
 * yet applied, of a kind that does not count, out of the member's scope, or its money has no rate.
 * @throws Forbidden without analytics.read; Unavailable when a store does not answer
 */
export async function orderProfit(ctx: Ctx, orderId: string, now = new Date()): Promise<OrderProfit | null> {
	require(ctx, 'analytics.read');
	const [order] = await inOrganization(
		ctx.organization.id,
		({ sql }) => sql<{ placedAt: Date; currency: string }[]>`
		select placed_at, currency from orders where organization_id = ${ctx.organization.id} and id::text = ${orderId}`
	);
	if (!order) return null;
	const at = await snapshotOf(ctx);
	const { day } = localTime(order.placedAt, at.timeZone);
	const [rates, costMethod] = await Promise.all([ratesFor(ctx, at, day, day), methodOf(ctx)]);
	const shape = { converts: rates.converts, granularity: 'day' as const, fifo: costMethod === 'fifo' };
	const everything: Narrowing = { channels: [], categories: [], countries: [], regions: [] };
	const { currency } = ctx.organization;
	const used = rates.used.find((one) => one.currency === order.currency) ?? null;
	if (order.currency !== currency && !used) return null;
	const [row] = await ask(ctx, profitOfOrder, at, everything, shape, {
		...money(ctx, rates),
		order: orderId
	});
	if (!row || row.rows === 0) return null;
	return {
		asOf: now.toISOString(),
		currency,
		sums: shownSums(add([row])),
		rate: order.currency === currency ? null : used
	};
}

function granularity(by: Granularity, days: number): Exclude<Granularity, 'hour'> {
	if (by === 'hour') return 'day';
	if (by === 'day' && days > DAY_DAYS) return days > WEEK_DAYS ? 'month' : 'week';
	return by === 'week' && days > WEEK_DAYS ? 'month' : by;
}

/** How the organization values what it sells. */
export async function methodOf(ctx: Ctx): Promise<ProfitView['costMethod']> {
	const [row] = await inOrganization(
		ctx.organization.id,
		({ sql }) => sql<{ method: ProfitView['costMethod'] }[]>`
		select method from cost_settings where organization_id = ${ctx.organization.id}`
	);
	return row?.method ?? 'average';
}

async function named(
	ctx: Ctx,
	rows: readonly { productId: string; sums: Sums }[]
): Promise<ProfitOfProduct[]> {
	const names = await inOrganization(
		ctx.organization.id,
		({ sql }) => sql<{ id: string; sku: string; title: string; category: string | null }[]>`
		select id, sku, title, category from products where organization_id = ${ctx.organization.id} and id = any(${rows.map((row) => row.productId)}::uuid[])`
	);
	const byId = new Map(names.map((row) => [row.id, row]));
	return rows.map(({ productId, sums }) => {
		const product = byId.get(productId);
		return {
			productId: productId === NOBODY ? null : productId,
			sku: product?.sku ?? '',
			title: product?.title ?? (productId === NOBODY ? 'No product' : 'Removed product'),
			category: product?.category ?? null,
			...shownSums(sums)
		};
	});
}
