import { hash } from 'node:crypto';
import type { DayDelta } from '#lib/contracts/live.ts';
import { sum } from './decimal.ts';
import { figuresByDay } from './figures.ts';
import { decideKind, type OrderKind } from './kind.ts';
import type { ChannelOrder } from './channel-order.ts';
import type { OrderEntry } from './record-types.ts';

/** An entry with everything about it that needs no database. */
export interface Prepared {
	entry: OrderEntry;
	/** Milliseconds of the channel's version. */
	version: number;
	contentHash: string;
	kind: OrderKind;
	/** The channel told prices of all that was sold. */
	priceKnown: boolean;
	gross: string | null;
	discounts: string;
	refunded: string;
	units: number;
	summary: string;
	figures: DayDelta[];
	net: string | null;
}

/** Reads an entry once: kind, sums, figures per day. Pure. */
export function prepare(entry: OrderEntry): Prepared {
	const { order } = entry;
	const kind = decideKind(order);
	const priceKnown =
		order.priceKnown &&
		order.lines.every((line) => line.gross !== null || line.quantity === 0 || line.isGiftCard);
	const figures = figuresByDay({ ...order, kind, priceKnown }, entry.timeZone);
	const refundLines = order.refunds.flatMap((refund) =>
		refund.lines.filter((line) => line.kind !== 'shipping')
	);
	return {
		entry,
		version: Date.parse(order.updatedAt),
		contentHash: contentHash(order),
		kind,
		priceKnown,
		gross: priceKnown ? sum(order.lines.map((line) => line.gross ?? '0')) : null,
		discounts: sum(order.lines.map((line) => line.discount)),
		refunded: sum(refundLines.map((line) => line.amount)),
		units: order.lines.reduce((total, line) => total + (line.isGiftCard ? 0 : line.quantity), 0),
		summary: summaryOf(order),
		figures,
		net: kind === 'sale' && !priceKnown ? null : sum(figures.map((day) => day.net))
	};
}

/** Same content, same hash: without the version, the raw payload and the timeline, which may differ by the way an order came. */
function contentHash(order: ChannelOrder): string {
	const { payload: _payload, source: _source, updatedAt: _updatedAt, events: _events, ...content } = order;
	const customer = content.customer && { ...content.customer, updatedAt: null };
	return hash('sha256', JSON.stringify({ ...content, customer }), 'base64url').slice(0, 22);
}

/** What lists and the ticker show of an order's lines. */
function summaryOf(order: ChannelOrder): string {
	const first = order.lines.find((line) => line.quantity !== 0) ?? order.lines[0];
	if (!first) return '';
	const title = first.variantTitle ? `${first.title}, ${first.variantTitle}` : first.title;
	return order.lines.length > 1 ? `${title} + ${order.lines.length - 1} more` : title;
}
