import type { LiveEvent } from '#lib/contracts/live.ts';
import type { OrdersState } from '#lib/components/filters/orders-url.ts';
import { daysOf } from '#lib/components/filters/url.ts';

/**
 * Ids of orders that an event brings to a list that does not show them yet. A search is not decided here: the list then says
 * nothing until it is asked again.
 */
export function arrivalsOf(
	event: LiveEvent,
	shown: OrdersState,
	today: string,
	known: ReadonlySet<string>
): string[] {
	if (shown.search !== '') return [];
	const range = shown.range === null ? null : daysOf(shown.range, today);
	const touches = (days: readonly string[]) =>
		range === null || days.some((day) => day >= range.from && day <= range.to);
	if (event.kind !== 'order' || event.change !== 'created' || known.has(event.order.id)) return [];
	const { order } = event;
	const fits =
		touches(event.days) &&
		(shown.channels.length === 0 || shown.channels.includes(order.channel)) &&
		(shown.statuses.length === 0 || shown.statuses.some((status) => status === order.status)) &&
		(shown.countries.length === 0 || shown.countries.includes(order.country ?? ''));
	return fits ? [order.id] : [];
}
