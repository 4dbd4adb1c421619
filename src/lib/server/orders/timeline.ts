import type { RefundView, TimelineEntry } from '#lib/contracts/orders.ts';

/** What the channel told, together with what the order itself says (placed, cancelled, refunded), in order of time. */
export function timelineOf(
	order: { placedAt: Date; cancelledAt: Date | null },
	refunds: readonly RefundView[],
	events: readonly {
		kind: string;
		at: Date;
		receivedAt: Date;
		source: string;
		data: Record<string, unknown>;
	}[]
): TimelineEntry[] {
	const told: TimelineEntry[] = events.map((event) => ({
		...event,
		at: event.at.toISOString(),
		receivedAt: event.receivedAt.toISOString()
	}));
	const own = (kind: string, at: string, data: Record<string, unknown> = {}): TimelineEntry[] =>
		told.some((event) => event.kind === kind && event.at === at)
			? []
			: [{ kind, at, receivedAt: null, source: null, data }];
	return [
		...own('placed', order.placedAt.toISOString()),
		...told,
		...refunds.flatMap((refund) =>
			own('refunded', refund.refundedAt, refund.total === null ? {} : { total: refund.total })
		),
		...(order.cancelledAt ? own('cancelled', order.cancelledAt.toISOString()) : [])
	].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
