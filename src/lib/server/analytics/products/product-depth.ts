import { z } from 'zod';
import type { Filters } from '#lib/contracts/analytics.ts';
import { CHANNELS } from '#lib/contracts/channels.ts';
import type { ProductDepthView, ReviewTopic } from '#lib/contracts/product-analytics.ts';
import { require } from '../../identity/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { inOrganization } from '../../platform/db.ts';
import { NotFound } from '../../platform/errors.ts';
import { ask, snapshotOf, type Narrowing } from '../ask.ts';
import { money } from '../dashboard.ts';
import { average, shown } from '../exact.ts';
import { bucketStarts, daysBetween, localTime, resolvePeriod } from '../periods.ts';
import { methodOf } from '../profit.ts';
import { add, isNothing, marginOf, netOf, shownSums } from '../profit-sums.ts';
import { profitOverTime } from '../queries/profit.ts';
import { ratesFor } from '../rates.ts';
import { percentOf } from '../trends/values.ts';
import { besidesOf, namesOf } from './besides.ts';
import { earlierByProduct } from './earlier.ts';
import { performanceOf } from './performance.ts';

const EVERYTHING: Narrowing = { channels: [], categories: [], countries: [], regions: [] };
const DAILY = 31;
const WEEKLY = 400;

/**
 * One product in depth: its figures, their course, each channel's part, stock by place and what its reviews talk about.
 * @throws NotFound for a product of nobody or of another organization; Forbidden without analytics.read; Unavailable
 */
export async function productDepth(
	ctx: Ctx,
	productId: string,
	range: Filters['range'] = 'last-90-days',
	now = new Date()
): Promise<ProductDepthView> {
	require(ctx, 'analytics.read');
	const isId = z.uuid().safeParse(productId).success;
	const name = isId ? (await namesOf(ctx, [productId])).get(productId) : undefined;
	if (!name || (ctx.scope?.categories && !ctx.scope.categories.includes(name.category ?? '')))
		throw new NotFound('This product');
	const at = await snapshotOf(ctx);
	const resolved = resolvePeriod(range, now, at.timeZone);
	const { previousUntil: _cut, ...period } = resolved;
	const today = localTime(now, at.timeZone).day;
	const days = Math.max(1, daysBetween(period.from, period.to < today ? period.to : today));
	const by = days <= DAILY ? 'day' : days <= WEEKLY ? 'week' : 'month';
	const [rates, method] = await Promise.all([
		ratesFor(ctx, at, period.previousFrom, period.to),
		methodOf(ctx)
	]);
	const fifo = method === 'fifo';
	const shape = { converts: rates.converts, granularity: by, fifo } as const;
	const common = { ...money(ctx, rates), products: [productId] };
	const [course, before, besides, stock, reviews] = await Promise.all([
		ask(ctx, profitOverTime(true), at, EVERYTHING, shape, { ...common, from: period.from, to: period.to }),
		earlierByProduct(ctx, at, EVERYTHING, { rates, fifo, products: [productId] }, resolved),
		besidesOf(ctx, { from: period.from, to: period.to, channels: [] }, [productId]),
		stockOf(ctx, productId),
		reviewsOf(ctx, productId)
	]);
	const known = besides.get(productId) ?? { available: null, sessions: null, sessionUnits: null };
	return {
		performance: {
			...performanceOf(productId, add(course), before.get(productId) ?? add([]), known, days),
			...name
		},
		period,
		asOf: now.toISOString(),
		currency: ctx.organization.currency,
		by,
		series: bucketStarts(period.from, period.to, by).map((start) => {
			const sums = add(course.filter((row) => row.at === start));
			return {
				at: start,
				units: sums.units,
				netSales: shown(netOf(sums)),
				margin: shown(marginOf(sums)),
				marginPercent: percentOf(marginOf(sums), netOf(sums)),
				averagePrice: sums.units > 0 ? average(sums.gross, sums.units) : null,
				returnRate: percentOf(sums.refunds, sums.gross - sums.discounts)
			};
		}),
		channels: CHANNELS.map((channel) => ({
			channel,
			sums: add(course.filter((row) => row.channel === channel))
		}))
			.filter(({ sums }) => !isNothing(sums))
			.map(({ channel, sums }) => ({ channel, ...shownSums(sums) })),
		stock,
		reviews
	};
}

/** Pieces by active place; a manager's locations and channels only. */
async function stockOf(ctx: Ctx, productId: string): Promise<ProductDepthView['stock']> {
	const { channels = null, locations = null } = ctx.scope ?? {};
	return inOrganization(
		ctx.organization.id,
		({ sql }) => sql<ProductDepthView['stock']>`
		select l.name as location, c.channel, sum(s.available)::int as available, sum(s.incoming)::int as incoming
		from stock_levels s join locations l on l.id = s.location_id and l.organization_id = s.organization_id and l.is_active
		left join connections c on c.id = l.connection_id and c.organization_id = l.organization_id
		where s.organization_id = ${ctx.organization.id} and s.product_id = ${productId}
			and (${locations}::text[] is null or l.id::text = any(${locations}::text[]))
			and (${channels}::text[] is null or c.channel is null or c.channel = any(${channels}::text[]))
		group by l.id, l.name, c.channel order by available desc, l.name limit 50`
	);
}

/** Topics of Amazon's reviews of the product's ASINs, the most mentioned first. */
async function reviewsOf(ctx: Ctx, productId: string): Promise<ReviewTopic[]> {
	const channels = ctx.scope?.channels ?? null;
	return inOrganization(
		ctx.organization.id,
		({ sql }) => sql<ReviewTopic[]>`
		select distinct on (t.mentions, t.topic, t.sentiment) t.topic, t.sentiment, t.mentions, trim_scale(t.occurrence)::text as occurrence,
			trim_scale(t.star_impact)::text as star_impact, t.snippets
		from review_topics t join listings l on l.connection_id = t.connection_id and l.external_group_id = t.item and l.organization_id = t.organization_id
		join connections c on c.id = l.connection_id and c.organization_id = l.organization_id
		where t.organization_id = ${ctx.organization.id} and l.product_id = ${productId}
			and (${channels}::text[] is null or c.channel = any(${channels}::text[]))
		order by t.mentions desc nulls last, t.topic, t.sentiment limit 20`
	);
}
