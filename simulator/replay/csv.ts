import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

/** Splits one CSV record; quotes are doubled inside quoted fields. */
export function splitRecord(record: string): string[] {
	if (!record.includes('"')) return record.split(',');
	const fields: string[] = [];
	let field = '';
	let quoted = false;
	for (let i = 0; i < record.length; i++) {
		const char = record[i]!;
		if (quoted) {
			if (char !== '"') field += char;
			else if (record[i + 1] === '"') {
				field += '"';
				i++;
			} else quoted = false;
		} else if (char === '"') quoted = true;
		else if (char === ',') {
			fields.push(field);
			field = '';
		} else field += char;
	}
	fields.push(field);
	return fields;
}

function hasOpenQuote(text: string): boolean {
	let open = false;
	for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) open = !open;
	return open;
}

/**
 * Records of a CSV file (gzipped when its name ends in .gz), in pages so that a million of them cost few awaits. A
 * quoted field may hold line breaks; blank lines are skipped.
 */
export async function* readRecords(file: string): AsyncGenerator<string[][]> {
	const source = createReadStream(file, { highWaterMark: 1 << 20 });
	const stream = file.endsWith('.gz') ? source.pipe(createGunzip({ chunkSize: 1 << 20 })) : source;
	if (stream !== source) source.on('error', (error) => stream.destroy(error));
	stream.setEncoding('utf8');
	let rest = '';
	for await (const chunk of stream) {
		const lines = (rest + (chunk as string)).split('\n');
		rest = lines.pop() ?? '';
		const page: string[][] = [];
		for (let i = 0; i < lines.length; i++) {
			let record = lines[i]!;
			while (record.includes('"') && hasOpenQuote(record)) {
				if (i + 1 >= lines.length) {
					rest = `${record}\n${rest}`;
					record = '';
					break;
				}
				record += `\n${lines[++i]!}`;
			}
			if (record.endsWith('\r')) record = record.slice(0, -1);
			if (record !== '') page.push(splitRecord(record));
		}
		yield page;
	}
	if (rest.trim() !== '') yield [splitRecord(rest.replace(/\r$/, ''))];
}
