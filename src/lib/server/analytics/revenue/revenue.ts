import type { Dimension } from '#lib/contracts/metrics/declaration.ts';
import { revenueSchema, type RevenueView } from '#lib/contracts/revenue.ts';
import { trendSchema } from '#lib/contracts/trends.ts';
import { require } from '../../identity/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { parse } from '../../platform/parse.ts';
import { profit } from '../profit.ts';
import { snapshotOf } from '../ask.ts';
import { partsOf, trend } from '../trends/trend.ts';

/**
 * Revenue of a range: gross to net to contribution margin in all, by channel and product (`profit`), and net sales over time and by
 * category, country, region and new against returning customers, each beside the period before.
 * @throws Invalid; Forbidden without analytics.read; Unavailable when a store does not answer
 */
export async function revenue(ctx: Ctx, input: unknown, now = new Date()): Promise<RevenueView> {
	require(ctx, 'analytics.read');
	const query = parse(revenueSchema, input);
	const at = await snapshotOf(ctx); // one for all: else parts add up to another whole while orders come in
	const [earned, sales] = await Promise.all([
		profit(ctx, query, now, at),
		trend(ctx, { ...query, metric: 'net_sales' }, now, at)
	]);
	const by = (dimension: Dimension) =>
		partsOf(
			ctx,
			{ ...trendSchema.parse({ ...query, metric: 'net_sales', by: 'month' }), dimension },
			sales.total.value,
			at,
			now
		);
	const [categories, countries, regions, customers] = await Promise.all([
		by('category'),
		by('country'),
		by('region'),
		ctx.scope ? null : by('customer')
	]);
	const { by: step, total, series, period } = sales;
	return {
		profit: earned,
		sales: { by: step, total, series, period },
		categories,
		countries,
		regions,
		customers
	};
}
