import { stringify } from 'csv-stringify/sync';
import { guarded } from '../platform/csv-guard.ts';
import { decimal } from './decimal.ts';
import { localDay } from './day.ts';
import type { ListedOrder } from './list.ts';

/** Columns of the export in their order; text columns are guarded, the others hold numbers and times that we wrote. */
export const COLUMNS = [
	'order',
	'channel',
	'kind',
	'status',
	'placed_at',
	'day',
	'customer',
	'email',
	'city',
	'region',
	'country',
	'items',
	'lines',
	'units',
	'currency',
	'gross',
	'discounts',
	'shipping',
	'tax',
	'total',
	'refunded',
	'net'
] as const;

/** CSV of rows (RFC 4180: CRLF, quotes doubled). Amounts are in `currency`; an unknown amount is empty. `day` is local to `timeZone`. */
export function csvOf(
	rows: readonly ListedOrder[],
	{ timeZone, customers }: { timeZone: string; customers: boolean }
): string {
	const amount = (value: string | null) => (value === null ? '' : decimal(value));
	return stringify(
		rows.map((row) => {
			const placedAt = row.placedAt.toISOString();
			return [
				guarded(row.name),
				row.channel,
				row.kind,
				row.status,
				placedAt,
				localDay(placedAt, timeZone),
				guarded(customers ? row.customerName : null),
				guarded(customers ? row.customerEmail : null),
				guarded(row.shipCity),
				guarded(row.shipRegion),
				guarded(row.shipCountry),
				guarded(row.summary),
				row.lineCount,
				row.units,
				row.currency,
				amount(row.gross),
				amount(row.discounts),
				amount(row.shipping),
				amount(row.tax),
				amount(row.total),
				amount(row.refunded),
				amount(row.net)
			];
		}),
		{ record_delimiter: 'windows' }
	);
}

/** The first line of the export. */
export function csvHead(): string {
	return `${COLUMNS.join(',')}\r\n`;
}
