import type { DayDelta } from '#lib/contracts/live.ts';
import { fromUnits, units as amountOf } from './decimal.ts';
import type { OrderKind } from './kind.ts';
import { localDay } from './day.ts';

/** What figures are made of: an order as recorded or as stored. Amounts are decimal strings in `currency`. */
export interface FiguredOrder {
	kind: OrderKind;
	currency: string;
	placedAt: string;
	/** False: the price is unknown (`orders.gross is null`). */
	priceKnown: boolean;
	lines: readonly {
		externalId: string;
		quantity: number;
		gross: string | null;
		discount: string;
		isGiftCard: boolean;
	}[];
	refunds: readonly {
		refundedAt: string;
		lines: readonly {
			kind: 'item' | 'shipping' | 'adjustment';
			lineExternalId: string | null;
			amount: string;
		}[];
	}[];
}

/**
 * The one definition of what an order adds to which day. Analytics says the same in SQL; change both or neither.
 *
 * A day is local to `timeZone` (IANA, the organization's). Per day and currency:
 * - Day of `placedAt`, kind `sale` only, lines that are not gift cards:
 *   orders = 1; units = sum(quantity); gross = sum(line gross); discounts = sum(line discount).
 *   With an unknown price, orders and units count and both amounts are 0.
 * - Day of each `refundedAt`, kinds `sale` and `refund_only`, known price or not:
 *   refunds = sum(amount) of refund lines of kind `item` and `adjustment` (never shipping, never tax), without items whose order
 *   line is a gift card. An item whose line is gone or unnamed counts.
 * - net = gross - discounts - refunds.
 * All other kinds add nothing to any day. A day on which everything is 0 may be present: it is a day the order touches.
 */
export function figuresByDay(order: FiguredOrder, timeZone: string): DayDelta[] {
	const days = new Map<string, Sums>();
	const at = (instant: string): Sums => {
		const day = localDay(instant, timeZone);
		let sums = days.get(day);
		if (!sums) days.set(day, (sums = { orders: 0, units: 0, gross: 0n, discounts: 0n, refunds: 0n }));
		return sums;
	};
	if (order.kind === 'sale') {
		const sums = at(order.placedAt);
		sums.orders = 1;
		for (const line of order.lines) {
			if (line.isGiftCard) continue;
			sums.units += line.quantity;
			if (!order.priceKnown) continue;
			if (line.gross !== null) sums.gross += amountOf(line.gross);
			sums.discounts += amountOf(line.discount);
		}
	}
	if ((order.kind === 'sale' || order.kind === 'refund_only') && order.refunds.length > 0) {
		const giftCards = new Set(order.lines.filter((line) => line.isGiftCard).map((line) => line.externalId));
		for (const refund of order.refunds) {
			const sums = at(refund.refundedAt);
			for (const line of refund.lines) {
				if (line.kind === 'shipping') continue;
				if (line.kind === 'item' && line.lineExternalId !== null && giftCards.has(line.lineExternalId))
					continue;
				sums.refunds += amountOf(line.amount);
			}
		}
	}
	return [...days].map(([day, sums]) => toDelta(day, order.currency, sums));
}

/** `after` minus `before`, exact, per day and currency; days without a difference are left out. */
export function differences(before: readonly DayDelta[], after: readonly DayDelta[]): DayDelta[] {
	if (before.length === 0) return after.filter(changesSomething);
	const cells = new Map<string, { day: string; currency: string; sums: Sums }>();
	const add = (figures: readonly DayDelta[], sign: 1 | -1) => {
		for (const one of figures) {
			const cell = `${one.day} ${one.currency}`;
			let found = cells.get(cell);
			if (!found)
				cells.set(
					cell,
					(found = {
						day: one.day,
						currency: one.currency,
						sums: { orders: 0, units: 0, gross: 0n, discounts: 0n, refunds: 0n }
					})
				);
			const big = BigInt(sign);
			found.sums.orders += sign * one.orders;
			found.sums.units += sign * one.units;
			found.sums.gross += big * amountOf(one.gross);
			found.sums.discounts += big * amountOf(one.discounts);
			found.sums.refunds += big * amountOf(one.refunds);
		}
	};
	add(before, -1);
	add(after, 1);
	return [...cells.values()]
		.map(({ day, currency, sums }) => toDelta(day, currency, sums))
		.filter(changesSomething);
}

interface Sums {
	orders: number;
	units: number;
	gross: bigint;
	discounts: bigint;
	refunds: bigint;
}

function toDelta(day: string, currency: string, sums: Sums): DayDelta {
	return {
		day,
		currency,
		orders: sums.orders,
		units: sums.units,
		gross: fromUnits(sums.gross),
		discounts: fromUnits(sums.discounts),
		refunds: fromUnits(sums.refunds),
		net: fromUnits(sums.gross - sums.discounts - sums.refunds)
	};
}

function changesSomething(delta: DayDelta): boolean {
	return (
		delta.orders !== 0 ||
		delta.units !== 0 ||
		delta.gross !== '0' ||
		delta.discounts !== '0' ||
		delta.refunds !== '0'
	);
}
