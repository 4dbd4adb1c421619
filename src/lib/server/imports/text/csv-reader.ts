import type { Delimiter } from '#lib/contracts/imports.ts';

/** One record of a file: its cells as they stand, and the line on which it begins (the header is line 1). */
export interface CsvRecord {
	line: number;
	cells: string[];
}

/** A record that has grown past this has a quotation mark that nobody closed. */
const LONGEST_RECORD = 1_000_000;

/** A quotation mark is never closed; `line` is where it opens. */
export class OpenQuote extends Error {
	readonly line: number;
	constructor(line: number) {
		super(
			`A quotation mark opens in line ${line} and is never closed. Take it out, or write two of them to mean one, and upload the file again.`
		);
		this.line = line;
	}
}

/**
 * Reads delimited text that comes in pieces of any size (RFC 4180, tolerant): cells in quotation marks may hold delimiters, line
 * ends and doubled marks; a mark inside a bare cell is text. Lines end with LF, CRLF or CR. Records of nothing are left out.
 * Without `quotes` (Amazon's tab separated reports) a mark is a character like any other.
 */
export class CsvReader {
	readonly #delimiter: string;
	readonly #quotes: boolean;
	#line = 1;
	#recordLine = 1;
	#quoteLine = 1;
	#cells: string[] = [];
	#cell = '';
	#size = 0;
	/** start: before a cell's first character. bare, quoted: inside. closing: after a mark in a quoted cell. */
	#state: 'start' | 'bare' | 'quoted' | 'closing' = 'start';
	/** The last character was a CR: an LF that follows belongs to it. */
	#afterCr = false;
	#first = true;

	constructor(delimiter: Delimiter, { quotes = true } = {}) {
		this.#delimiter = delimiter;
		this.#quotes = quotes;
	}

	/** The records that end in this piece. @throws OpenQuote */
	push(text: string): CsvRecord[] {
		const records: CsvRecord[] = [];
		let at = 0;
		if (this.#first && text.length > 0) {
			this.#first = false;
			if (text.charCodeAt(0) === 0xfeff) at = 1;
		}
		while (at < text.length) {
			const char = text[at]!;
			if (this.#afterCr) {
				this.#afterCr = false;
				if (char === '\n') {
					if (this.#state === 'quoted') this.#cell += char;
					at++;
					continue;
				}
			}
			if (this.#state === 'quoted') {
				at = this.#quoted(text, at);
				continue;
			}
			if (char === '\n' || char === '\r') {
				this.#afterCr = char === '\r';
				this.#line++;
				this.#endRecord(records);
				at++;
			} else if (char === this.#delimiter) {
				this.#endCell();
				at++;
			} else if (char === '"' && this.#quotes && this.#state !== 'bare') {
				if (this.#state === 'closing')
					this.#cell += '"'; // doubled: one that is meant
				else this.#quoteLine = this.#line;
				this.#state = 'quoted';
				at++;
			} else at = this.#bare(text, at);
		}
		return records;
	}

	/** The record that the end of the file ends. @throws OpenQuote */
	end(): CsvRecord[] {
		if (this.#state === 'quoted') throw new OpenQuote(this.#quoteLine);
		const records: CsvRecord[] = [];
		if (this.#cells.length > 0 || this.#state !== 'start') this.#endRecord(records);
		return records;
	}

	/** Takes what stands up to the next mark or line end at once. */
	#quoted(text: string, from: number): number {
		let at = from;
		while (at < text.length) {
			const code = text.charCodeAt(at);
			if (code === 34 || code === 10 || code === 13) break;
			at++;
		}
		this.#take(text.slice(from, at));
		if (at === text.length) return at;
		const char = text[at]!;
		if (char === '"') this.#state = 'closing';
		else {
			this.#line++;
			this.#afterCr = char === '\r';
			this.#take(char);
		}
		return at + 1;
	}

	#bare(text: string, from: number): number {
		let at = from;
		while (at < text.length) {
			const code = text.charCodeAt(at);
			if (code === 10 || code === 13 || text[at] === this.#delimiter) break;
			at++;
		}
		this.#take(text.slice(from, at));
		this.#state = 'bare';
		return at;
	}

	#take(text: string): void {
		this.#cell += text;
		this.#size += text.length;
		if (this.#size > LONGEST_RECORD)
			throw new OpenQuote(this.#state === 'quoted' ? this.#quoteLine : this.#recordLine);
	}

	#endCell(): void {
		this.#cells.push(this.#cell);
		this.#cell = '';
		this.#state = 'start';
	}

	#endRecord(records: CsvRecord[]): void {
		this.#endCell();
		if (this.#cells.some((cell) => cell.trim() !== ''))
			records.push({ line: this.#recordLine, cells: this.#cells });
		this.#cells = [];
		this.#size = 0;
		this.#recordLine = this.#line;
	}
}
