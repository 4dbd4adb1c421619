import { fixed } from '../money.ts';
import { dayIn, isoUtc } from '../time.ts';
import type { Market, MarketOrder } from './model.ts';
import { FEE_PARTS, postingsOf, postingsOfOrder, totalOfPosting, type Posting } from './postings.ts';
import { stateOf } from './steps.ts';

const SUMS = ['gross', 'discounts', 'refunds', 'net', 'shipping', 'shippingRefunds', 'tax', 'fees', 'feesPosted', 'otherPosted'] as const; // prettier-ignore
const COUNTS = ['orders', 'units', 'pending', 'pendingUnits', 'cancelled', 'replacements'] as const;

/** A day of a marketplace: sums as decimals, in one currency. */
export type MarketDay = { day: string } & Record<(typeof SUMS)[number], string> &
	Record<(typeof COUNTS)[number], number>;

type Row = Record<(typeof SUMS)[number] | (typeof COUNTS)[number], number>;

/** Amazon tells no price of a pending order; Walmart always does. */
export function priceKnown(market: Market, order: MarketOrder): boolean {
	return market.name !== 'amazon' || order.pricedAt > 0;
}

/** True for orders that count as sold: not pending without a price, not cancelled, not a free replacement. */
export function isMarketSale(market: Market, order: MarketOrder): boolean {
	return !order.cancelledAt && !order.replacementOf && priceKnown(market, order);
}

function feesOf(posting: Posting): number {
	let sum = 0;
	for (const { parts } of posting.lines) {
		for (const part of parts) if (FEE_PARTS.includes(part.name)) sum -= part.cents;
	}
	return sum;
}

export interface LedgerWish {
	zone: string;
	from?: string;
	to?: string;
	/** The main site's by default: currencies are never added up. */
	currency?: string;
	now: number;
}

/**
 * The marketplace's own truth by day of a time zone. Sales stand on the day the order was placed, less cancelled lines;
 * refunds on their own day (item money without tax). `fees` are all fees booked so far, on the day of their order or, for
 * those of the account, on the day they were booked; `feesPosted` the same on the day they were booked; `otherPosted`
 * reimbursements. Pending and cancelled orders and replacements are counted apart and bring no money.
 */
export function marketLedger(market: Market, wish: LedgerWish): MarketDay[] {
	const currency = wish.currency ?? market.sites[0]!.currency;
	const days = new Map<string, Row>();
	const at = (instant: number): Row | undefined => {
		const day = dayIn(instant, wish.zone);
		if ((wish.from && day < wish.from) || (wish.to && day > wish.to)) return undefined;
		let row = days.get(day);
		if (!row) {
			row = Object.fromEntries([...SUMS, ...COUNTS].map((name) => [name, 0])) as Row;
			days.set(day, row);
		}
		return row;
	};
	for (const order of market.orders) {
		if (order.site.currency === currency) addOrder(market, order, at);
	}
	for (const posting of postingsOf(market, wish.now)) {
		if (posting.site.currency !== currency) continue;
		const fees = feesOf(posting);
		const booked = at(posting.at);
		if (booked) {
			booked.feesPosted += fees;
			if (posting.kind === 'adjustment') booked.otherPosted += totalOfPosting(posting);
		}
		const placed = at(posting.order?.createdAt ?? posting.at);
		if (placed) placed.fees += fees;
	}
	return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, row]) => ({ day, ...printed(row) }));
}

function addOrder(market: Market, order: MarketOrder, at: (instant: number) => Row | undefined): void {
	const row = at(order.createdAt);
	const kept = order.lines.filter((line) => !line.cancelledAt);
	const units = kept.reduce((sum, line) => sum + line.quantity, 0);
	if (row && order.cancelledAt) row.cancelled++;
	else if (row && order.replacementOf) row.replacements++;
	else if (row && !priceKnown(market, order)) {
		row.pending++;
		row.pendingUnits += units;
	} else if (row) {
		row.orders++;
		row.units += units;
		for (const line of kept) {
			row.gross += line.gross;
			row.discounts += line.discount;
			row.shipping += line.shipping;
			row.tax += line.tax + line.shippingTax;
		}
	}
	for (const refund of order.refunds) {
		const back = at(refund.at);
		if (!back) continue;
		for (const item of refund.lines) {
			back.refunds += item.subtotal;
			back.shippingRefunds += item.shipping;
		}
	}
}

function printed(row: Row): Omit<MarketDay, 'day'> {
	row.net = row.gross - row.discounts - row.refunds;
	return Object.fromEntries([
		...COUNTS.map((name) => [name, row[name]]),
		...SUMS.map((name) => [name, fixed(row[name])])
	]) as Omit<MarketDay, 'day'>;
}

/** One order of the ledger, for a test that looks for a difference. */
export function orderTruth(market: Market, order: MarketOrder) {
	const kept = order.lines.filter((line) => !line.cancelledAt);
	const sum = (read: (line: MarketOrder['lines'][number]) => number) =>
		fixed(kept.reduce((total, line) => total + read(line), 0));
	const postings = postingsOfOrder(market, order);
	return {
		id: order.id,
		createdAt: isoUtc(order.createdAt),
		updatedAt: isoUtc(order.updatedAt),
		state: stateOf(order),
		fulfilment: order.fulfilment,
		currency: order.site.currency,
		priceKnown: priceKnown(market, order),
		replacementOf: order.replacementOf?.id ?? null,
		units: kept.reduce((total, line) => total + line.quantity, 0),
		gross: sum((line) => line.gross),
		discount: sum((line) => line.discount),
		tax: sum((line) => line.tax + line.shippingTax),
		shipping: sum((line) => line.shipping),
		refunds: fixed(
			order.refunds.flatMap((one) => one.lines).reduce((total, item) => total + item.subtotal, 0)
		),
		fees: fixed(postings.reduce((total, posting) => total + feesOf(posting), 0)),
		postings: postings.map((posting) => ({
			id: posting.id,
			kind: posting.kind,
			at: isoUtc(posting.at),
			released: posting.releasedAt > 0,
			total: fixed(totalOfPosting(posting))
		})),
		lines: order.lines.map((line) => ({ sku: line.offer.sku, itemId: line.offer.itemId, quantity: line.quantity, gross: fixed(line.gross), cancelled: line.cancelledAt > 0, refundedUnits: line.refundedUnits })) // prettier-ignore
	};
}
