import { createGunzip } from 'node:zlib';
import { ChannelError } from '../error.ts';

/** A report of Amazon: it stays in memory as it came, packed, and is unpacked slice by slice as often as it is read. */
export interface ReportDocument {
	slices(): AsyncGenerator<string>;
}

/** A month of a large seller is some hundred megabytes; more than this is no report. */
const MOST_BYTES = 4 * 1024 * 1024 * 1024;
const SLICE_BYTES = 256 * 1024;

/**
 * Reads a downloaded report once, to see that it is whole and in which letters it is written: in the charset its headers name, else
 * UTF-8 where it is that, else the letters of the marketplace (Japanese, or Western).
 * @throws ChannelError when more comes out than one report may hold; Error for a packed file that broke off
 */
export async function openDocument(bytes: Buffer, contentType: string | null): Promise<ReportDocument> {
	const named = /charset=["']?([\w-]+)/i.exec(contentType ?? '')?.[1];
	for (const charset of named ? [named] : ['utf-8', 'shift_jis']) {
		if (await isWrittenIn(bytes, charset)) return { slices: () => decoded(bytes, charset) };
	}
	return { slices: () => decoded(bytes, 'windows-1252') };
}

/** The whole text, for reports that are short. */
export async function textOf(document: ReportDocument): Promise<string> {
	let text = '';
	for await (const slice of document.slices()) text += slice;
	return text;
}

/** Rows of a tab separated report, by its header's names in small letters. Marks are letters like any other. */
export async function* tabRows(document: ReportDocument): AsyncGenerator<Record<string, string>> {
	let header: string[] | null = null;
	for await (const line of lines(document)) {
		if (line.trim() === '') continue;
		const cells = line.split('\t');
		if (header === null) {
			header = cells.map((cell) => cell.trim().toLowerCase());
			continue;
		}
		const row: Record<string, string> = {};
		header.forEach((name, index) => {
			const cell = cells[index];
			if (cell !== undefined && cell !== '') row[name] = cell;
		});
		yield row;
	}
}

async function* lines(document: ReportDocument): AsyncGenerator<string> {
	let left = '';
	for await (const slice of document.slices()) {
		const found = (left + slice).split('\n');
		left = found.pop()!;
		for (const line of found) yield line.endsWith('\r') ? line.slice(0, -1) : line;
	}
	yield left;
}

async function isWrittenIn(bytes: Buffer, charset: string): Promise<boolean> {
	try {
		for await (const _slice of decoded(bytes, charset));
		return true;
	} catch (error) {
		// not these letters, or a charset that nobody knows
		if (error instanceof TypeError || error instanceof RangeError) return false;
		throw error;
	}
}

async function* decoded(bytes: Buffer, charset: string): AsyncGenerator<string> {
	const decoder = new TextDecoder(charset, { fatal: charset !== 'windows-1252' });
	for await (const piece of unpacked(bytes)) yield decoder.decode(piece, { stream: true });
	yield decoder.decode();
}

async function* unpacked(bytes: Buffer): AsyncGenerator<Buffer> {
	let size = 0;
	for await (const piece of isGzip(bytes) ? gunzipped(bytes) : sliced(bytes)) {
		size += piece.length;
		if (size > MOST_BYTES) throw new ChannelError('rejected', 'A report of Amazon is too large.');
		yield piece;
	}
}

async function* gunzipped(bytes: Buffer): AsyncGenerator<Buffer> {
	const gunzip = createGunzip({ chunkSize: SLICE_BYTES });
	gunzip.end(bytes);
	yield* gunzip as AsyncIterable<Buffer>;
}

function* sliced(bytes: Buffer): Generator<Buffer> {
	for (let from = 0; from < bytes.length; from += SLICE_BYTES) yield bytes.subarray(from, from + SLICE_BYTES);
}

function isGzip(bytes: Buffer): boolean {
	return bytes[0] === 0x1f && bytes[1] === 0x8b;
}
