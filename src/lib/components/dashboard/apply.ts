import type { Bucket, ChannelShare, DashboardView, Filters, Totals } from '#lib/contracts/analytics.ts';
import type { DayDelta, LiveEvent } from '#lib/contracts/live.ts';
import { add, divide } from '#lib/components/format/exact.ts';

type OrderEvent = LiveEvent & { kind: 'order' };

/**
 * What an event means for the figures on screen: `view` with its changes where they are known exactly, and whether the figures
 * must be asked for again (they always are for what an event does not carry: products, previous period, other currencies).
 */
export function applyEvent(
	view: DashboardView,
	filters: Filters,
	event: LiveEvent,
	localHour: (instant: string) => string
): { view: DashboardView; ask: boolean } {
	if (event.kind === 'rates') return { view, ask: true };
	// a day has begun since the page was rendered: a range that moves with the day moves on
	const isNewDay =
		'days' in event &&
		typeof filters.range === 'string' &&
		view.period.running &&
		event.days.some((day) => day > view.period.to);
	if (isNewDay) return { view, ask: true };
	if (event.kind === 'orders') return { view, ask: event.days.some((day) => touches(view, day)) };
	if (event.kind === 'product') return { view, ask: true }; // a category or a title may have changed
	if (event.kind !== 'order') return { view, ask: false };
	const deltas = event.deltas.filter(({ day }) => day >= view.period.from && day <= view.period.to);
	if (!event.days.some((day) => touches(view, day))) return { view, ask: false };
	// shipped, or renamed: no figure moves, unless its address decides whether the order belongs here
	if (event.deltas.length === 0 && filters.countries.length === 0 && filters.regions.length === 0)
		return { view, ask: false };
	const exact =
		filters.categories.length === 0 &&
		filters.regions.length === 0 &&
		// a place without an ISO code is known by the channel's word for it, which events do not carry
		(filters.countries.length === 0 || event.order.country !== null) &&
		deltas.every(({ currency }) => currency === view.currency);
	if (!exact || !matches(event, filters)) return { view, ask: !exact };
	return {
		view: deltas.reduce(
			(next, delta) => applyDelta(next, event, delta, localHour),
			withPriceCount(view, event, deltas)
		),
		ask: true
	};
}

/** Whether the order is among those the page shows. Categories and regions of lines are not known here. */
export function matches({ order }: OrderEvent, { channels, countries }: Filters): boolean {
	return (
		(channels.length === 0 || channels.includes(order.channel)) &&
		(countries.length === 0 || countries.includes(order.country ?? ''))
	);
}

/** The place of a day (or, for hours, of an instant) in the series; -1 where the chart does not have it. */
export function bucketIndex(series: readonly Bucket[], at: string): number {
	let found = -1;
	for (let index = 0; index < series.length && series[index]!.at.slice(0, at.length) <= at; index++)
		found = index;
	return found;
}

function touches({ period }: DashboardView, day: string): boolean {
	return day >= period.previousFrom && day <= period.to;
}

/** A new order without a price counts in orders, and is said to wait for one. */
function withPriceCount(view: DashboardView, event: OrderEvent, deltas: readonly DayDelta[]): DashboardView {
	const isNew =
		event.change === 'created' && event.order.net === null && deltas.some(({ orders }) => orders > 0);
	return isNew ? { ...view, awaitingPrice: view.awaitingPrice + 1 } : view;
}

function applyDelta(
	view: DashboardView,
	event: OrderEvent,
	delta: DayDelta,
	localHour: (instant: string) => string
): DashboardView {
	const { channel } = event.order;
	// an hour is known for the order itself, not for a refund, which has its own instant
	const at = view.by === 'hour' ? (delta.orders > 0 ? localHour(event.order.placedAt) : null) : delta.day;
	const index = at === null ? -1 : bucketIndex(view.series, at);
	return {
		...view,
		totals: withDelta(
			view.totals,
			delta,
			view.awaitingPrice + sum(view.unconverted.map(({ orders }) => orders))
		),
		series: view.series.map((bucket, each) =>
			each !== index
				? bucket
				: {
						...bucket,
						net: add(bucket.net, delta.net),
						orders: bucket.orders + delta.orders,
						units: bucket.units + delta.units,
						byChannel: { ...bucket.byChannel, [channel]: add(bucket.byChannel[channel] ?? '0', delta.net) }
					}
		),
		channels: withShare(view.channels, { channel, net: delta.net, orders: delta.orders, previousNet: '0' })
	};
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

/** `unpriced` orders count, and have no part in the average: their money is not known in this currency. */
function withDelta(totals: Totals, delta: DayDelta, unpriced: number): Totals {
	const gross = add(totals.gross, delta.gross);
	const discounts = add(totals.discounts, delta.discounts);
	const orders = totals.orders + delta.orders;
	return {
		gross,
		discounts,
		orders,
		refunds: add(totals.refunds, delta.refunds),
		net: add(totals.net, delta.net),
		units: totals.units + delta.units,
		averageOrder: divide(add(gross, negated(discounts)), orders - unpriced)
	};
}

const negated = (amount: string) => (amount.startsWith('-') ? amount.slice(1) : `-${amount}`);

function withShare(channels: readonly ChannelShare[], more: ChannelShare): ChannelShare[] {
	if (!channels.some(({ channel }) => channel === more.channel)) return [...channels, more];
	return channels.map((share) =>
		share.channel === more.channel
			? { ...share, net: add(share.net, more.net), orders: share.orders + more.orders }
			: share
	);
}
