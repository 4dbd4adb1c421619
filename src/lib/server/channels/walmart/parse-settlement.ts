import { toChannelTransaction, type ChannelTransaction, type TransactionKind } from '../../finances/index.ts';
import { decimal, micros, ZERO, type Micros } from '../amount.ts';
import { unknownValue } from '../drift.ts';
import { text, type Json } from '../json.ts';
import { missing } from '../unparsable.ts';

/** What a row of a reconciliation report is for; `sale` stands in the order already and is not kept again. */
type Purpose = TransactionKind | 'sale';

/** By the amount's type, the first that fits. Walmart adds types without notice. */
const PURPOSES: [RegExp, Purpose][] = [
	[/tax/i, 'tax'],
	[/commission|referral/i, 'fee'],
	[/product price|discount|promo/i, 'sale'],
	[/label|carrier/i, 'shipping_label'],
	[/dispute|reimburse|adjust|lost|damaged|inbound|found|correction|return shipping charge/i, 'adjustment'],
	[/fee|storage|advertis|wfs|subscription|service/i, 'fee'],
	[/shipping|freight/i, 'shipping_income'],
	[/reserve/i, 'payout']
];
/** Fields that say something about a buyer: they are not kept. */
const PERSONAL = /ship to|zip|customer name|address/i;

/** Rows with the same words are told apart by counting them: use one for each report. */
export type Occurrences = Map<string, number>;

/**
 * Reads a row of a reconciliation report (v1). Null for the rows of the sale itself, which the order tells. Walmart gives a day
 * and no time; noon UTC is that day almost everywhere.
 * @throws Unparsable
 */
export function parseSettledRow(row: Json, reportDate: string, seen: Occurrences): ChannelTransaction | null {
	const type = text(row['Transaction Type']) ?? '';
	if (/paymentsummary/i.test(type.replace(/\s/g, ''))) return payout(row, reportDate, seen);
	const amountType = text(row['Amount Type']) ?? type;
	const amount = micros(row.Amount) ?? missing('The amount of a settled row');
	const purpose = purposeOf(amountType, type);
	if (purpose === 'sale' || amount === ZERO) return null;
	const order = text(row['Purchase Order #']);
	const line = text(row['Purchase Order line #']);
	const sku = text(row['Partner Item Id']);
	const key = [text(row['Transaction Key']) ?? reportDate, order, line, sku, type, amountType]
		.map((part) => part ?? '')
		.join('|');
	return toChannelTransaction({
		externalId: counted(key, seen),
		orderExternalId: order,
		listingExternalId: sku,
		sku,
		kind: purpose,
		feeType: amountType,
		amount: decimal(amount),
		currency: text(row.Currency) ?? 'USD',
		postedAt: noonOf(text(row['Transaction Posted Timestamp']) ?? reportDate),
		state: 'settled',
		payload: keptFields(row)
	});
}

function payout(row: Json, reportDate: string, seen: Occurrences): ChannelTransaction | null {
	const amount = micros(row['Total Payable']);
	if (amount === null || amount === ZERO) return null;
	const paidOn = text(row['Transaction Posted Timestamp']) ?? reportDate;
	return toChannelTransaction({
		externalId: counted(`payout|${paidOn}`, seen),
		kind: 'payout',
		feeType: text(row['Transaction Description']) ?? 'PaymentSummary',
		amount: decimal(amount),
		currency: text(row.Currency) ?? 'USD',
		postedAt: noonOf(paidOn),
		state: 'settled',
		payload: keptFields(row)
	});
}

/** The same key again gets a number: rows are told in one order each time. */
function counted(key: string, seen: Occurrences): string {
	const nth = (seen.get(key) ?? 0) + 1;
	seen.set(key, nth);
	return nth === 1 ? key : `${key}#${nth}`;
}

/** What a row says, without empty fields and without anything about a buyer. */
function keptFields(row: Json): Record<string, string> {
	const kept = Object.entries(row).flatMap(([name, value]) => {
		const written = typeof value === 'number' ? String(value) : text(value);
		return written === null || PERSONAL.test(name) ? [] : [[name, written] as const];
	});
	return Object.fromEntries(kept);
}

function purposeOf(amountType: string, type: string): Purpose {
	const found = PURPOSES.find(([pattern]) => pattern.test(amountType))?.[1];
	if (found === 'fee' && /refund/i.test(type)) return 'refund_fee';
	if (found) return found;
	unknownValue('walmart', 'amountType', amountType);
	return 'other';
}

/**
 * A page of rows without the taxes that Walmart collected for a line and paid to the state itself: those come in pairs that are
 * nothing together. A tax that is left over is kept.
 */
export function withoutPairedTaxes(rows: readonly Json[]): Json[] {
	const isTax = (row: Json) => /tax/i.test(text(row['Amount Type']) ?? '');
	const line = (row: Json) =>
		['Transaction Key', 'Transaction Type', 'Purchase Order #', 'Purchase Order line #']
			.map((name) => text(row[name]) ?? '')
			.join('|');
	const sums = new Map<string, Micros>();
	for (const row of rows)
		if (isTax(row)) sums.set(line(row), (sums.get(line(row)) ?? ZERO) + (micros(row.Amount) ?? ZERO));
	return rows.filter((row) => !isTax(row) || sums.get(line(row)) !== ZERO);
}

/** Noon UTC of 11/22/2026, 11222026 or 2026-11-22. @throws Unparsable */
function noonOf(written: string): string {
	const us = /^(\d{2})\/?(\d{2})\/?(\d{4})/.exec(written);
	const iso = /^(\d{4})-(\d{2})-(\d{2})/.exec(written);
	const day = us ? `${us[3]}-${us[1]}-${us[2]}` : iso ? iso[0] : missing('The day of a settled row');
	const at = `${day}T12:00:00.000Z`;
	return Number.isNaN(Date.parse(at)) ? missing('The day of a settled row') : at;
}

/** The day of a report's name, 11222026, as 2026-11-22; null for anything else. */
export function reportDay(date: string): string | null {
	const match = /^(\d{2})(\d{2})(\d{4})$/.exec(date);
	return match ? `${match[3]}-${match[1]}-${match[2]}` : null;
}
