import fs from 'node:fs';
import { setImmediate as immediate } from 'node:timers/promises';
import type { ImportFiles } from './files.ts';

/** A record of the file with the key of its order and its place among all records. */
export interface KeyedRow {
	key: string;
	index: number;
	line: number;
	cells: string[];
}

/** Characters of rows that are sorted in memory at once. */
const RUN_SIZE = 4_000_000;
const READ_SIZE = 64 * 1024;

/**
 * Brings the rows of each order together, however far apart they stand in a file of any size: rows are sorted in runs of a few
 * megabytes on disk, and the runs are read side by side. Memory holds one run, then 64 KB of each.
 */
export class RowSorter {
	readonly #files: ImportFiles;
	#rows: { key: string; index: number; text: string }[] = [];
	#size = 0;
	#runs = 0;
	/** Rows that were added. */
	count = 0;

	constructor(files: ImportFiles) {
		this.#files = files;
	}

	async add(row: KeyedRow): Promise<void> {
		const text = JSON.stringify([row.key, row.index, row.line, row.cells]);
		this.#rows.push({ key: row.key, index: row.index, text });
		this.#size += text.length;
		this.count++;
		if (this.#size > RUN_SIZE) await this.#writeRun();
	}

	/** The rows by key, rows of one key as they stand in the file. Removes the runs at its end. */
	async *sorted(): AsyncGenerator<KeyedRow> {
		await this.#writeRun();
		const readers = Array.from({ length: this.#runs }, (_, number) => new RunReader(this.#files.run(number)));
		try {
			const heap = readers.filter((reader) => reader.next());
			for (let at = heap.length >> 1; at >= 0; at--) sink(heap, at);
			while (heap.length > 0) {
				const top = heap[0]!;
				yield top.row!;
				if (!top.next()) {
					const last = heap.pop()!;
					if (heap.length === 0) break;
					if (last !== top) heap[0] = last;
				}
				sink(heap, 0);
			}
		} finally {
			for (const reader of readers) reader.close();
			for (let number = 0; number < this.#runs; number++)
				await fs.promises.rm(this.#files.run(number), { force: true });
		}
	}

	async #writeRun(): Promise<void> {
		if (this.#rows.length === 0) return;
		this.#rows.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.index - b.index));
		const text = `${this.#rows.map((row) => row.text).join('\n')}\n`;
		this.#rows = [];
		this.#size = 0;
		await fs.promises.writeFile(this.#files.run(this.#runs++), text);
		await immediate();
	}
}

/** Reads a run row by row. */
class RunReader {
	readonly #handle: number;
	readonly #decoder = new TextDecoder();
	readonly #buffer = Buffer.allocUnsafe(READ_SIZE);
	#text = '';
	#at = 0;
	#ended = false;
	row: KeyedRow | null = null;

	constructor(file: string) {
		this.#handle = fs.openSync(file, 'r');
	}

	/** Moves to the next row; false at the end. */
	next(): boolean {
		for (;;) {
			const end = this.#text.indexOf('\n', this.#at);
			if (end >= 0) {
				const [key, index, line, cells] = JSON.parse(this.#text.slice(this.#at, end)) as [
					string,
					number,
					number,
					string[]
				];
				this.#at = end + 1;
				this.row = { key, index, line, cells };
				return true;
			}
			if (this.#ended) return false;
			const bytes = fs.readSync(this.#handle, this.#buffer, 0, READ_SIZE, null);
			this.#ended = bytes === 0;
			this.#text =
				this.#text.slice(this.#at) +
				this.#decoder.decode(this.#buffer.subarray(0, bytes), { stream: !this.#ended });
			this.#at = 0;
		}
	}

	close(): void {
		fs.closeSync(this.#handle);
	}
}

function before(a: RunReader, b: RunReader): boolean {
	const [x, y] = [a.row!, b.row!];
	return x.key < y.key || (x.key === y.key && x.index < y.index);
}

function sink(heap: RunReader[], from: number): void {
	for (let at = from; ;) {
		let least = at;
		for (const child of [2 * at + 1, 2 * at + 2])
			if (child < heap.length && before(heap[child]!, heap[least]!)) least = child;
		if (least === at) return;
		[heap[at], heap[least]] = [heap[least]!, heap[at]!];
		at = least;
	}
}
