import type { ImportOptions } from '#lib/contracts/imports.ts';
import { amountOf, countOf, short } from '../text/amount.ts';
import type { CsvRecord } from '../text/csv-reader.ts';
import { assertPast, instantOf } from '../text/instant.ts';

/** One thing in a file that cannot be read. */
export interface Problem {
	line: number;
	/** The column's name in the file. */
	field: string | null;
	value: string | null;
	problem: string;
}

/** Gathers what is wrong with an order, and what is worth knowing about it. */
export interface Problems {
	list: Problem[];
	notices: Set<string>;
}

/** A row by what its columns hold. Readers that find a cell they cannot read note the problem and answer null. */
export interface OrderRow<Field extends string> {
	line: number;
	has(field: Field): boolean;
	/** Trimmed; null when empty or when the file has no such column. */
	text(field: Field): string | null;
	amount(field: Field): string | null;
	count(field: Field): number | null;
	instant(field: Field): string | null;
	/** Notes that a cell is wrong, in words that say what to do. */
	refuse(field: Field, problem: string): void;
	/** All cells that hold something, by column. */
	cells(): Record<string, string>;
}

/** Where a file's fields stand. */
export interface Columns {
	header: readonly string[];
	at: ReadonlyMap<string, number>;
}

/** A record as a row of fields. */
export function rowOf<Field extends string>(
	{ line, cells }: CsvRecord,
	{ header, at }: Columns,
	options: ImportOptions,
	problems: Problems
): OrderRow<Field> {
	const text = (field: Field): string | null => {
		const place = at.get(field);
		return (place === undefined ? '' : (cells[place] ?? '')).trim() || null;
	};
	const refuse = (field: Field, problem: string) => {
		const place = at.get(field);
		const value = text(field);
		problems.list.push({
			line,
			field: place === undefined ? null : (header[place] ?? null),
			value: value === null ? null : short(value),
			problem
		});
	};
	const read = <T>(field: Field, reader: (cell: string) => T | null): T | null => {
		const cell = text(field);
		if (cell === null) return null;
		try {
			return reader(cell);
		} catch (error) {
			refuse(field, (error as Error).message);
			return null;
		}
	};
	return {
		line,
		has: (field) => text(field) !== null,
		text,
		amount: (field) => read(field, (cell) => amountOf(cell, options.decimal)),
		count: (field) => read(field, (cell) => countOf(cell, options.decimal)),
		instant: (field) =>
			read(field, (cell) => assertPast(instantOf(cell, options.timeZone, options.dayFirst), cell)),
		refuse,
		cells: () =>
			Object.fromEntries(
				header.flatMap((name, place) => {
					const value = (cells[place] ?? '').trim();
					return value === '' ? [] : [[name, value]];
				})
			)
	};
}
