import type { Channel } from '#lib/contracts/channels.ts';
import type { Delimiter, ImportFormat, ImportOptions, Mapping } from '#lib/contracts/imports.ts';
import { DELIMITERS, IMPORT_FIELDS } from '#lib/contracts/imports.ts';
import { short } from '../text/amount.ts';
import { CsvReader } from '../text/csv-reader.ts';
import { amazonFormat } from './amazon.ts';
import { plain, type Format } from './format.ts';
import type { Columns } from './row.ts';
import { shopifyFormat } from './shopify.ts';
import { templateFormat } from './template.ts';
import { walmartFormat } from './walmart.ts';

export const FORMATS: Record<ImportFormat, Format> = {
	amazon: amazonFormat,
	shopify: shopifyFormat,
	walmart: walmartFormat,
	template: templateFormat
};

/** What a file's beginning says about it. */
export interface Detected {
	format: ImportFormat;
	/** Null where the person must say it. */
	channel: Channel | null;
	delimiter: Delimiter;
	header: string[];
	mapping: Mapping;
	decimal: '.' | ',';
	dayFirst: boolean;
}

/** Reads delimiter, header and kind of a file from its first text. The header is the first line that holds something. */
export function detect(head: string, given?: Delimiter): Detected {
	const delimiter = given ?? delimiterOf(head);
	const records = beginning(head, delimiter, delimiter !== '\t');
	const header = (records[0]?.cells ?? []).map((cell) => cell.replace(/^\ufeff/, '').trim());
	const names = new Set(header.map(plain));
	const format =
		[amazonFormat, shopifyFormat, walmartFormat].find((one: Format) =>
			one.marks.every((field) => one.columns[field]!.some((name) => names.has(plain(name))))
		)?.key ?? 'template';
	const rest = records.slice(1).flatMap(({ cells }) => cells);
	return {
		format,
		channel: FORMATS[format].channel,
		delimiter,
		header,
		mapping: format === 'template' ? guessMapping(header) : {},
		decimal: rest.filter(hasComma).length > rest.filter(hasPoint).length ? ',' : '.',
		dayFirst: rest.some((cell) => Number(/^\s*(\d{1,2})[/-]\d{1,2}[/-]\d{2,4}/.exec(cell)?.[1] ?? 0) > 12)
	};
}

/** Which column each field of a format stands in. With own columns it is as the person mapped them. */
export function columnsOf(
	header: readonly string[],
	options: Pick<ImportOptions, 'format' | 'mapping'>
): Columns {
	const at = new Map<string, number>();
	if (options.format === 'template') {
		for (const [field, column] of Object.entries(options.mapping)) {
			const place = header.indexOf(column);
			if (place >= 0) at.set(field, place);
		}
		return { header, at };
	}
	const names = header.map(plain);
	for (const [field, spellings] of Object.entries(FORMATS[options.format].columns)) {
		const place = spellings.map((name) => names.indexOf(plain(name))).find((one) => one >= 0);
		if (place !== undefined) at.set(field, place);
	}
	return { header, at };
}

/** Columns that a format needs and this file lacks. */
export function missingColumns(
	header: readonly string[],
	options: Pick<ImportOptions, 'format' | 'mapping'>
): string[] {
	const { at } = columnsOf(header, options);
	if (options.format !== 'template')
		return FORMATS[options.format].marks
			.filter((field) => !at.has(field))
			.map((field) => FORMATS[options.format].columns[field]![0]!);
	const missing: string[] = IMPORT_FIELDS.filter(({ key, required }) => required && !at.has(key)).map(
		({ label }) => label
	);
	if (!at.has('unitPrice') && !at.has('lineAmount')) missing.push('Unit price or Line amount');
	if (!at.has('sku') && !at.has('title')) missing.push('SKU or Title');
	return missing;
}

/** What the first row of a file has in each column, shortened. */
export function firstRow(head: string, delimiter: Delimiter): Record<string, string> {
	const [header, row] = beginning(head, delimiter, delimiter !== '\t');
	return Object.fromEntries(
		(header?.cells ?? []).flatMap((name, at) => {
			const value = short(row?.cells[at] ?? '');
			return value === '' ? [] : [[name.replace(/^\ufeff/, '').trim(), value]];
		})
	);
}

function guessMapping(header: readonly string[]): Mapping {
	const mapping: Mapping = {};
	const taken = new Set<string>();
	for (const { key } of IMPORT_FIELDS) {
		for (const name of templateFormat.columns[key]) {
			const column = header.find((one) => plain(one) === plain(name) && !taken.has(one));
			if (column === undefined) continue;
			mapping[key] = column;
			taken.add(column);
			break;
		}
	}
	return mapping;
}

/** The delimiter that parts the first lines into the most cells, the same number in each. */
function delimiterOf(head: string): Delimiter {
	let best: { delimiter: Delimiter; score: number } = { delimiter: ',', score: 0 };
	for (const delimiter of DELIMITERS) {
		const widths = beginning(head, delimiter, delimiter !== '\t').map(({ cells }) => cells.length);
		const width = widths[0] ?? 0;
		if (width < 2) continue;
		const even = widths.filter((one) => one === width).length / widths.length;
		const score = width * even;
		if (score > best.score) best = { delimiter, score };
	}
	return best.delimiter;
}

/** The first records of a text that may end anywhere: its last, half record is left out. */
function beginning(head: string, delimiter: Delimiter, quotes: boolean) {
	try {
		const reader = new CsvReader(delimiter, { quotes });
		const records = reader.push(head);
		return (records.length > 0 ? records : reader.end()).slice(0, 50);
	} catch {
		return [];
	}
}

const hasComma = (cell: string) => /^\s*[^\d]{0,4}-?\d{1,3}(\.\d{3})*,\d{1,2}\s*\D{0,4}$/.test(cell);
const hasPoint = (cell: string) => /^\s*[^\d]{0,4}-?\d{1,3}(,\d{3})*\.\d{1,2}\s*\D{0,4}$/.test(cell);
