import type { Filters, Period } from '#lib/contracts/analytics.ts';
import { CHANNELS, type Channel } from '#lib/contracts/channels.ts';
import type { ChannelEconomics, CustomersView } from '#lib/contracts/customers.ts';
import { average, exact, shown } from '../exact.ts';
import { profit } from '../profit.ts';
import type { Asked } from './asked.ts';
import { expectedCurve } from './chain-ladder.ts';
import { trianglesOf, type CohortRows } from './projections.ts';
import { estimate, ratio } from './ratios.ts';
import { adSpendBetween } from './spend-sums.ts';

interface Given {
	range: Filters['range'];
	period: Period;
	channels: readonly Channel[];
	counts: readonly { channel: string; customers: number }[];
	net: readonly { channel: string; net: string }[];
	rows: CohortRows;
	/** New customers of the range by channel of the first order. */
	bought: readonly { channel: string; customers: number }[];
}

/**
 * What a new customer cost in ads and is worth, by the channel of the first order. CAC is blended: all ad spend of a channel in the range over
 * all its new customers, whether an ad brought them or not. Margin before ads, since these are on the other side of the ratio. A
 * channel without known buyers has spend and no CAC.
 */
export async function economicsOf(
	asked: Asked,
	given: Given
): Promise<Pick<CustomersView, 'channels' | 'spend'>> {
	const { ctx, now, today } = asked;
	const { period, channels } = given;
	const { rows: spend } = await adSpendBetween(ctx, period.from, period.to, channels);
	const margins = spend.length > 0 ? await marginsOf(asked, given.range, now) : new Map<string, bigint>();
	const rows = CHANNELS.map((channel): ChannelEconomics => {
		const of = <T extends { channel: string }>(list: readonly T[]) =>
			list.filter((row) => row.channel === channel);
		const customers = of(given.counts).reduce((sum, row) => sum + row.customers, 0);
		const net = of(given.net).reduce((sum, row) => sum + exact(row.net), 0n);
		const newCustomers = of(given.bought).reduce((sum, row) => sum + row.customers, 0);
		const own = of(spend);
		const paid = own.reduce((sum, row) => sum + row.amount, 0n);
		const expected = expectedCurve(trianglesOf(given.rows, today, channel))?.at(-1)?.perCustomer ?? null;
		const worth = worthOf(expected, own.length > 0 ? paid : null, newCustomers);
		const margin = margins.get(channel);
		return {
			channel,
			customers,
			realisedLtv: customers > 0 ? average(net, customers) : null,
			newCustomers,
			spend: own.length > 0 ? shown(paid) : null,
			projectedLtv: estimate(expected),
			cac: worth.cac,
			ltvToCac: worth.ltvToCac,
			marginToCac:
				worth.ltvToCac === null || margin === undefined || expected === null
					? null
					: ratio(exact(expected.toFixed(4)) * BigInt(newCustomers) * margin, paid * 10_000n)
		};
	}).filter((row) => row.customers > 0 || row.spend !== null);
	// spend of channels without known buyers brought none of the customers counted here
	const counted = rows.filter((row) => row.customers > 0);
	const paid = spend
		.filter((row) => counted.some(({ channel }) => channel === row.channel))
		.reduce((sum, row) => sum + row.amount, 0n);
	const expected = expectedCurve(trianglesOf(given.rows, today, null))?.at(-1)?.perCustomer ?? null;
	const newCustomers = counted.reduce((sum, row) => sum + row.newCustomers, 0);
	const worth = worthOf(expected, spend.length > 0 ? paid : null, newCustomers);
	return {
		channels: rows,
		spend: {
			total: spend.length > 0 ? shown(spend.reduce((sum, row) => sum + row.amount, 0n)) : null,
			cac: worth.cac,
			ltvToCac: worth.ltvToCac
		}
	};
}

function worthOf(expected: number | null, paid: bigint | null, newCustomers: number) {
	return {
		cac: paid === null || newCustomers === 0 ? null : average(paid, newCustomers),
		ltvToCac:
			paid === null || expected === null
				? null
				: ratio(exact(expected.toFixed(4)) * BigInt(newCustomers), paid)
	};
}

/** Contribution margin before ads over net sales of the range by channel, in ten-thousandths; a channel that sold nothing has none. */
async function marginsOf(
	{ ctx, at }: Asked,
	range: Filters['range'],
	now: Date
): Promise<Map<string, bigint>> {
	const { channels } = await profit(ctx, { range, by: 'month', channels: [], categories: [] }, now, at);
	return new Map(
		channels.flatMap((row) => {
			const [net, margin] = [exact(row.net), exact(row.margin) + exact(row.ads ?? '0')];
			return net > 0n ? [[row.channel, (margin * 10_000n) / net] as const] : [];
		})
	);
}
