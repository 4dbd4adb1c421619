import type { Filters, Granularity } from '#lib/contracts/analytics.ts';
import type { Channel } from '#lib/contracts/channels.ts';
import type { Ctx } from '../platform/ctx.ts';
import { adSpendBetween } from './customers/spend-sums.ts';
import { bucketStart } from './periods.ts';
import type { SummedRow } from './profit-sums.ts';

/** A row of profit in which nothing happened. */
export const NOTHING = {
	gross: '0',
	discounts: '0',
	refunds: '0',
	shipping: '0',
	shipping_refunds: '0',
	fees: '0',
	fees_estimated: '0',
	labels: '0',
	labels_estimated: '0',
	other: '0',
	cogs: '0',
	units: 0,
	uncosted: 0,
	costUnconverted: 0,
	unreceived: 0
};

/**
 * Ad spend as rows of profit, by bucket and channel. None for some categories or products: spend is known by channel only, and a part
 * of it would be made up.
 */
export async function adsOf(
	ctx: Ctx,
	filters: Pick<Filters, 'channels' | 'categories'> & { products?: readonly string[] },
	from: string,
	to: string,
	by: Exclude<Granularity, 'hour'>
): Promise<{
	rows: (SummedRow & { at: string; channel: Channel })[];
	unconverted: { currency: string; amount: string }[];
}> {
	if (filters.categories.length + (filters.products?.length ?? 0) > 0 || ctx.scope?.categories)
		return { rows: [], unconverted: [] };
	const spent = await adSpendBetween(ctx, from, to, filters.channels);
	return {
		rows: spent.rows.map(({ day, channel, amount }) => ({
			...NOTHING,
			at: bucketStart(day, by),
			channel,
			ads: amount
		})),
		unconverted: spent.unconverted
	};
}
