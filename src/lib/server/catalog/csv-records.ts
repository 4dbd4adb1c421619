import { parse as parseCsv } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { guarded, unguarded } from '../platform/csv-guard.ts';
import { Invalid } from '../platform/errors.ts';

const MAX_ROWS = 10_000;
const MAX_BYTES = 2_000_000;

/** A row that cannot be used; `line` counts from 1, the heading included. */
export interface RowError {
	line: number;
	message: string;
}

/**
 * The rows of a small CSV file, heading first, with their lines. Comma, semicolon or tab.
 * @throws Invalid when it is larger than 2 MB or 10,000 rows, or no such file
 */
export function readRecords(text: string): { line: number; cells: string[] }[] {
	if (Buffer.byteLength(text) > MAX_BYTES)
		throw new Invalid({ file: `The file is larger than ${MAX_BYTES / 1_000_000} MB. Split it.` });
	const first = text.slice(0, text.search(/\r?\n|$/));
	const delimiter = [';', '\t'].find((sign) => first.includes(sign)) ?? ',';
	let records: { record: string[]; info: { lines: number } }[];
	try {
		const read: unknown = parseCsv(text, {
			bom: true,
			delimiter,
			info: true,
			relax_column_count: true,
			relax_quotes: true
		});
		records = read as typeof records;
	} catch {
		throw new Invalid({ file: 'This is no CSV file that can be read: a quotation mark is open to the end.' });
	}
	if (records.length - 1 > MAX_ROWS)
		throw new Invalid({ file: `The file has more than ${MAX_ROWS.toLocaleString('en-US')} rows. Split it.` });
	return records.map(({ record, info }) => ({ line: info.lines, cells: record }));
}

/** A cell as it was meant: without blanks, and without the mark that keeps a spreadsheet from computing it. */
export function plainCell(cell: string | undefined): string {
	return unguarded(cell?.trim() ?? '');
}

/** Rows as a CSV file; text that a spreadsheet would compute is marked, so that it does not. */
export function writeRecords(rows: readonly (readonly (string | number)[])[]): string {
	return stringify(
		rows.map((row) => row.map((cell) => (typeof cell === 'string' ? guarded(cell) : cell))),
		{ record_delimiter: 'windows' }
	);
}
