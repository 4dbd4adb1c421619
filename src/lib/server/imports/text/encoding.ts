import fs from 'node:fs';
import type { Encoding } from '#lib/contracts/imports.ts';

const CHUNK = 256 * 1024;

/**
 * Which encoding a file is in: by its byte order mark, by NULs at every other place (UTF-16), else UTF-8 where every byte of the
 * file is, else Japanese where that gives kana, else Western. The whole file is read, in pieces: a foreign name may stand at its end.
 */
export async function detectEncoding(file: string): Promise<Encoding> {
	const head = await readHead(file);
	if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
	if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
	const nuls = [0, 0];
	for (let at = 0; at < head.length; at++) if (head[at] === 0) nuls[at % 2]!++;
	if (nuls[1]! > head.length / 6) return 'utf-16le';
	if (nuls[0]! > head.length / 6) return 'utf-16be';
	if (await isWhole(file, 'utf-8')) return 'utf-8';
	if (await isWhole(file, 'shift_jis', /[\u3041-\u30ff\uff66-\uff9f]/)) return 'shift_jis';
	return 'windows-1252';
}

/** The text of a file in pieces as they are read, without a byte order mark. Bytes that mean nothing become U+FFFD. */
export async function* decoded(
	file: string,
	encoding: Encoding,
	signal?: AbortSignal
): AsyncGenerator<{ text: string; bytes: number }> {
	const decoder = new TextDecoder(encoding);
	for await (const chunk of fs.createReadStream(file, { highWaterMark: CHUNK, signal })) {
		const piece = chunk as Buffer;
		yield { text: decoder.decode(piece, { stream: true }), bytes: piece.length };
	}
	const rest = decoder.decode();
	if (rest !== '') yield { text: rest, bytes: 0 };
}

async function readHead(file: string): Promise<Buffer> {
	const handle = await fs.promises.open(file);
	try {
		const { buffer, bytesRead } = await handle.read(Buffer.alloc(CHUNK), 0, CHUNK, 0);
		return buffer.subarray(0, bytesRead);
	} finally {
		await handle.close();
	}
}

/** Every byte makes sense in this encoding, and the text has what it must have somewhere. */
async function isWhole(file: string, encoding: Encoding, must?: RegExp): Promise<boolean> {
	const decoder = new TextDecoder(encoding, { fatal: true });
	let seen = must === undefined;
	try {
		for await (const chunk of fs.createReadStream(file, { highWaterMark: CHUNK })) {
			const text = decoder.decode(chunk as Buffer, { stream: true });
			seen ||= must!.test(text);
		}
		decoder.decode();
	} catch {
		return false;
	}
	return seen;
}
