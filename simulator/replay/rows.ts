import { PRICE_SCALE } from '../world/money.ts';

export const COLUMNS = [
	'invoice',
	'stock_code',
	'description',
	'quantity',
	'invoice_date',
	'unit_price',
	'customer_id',
	'country'
] as const;

export interface Row {
	invoice: string;
	stockCode: string;
	description: string;
	quantity: number;
	/** Wall clock as if it were UTC, milliseconds. */
	wallClock: number;
	/** 1/10,000 of the currency. */
	unitPrice: number;
	customerId: string;
	country: string;
}

export type ReadRow = (record: readonly string[], line: number) => Row;

/** Finds the columns by name; throws naming those that are missing. */
export function rowReader(header: readonly string[]): ReadRow {
	const names = header.map((name) => name.trim().replace(/^\uFEFF/, ''));
	const places = COLUMNS.map((name) => names.indexOf(name));
	const missing = COLUMNS.filter((_, i) => places[i] === -1);
	if (missing.length > 0) {
		throw new Error(`The replay file lacks the columns ${missing.join(', ')}; it has ${names.join(', ')}`);
	}
	const [invoice, code, description, quantity, date, price, customer, country] = places as [
		number,
		number,
		number,
		number,
		number,
		number,
		number,
		number
	];
	return (record, line) => {
		const units = Number(record[quantity]);
		if (!Number.isInteger(units))
			throw new Error(`Line ${line}: quantity "${record[quantity]}" is no whole number`);
		return {
			invoice: record[invoice]!,
			stockCode: record[code]!,
			description: record[description] ?? '',
			quantity: units,
			wallClock: parseWallClock(record[date] ?? '', line),
			unitPrice: parsePrice(record[price] ?? '', line),
			customerId: (record[customer] ?? '').trim(),
			country: record[country] ?? ''
		};
	};
}

/** `2009-12-01 07:45` with optional seconds, read digit by digit: a million dates go through here. */
function parseWallClock(text: string, line: number): number {
	const match = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d))?$/.exec(text.trim());
	if (!match) throw new Error(`Line ${line}: invoice_date "${text}" is not like 2009-12-01 07:45`);
	const [, year, month, day, hour, minute, second] = match;
	return Date.UTC(+year!, +month! - 1, +day!, +hour!, +minute!, +(second ?? 0));
}

/** Exact: decimals are read as digits, never as a float. Up to four decimals. */
function parsePrice(text: string, line: number): number {
	const match = /^(-?)(\d+)(?:\.(\d{1,4})0*)?$/.exec(text.trim());
	if (!match) throw new Error(`Line ${line}: unit_price "${text}" is no amount with up to four decimals`);
	const size = Number(match[2]) * PRICE_SCALE + Number((match[3] ?? '').padEnd(4, '0'));
	return match[1] && size !== 0 ? -size : size;
}
