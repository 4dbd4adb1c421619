import {
	productAnalyticsSchema,
	PRODUCTS_PAGE,
	type ProductAnalyticsQuery,
	type ProductAnalyticsView
} from '#lib/contracts/product-analytics.ts';
import { require } from '../../identity/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { parse } from '../../platform/parse.ts';
import { ask, snapshotOf, type Narrowing } from '../ask.ts';
import { money } from '../dashboard.ts';
import { daysBetween, localTime, resolvePeriod } from '../periods.ts';
import { methodOf } from '../profit.ts';
import { add, isNothing } from '../profit-sums.ts';
import { profitBy } from '../queries/profit.ts';
import { ratesFor } from '../rates.ts';
import { besidesOf, namesOf } from './besides.ts';
import { earlierByProduct } from './earlier.ts';
import { performanceOf, ranked } from './performance.ts';

const NOBODY = '00000000-0000-0000-0000-000000000000';
const UNKNOWN = { available: null, sessions: null, sessionUnits: null };

/**
 * How products do over a range: a page of them, best or worst first by any figure. Money in the organization's currency; units are
 * those of orders whose price is known. While the range is running, the period before is cut at the same clock time. Stock is of now,
 * whatever the range.
 * @throws Invalid; Forbidden without analytics.read; Unavailable when a store does not answer
 */
export async function productAnalytics(
	ctx: Ctx,
	input: unknown,
	now = new Date()
): Promise<ProductAnalyticsView> {
	require(ctx, 'analytics.read');
	const query = parse(productAnalyticsSchema, input);
	const at = await snapshotOf(ctx);
	const resolved = resolvePeriod(query.range, now, at.timeZone);
	const { previousUntil: _cut, ...period } = resolved;
	const today = localTime(now, at.timeZone).day;
	const days = Math.max(1, daysBetween(period.from, period.to < today ? period.to : today));
	const first = period.previousFrom < period.from ? period.previousFrom : period.from;
	const [rates, method] = await Promise.all([ratesFor(ctx, at, first, period.to), methodOf(ctx)]);
	const fifo = method === 'fifo';
	const shape = { converts: rates.converts, granularity: 'day' as const, fifo };
	const narrowing = narrowingOf(query);
	const [current, before, besides] = await Promise.all([
		ask(ctx, profitBy('product', false, false), at, narrowing, shape, {
			...money(ctx, rates),
			from: period.from,
			to: period.to,
			products: []
		}),
		earlierByProduct(ctx, at, narrowing, { rates, fifo, products: [] }, resolved),
		besidesOf(ctx, { from: period.from, to: period.to, channels: query.channels })
	]);
	const figures = current
		.filter((row) => row.key !== NOBODY && !isNothing(add([row])))
		.map((row) => {
			const known = besides.get(row.key) ?? UNKNOWN;
			return performanceOf(row.key, add([row]), before.get(row.key) ?? add([]), known, days);
		});
	const offset = (query.page - 1) * PRODUCTS_PAGE;
	const page = ranked(figures, query.sort, query.order).slice(offset, offset + PRODUCTS_PAGE);
	const names = await namesOf(
		ctx,
		page.map((row) => row.productId)
	);
	return {
		position: at.position,
		asOf: now.toISOString(),
		currency: ctx.organization.currency,
		period,
		days,
		products: page.map((row) => {
			const name = names.get(row.productId);
			return {
				...row,
				sku: name?.sku ?? '',
				title: name?.title ?? 'Removed product',
				category: name?.category ?? null,
				channels: name?.channels ?? []
			};
		}),
		count: figures.length,
		page: query.page,
		pageSize: PRODUCTS_PAGE,
		sort: query.sort,
		order: query.order
	};
}

const narrowingOf = ({ channels, categories }: ProductAnalyticsQuery): Narrowing => ({
	channels,
	categories,
	countries: [],
	regions: []
});
