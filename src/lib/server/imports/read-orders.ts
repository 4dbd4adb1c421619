import { setImmediate as immediate } from 'node:timers/promises';
import type { ImportOptions } from '#lib/contracts/imports.ts';
import { toChannelOrder, type ChannelOrder } from '../orders/index.ts';
import type { ImportFiles } from './files.ts';
import { columnsOf, FORMATS } from './formats/detect.ts';
import { plain } from './formats/format.ts';
import { rowOf, type Problem, type Problems } from './formats/row.ts';
import { RowSorter, type KeyedRow } from './sorted-rows.ts';
import { CsvReader, type CsvRecord } from './text/csv-reader.ts';
import { decoded } from './text/encoding.ts';

/** More rows than this are no order: the column that should tell orders apart holds something else. */
const MOST_ROWS = 5_000;

/** What the rows of one order came to. `order` is null when they could not be read, or are no sale of this channel. */
export interface ReadOrder {
	/** Of its first row. */
	line: number;
	rows: number;
	order: ChannelOrder | null;
	problems: Problem[];
	notices: ReadonlySet<string>;
}

/** What was seen of the file as a whole. */
export interface FileFacts {
	rows: number;
	/** Rows without the id of an order. */
	keyless: Problem[];
	/** Characters that mean nothing in the chosen encoding. */
	unreadable: number;
}

/**
 * Reads a file of orders from its first byte to its last, in pieces: first all rows are sorted by order, then each order is put
 * together. `onbytes` is told how far the first part is.
 * @throws OpenQuote when a quotation mark is never closed
 */
export async function* readOrders(
	files: ImportFiles,
	options: ImportOptions,
	facts: FileFacts,
	{ signal, onbytes }: { signal?: AbortSignal; onbytes?: (bytes: number) => void } = {}
): AsyncGenerator<ReadOrder> {
	const sorter = new RowSorter(files);
	const header = await spill(files, options, facts, sorter, { signal, onbytes });
	const columns = columnsOf(header, options);
	let group: KeyedRow[] = [];
	let rows = 0;
	let turn = 0;
	const assembled = () => assemble(group, rows, columns, options);
	for await (const row of sorter.sorted()) {
		if (group.length > 0 && row.key !== group[0]!.key) {
			yield assembled();
			if (++turn % 200 === 0) await immediate(); // pages are served by the same process
			group = [];
			rows = 0;
		}
		rows++;
		if (group.length < MOST_ROWS) group.push(row);
	}
	if (group.length > 0) yield assembled();
}

async function spill(
	files: ImportFiles,
	options: ImportOptions,
	facts: FileFacts,
	sorter: RowSorter,
	{ signal, onbytes }: { signal?: AbortSignal; onbytes?: (bytes: number) => void }
): Promise<readonly string[]> {
	const format = FORMATS[options.format];
	const reader = new CsvReader(options.delimiter, { quotes: format.quotes });
	let header: readonly string[] | null = null;
	let repeated = '';
	let place: number | undefined;
	let keyName: string | undefined;
	let index = 0;
	const take = async (record: CsvRecord) => {
		if (header === null) {
			header = record.cells.map((cell) => cell.replace(/^\ufeff/, '').trim());
			repeated = header.map(plain).join('\n');
			place = columnsOf(header, options).at.get(format.groupBy);
			keyName = place === undefined ? undefined : header[place];
			return;
		}
		index++;
		const key = (place === undefined ? '' : (record.cells[place] ?? '')).trim();
		if (key === '') {
			facts.rows++;
			if (facts.keyless.length < 10_000)
				facts.keyless.push({
					line: record.line,
					field: place === undefined ? null : header[place]!,
					value: null,
					problem: 'The order’s id is missing, so nobody can tell what this row belongs to.'
				});
			return;
		}
		// two exports put together: the second one's header
		if (key === keyName && record.cells.map(plain).join('\n') === repeated) return;
		facts.rows++;
		await sorter.add({ key, index, line: record.line, cells: record.cells });
	};
	let bytes = 0;
	for await (const piece of decoded(files.upload, options.encoding, signal)) {
		facts.unreadable += piece.text.split('\ufffd').length - 1;
		for (const record of reader.push(piece.text)) await take(record);
		bytes += piece.bytes;
		onbytes?.(bytes);
		await immediate();
	}
	for (const record of reader.end()) await take(record);
	return header ?? [];
}

function assemble(
	group: readonly KeyedRow[],
	count: number,
	columns: ReturnType<typeof columnsOf>,
	options: ImportOptions
): ReadOrder {
	const problems: Problems = { list: [], notices: new Set() };
	const kept = withoutRepeats(group, problems.notices);
	const read = (order: ChannelOrder | null): ReadOrder => ({
		line: group[0]!.line,
		rows: count,
		order: problems.list.length > 0 ? null : order,
		problems: once(problems.list),
		notices: problems.notices
	});
	if (count > MOST_ROWS) {
		problems.list.push({
			line: group[0]!.line,
			field: null,
			value: null,
			problem: `${count} rows have this order id. No order has so many lines: another column holds the orders’ ids.`
		});
		return read(null);
	}
	for (const { line, cells } of kept)
		if (cells.slice(columns.header.length).some((cell) => cell.trim() !== ''))
			problems.list.push({
				line,
				field: null,
				value: null,
				problem: `This row has ${cells.length} cells, the header ${columns.header.length}: a delimiter stands in a cell without quotation marks.`
			});
	const rows = kept.map((record) => rowOf(record, columns, options, problems));
	const input = FORMATS[options.format].assemble(rows, options, problems);
	if (input === null || problems.list.length > 0) return read(null);
	try {
		return read(
			toChannelOrder(input, {
				payload: JSON.stringify({ rows: rows.map((row) => row.cells()) }),
				source: 'import'
			})
		);
	} catch (error) {
		const issues = (error as { issues?: { path: PropertyKey[]; message: string }[] }).issues;
		if (!issues) throw error;
		for (const { path, message } of issues)
			problems.list.push({
				line: group[0]!.line,
				field: path.map(String).join('.') || null,
				value: null,
				problem: `The order cannot be kept: ${message}.`
			});
		return read(null);
	}
}

/**
 * Rows that repeat another one of their order word for word, elsewhere in the file: two exports that overlap were put together.
 * Equal rows that stand next to each other are two lines of the order.
 */
function withoutRepeats(group: readonly KeyedRow[], notices: Set<string>): readonly KeyedRow[] {
	if (group.length < 2) return group;
	const seen = new Map<string, number>();
	let run = new Map<string, number>();
	const kept = group.filter((row, at) => {
		if (at > 0 && row.index !== group[at - 1]!.index + 1) {
			for (const [text, times] of run) seen.set(text, Math.max(times, seen.get(text) ?? 0));
			run = new Map();
		}
		const text = JSON.stringify(row.cells);
		const times = (run.get(text) ?? 0) + 1;
		run.set(text, times);
		return times > (seen.get(text) ?? 0);
	});
	if (kept.length < group.length)
		notices.add('Rows that repeat another row of their order word for word were read once.');
	return kept;
}

/** A cell that several readers looked at is one problem. */
function once(list: readonly Problem[]): Problem[] {
	const seen = new Set<string>();
	return list.filter(({ line, field, problem }) => {
		const key = `${line} ${field} ${problem}`;
		return seen.has(key) ? false : (seen.add(key), true);
	});
}
