import type { LiveOrder } from '#lib/contracts/live.ts';
import type { PendingEvent } from '../live/index.ts';
import { differences } from './figures.ts';
import type { DayDelta } from '#lib/contracts/live.ts';
import type { Prepared } from './prepare.ts';

/** Above this many changed orders of an organization in one commit, its pages ask again instead of adding up. */
export const SINGLE_EVENTS = 50;

/** One order that a batch changed. */
export interface Changed {
	id: string;
	change: 'created' | 'updated';
	prepared: Prepared;
	/** What it added to each day before. */
	before: DayDelta[];
	/** Of its lines, before and after. */
	categories: string[];
}

/** Events for the outbox: one per changed order, or one for all of an organization when there are more than 50. */
export function eventsOf(changed: readonly Changed[]): PendingEvent[] {
	const events: PendingEvent[] = [];
	for (const [organizationId, own] of Map.groupBy(changed, ({ prepared }) => prepared.entry.organizationId)) {
		if (own.length > SINGLE_EVENTS) events.push(eventOfMany(organizationId, own));
		else events.push(...own.map((one) => eventOfOne(organizationId, one)));
	}
	return events;
}

function eventOfOne(
	organizationId: string,
	{ id, change, prepared, before, categories }: Changed
): PendingEvent {
	const { channel } = prepared.entry;
	return {
		kind: 'order',
		organizationId,
		subjectId: id,
		change,
		order: liveOrder(id, prepared),
		deltas: differences(before, prepared.figures),
		days: daysOf([{ prepared, before }]),
		dimensions: { channel, categories, locations: [], country: countryOf(prepared) }
	};
}

function eventOfMany(organizationId: string, own: readonly Changed[]): PendingEvent {
	const channels = new Set(own.map(({ prepared }) => prepared.entry.channel));
	return {
		kind: 'orders',
		organizationId,
		subjectId: null,
		orderIds: own.map(({ id }) => id),
		days: daysOf(own),
		dimensions: {
			channel: channels.size === 1 ? [...channels][0]! : null,
			categories: [...new Set(own.flatMap(({ categories }) => categories))].sort(),
			locations: [],
			country: null
		}
	};
}

/** All days the orders touch, before and after, sorted. */
function daysOf(changed: readonly Pick<Changed, 'prepared' | 'before'>[]): string[] {
	const days = new Set<string>();
	for (const { prepared, before } of changed)
		for (const { day } of [...before, ...prepared.figures]) days.add(day);
	return [...days].sort();
}

function liveOrder(id: string, prepared: Prepared): LiveOrder {
	const { channel, order } = prepared.entry;
	return {
		id,
		name: order.name,
		channel,
		kind: prepared.kind,
		status: order.status,
		placedAt: order.placedAt,
		summary: prepared.summary,
		units: prepared.units,
		total: order.total,
		net: prepared.net,
		currency: order.currency,
		city: order.address?.city ?? null,
		country: countryOf(prepared),
		region: order.address?.region ?? null
	};
}

/** What an order is filtered by: the country's code, or the channel's word for it where it has none ("Unspecified"). */
function countryOf({ entry: { order } }: Prepared): string | null {
	return order.address?.country ?? order.address?.countryName ?? null;
}
