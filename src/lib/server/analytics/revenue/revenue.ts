import type { Dimension } from '#lib/contracts/metrics/declaration.ts';
import { revenueSchema, type RevenuePart, type RevenueView } from '#lib/contracts/revenue.ts';
import type { TrendView } from '#lib/contracts/trends.ts';
import { require } from '../../identity/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { parse } from '../../platform/parse.ts';
import { profit } from '../profit.ts';
import { trend } from '../trends/trend.ts';

/**
 * Revenue of a range: gross to net to contribution margin in all, by channel and product (`profit`), and net sales over time and by
 * category, country, region and new against returning customers, each beside the period before.
 * @throws Invalid; Forbidden without analytics.read; Unavailable when a store does not answer
 */
export async function revenue(ctx: Ctx, input: unknown, now = new Date()): Promise<RevenueView> {
	require(ctx, 'analytics.read');
	const query = parse(revenueSchema, input);
	const by = (dimension: Dimension) =>
		trend(ctx, { ...query, by: 'month', metric: 'net_sales', dimension }, now).then(partOf);
	const [earned, sales, categories, countries, regions, customers] = await Promise.all([
		profit(ctx, query, now),
		trend(ctx, { ...query, metric: 'net_sales' }, now),
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

function partOf({ groups, groupCount }: TrendView): RevenuePart {
	return { groups: groups.map(({ values: _values, ...group }) => group), groupCount };
}
